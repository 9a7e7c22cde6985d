import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'

/**
 * The last signed checkpoint, in a small file beside the database, written after each commit. A database that was
 * taken back to an older copy, or lost its last commits, is smaller than this file says (I6, I12). Whoever can take
 * back both files at once is only found by those who kept a checkpoint outside.
 */
export const readHead = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

/** Replaces the file at one stroke: after a crash it holds the old note or the new one, never half of one. */
export const writeHead = (path: string, note: string): void => {
  const next = `${path}.next`
  const file = openSync(next, 'w', 0o600)
  try {
    writeSync(file, note)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  renameSync(next, path)
}
