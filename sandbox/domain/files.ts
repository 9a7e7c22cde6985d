import { createHash } from 'node:crypto'
import { chmodSync, existsSync } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { identityOf, openRegular } from '../../connectors/regular-file.ts'
import { syncFile } from './durable.ts'

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

/**
 * Whether a stored file is the one its SHA-256 names. A log of writes beside it, which the engine would replay on opening,
 * makes it another. Answers a check to be made again once the file is open: that the path still names the same file.
 */
export const verifyStored = async (
  path: string,
  sha256: string,
): Promise<{ readonly seal: Seal; readonly stillSame: () => Promise<boolean> } | undefined> => {
  const seal = await sealOf(path).catch(() => undefined)
  if (seal?.sha256 !== sha256 || existsSync(logPath(path))) return undefined
  return {
    seal,
    stillSame: async () => {
      const file = await openRegular(path)
      try {
        return (await identityOf(file)) === seal.identity && !existsSync(logPath(path))
      } finally {
        await file.close()
      }
    },
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

/** Where the engine keeps writes that are not yet in a file itself. */
export const logPath = (path: string): string => `${path}.wal`

/**
 * Makes a new file ready to be put in place: its owner's alone, on the disk, whole (no log of writes beside it). Returns
 * its seal.
 */
export const sealNew = async (path: string): Promise<Seal> => {
  if (existsSync(logPath(path))) throw new Error('a file was sealed before its writes were in it')
  chmodSync(path, 0o600)
  syncFile(path)
  return sealOf(path)
}
