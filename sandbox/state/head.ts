import { readFileSync } from 'node:fs'
import { replaceDurably } from '../domain/durable.ts'

/**
 * The last signed checkpoint, in a small file beside the database, replaced after each commit. A database that was
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

export const writeHead = (path: string, note: string): void =>
  replaceDurably(path, Buffer.from(note))
