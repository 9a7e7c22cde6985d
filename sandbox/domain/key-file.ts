import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  openSync,
  readSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { accepted, refused, type Outcome } from '../../policies/outcome.ts'
import { refuse } from '../../policies/refusal.ts'

const keyBytes = 32

/** A wrapped key is longer than a key, or the name that a device has for it. */
const storedBytesMax = 4096

/** Reads what is kept of the domain key: a regular file of this user with mode 0600 or 0400. */
export const readKeyFile = (file: string): Outcome<Uint8Array> => {
  const descriptor = openOrCode(file, constants.O_RDONLY)
  if (descriptor === 'ENOENT') return refused(refuse('domain/key-file-missing', { file }))
  if (typeof descriptor === 'string') return refused(refuse('domain/key-file-unsafe', { file }))
  try {
    const status = fstatSync(descriptor)
    const mine = status.uid === process.getuid?.()
    if (!status.isFile() || !mine || (status.mode & 0o177) !== 0)
      return refused(refuse('domain/key-file-unsafe', { file }))
    const stored = new Uint8Array(storedBytesMax + 1)
    const read = readSync(descriptor, stored)
    if (read === 0 || read > storedBytesMax || status.size !== read)
      return refused(refuse('domain/key-file-length', { file }))
    return accepted(stored.slice(0, read))
  } finally {
    closeSync(descriptor)
  }
}

/** Overwrites a key file where it lies and unlinks it; nothing happens where there is none. */
export const eraseKeyFile = (file: string): void => {
  const descriptor = openOrCode(file, constants.O_WRONLY)
  if (typeof descriptor === 'string') {
    if (descriptor === 'ENOENT') return
    throw new Error(`the key file could not be erased: ${descriptor}`)
  }
  const length = Math.max(keyBytes, Math.min(fstatSync(descriptor).size, storedBytesMax))
  writeSync(descriptor, new Uint8Array(length), 0, length, 0)
  fsyncSync(descriptor)
  closeSync(descriptor)
  unlinkSync(file)
}

const openOrCode = (file: string, flags: number): number | string => {
  try {
    return openSync(file, flags | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'failed'
  }
}
