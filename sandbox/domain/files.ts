import { createHash } from 'node:crypto'
import { readdir, stat } from 'node:fs/promises'
import { identityOf, openRegular } from '../../connectors/regular-file.ts'

/** A file's content and the identity it had while it was read. */
export type Seal = {
  readonly sha256: string
  readonly bytes: number
  readonly identity: string
}

const blockBytes = 1 << 20

/**
 * SHA-256 of a file's bytes. The engine's encryption has no associated data, so a swapped block or an older file would
 * go unseen: a file is opened only when this is the digest that was logged.
 */
export const sealOf = async (path: string): Promise<Seal> => {
  const file = await openRegular(path)
  try {
    const identity = await identityOf(file)
    const hash = createHash('sha256')
    const block = new Uint8Array(blockBytes)
    let bytes = 0
    for (;;) {
      const { bytesRead } = await file.read(block, 0, blockBytes, null)
      if (bytesRead === 0) break
      hash.update(block.subarray(0, bytesRead))
      bytes += bytesRead
    }
    return { sha256: hash.digest('hex'), bytes, identity }
  } finally {
    await file.close()
  }
}

/** Whether the path still names the very file, unchanged since it was sealed. */
export const sameFile = async (path: string, seal: Seal): Promise<boolean> => {
  const file = await openRegular(path)
  try {
    return (await identityOf(file)) === seal.identity
  } finally {
    await file.close()
  }
}

/**
 * How many descriptors of this process stand for the very file that was sealed; undefined where the system has no
 * `/proc`. A file opened by its path is the sealed one if this number rises, whatever was renamed around it meanwhile.
 */
export const openCount = async ({ identity }: Seal): Promise<number | undefined> => {
  const names = await readdir('/proc/self/fd').catch(() => undefined)
  if (names === undefined) return undefined
  const [dev, ino] = identity.split(':')
  let count = 0
  for (const name of names) {
    const found = await stat(`/proc/self/fd/${name}`, { bigint: true }).catch(() => undefined)
    if (found !== undefined && String(found.dev) === dev && String(found.ino) === ino) count += 1
  }
  return count
}
