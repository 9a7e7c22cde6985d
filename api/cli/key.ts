import { chmodSync, openSync, readFileSync, statSync, writeFileSync, closeSync } from 'node:fs'
import { join } from 'node:path'

type Environment = Readonly<Record<string, string | undefined>>

/** A key, or in words why there is none. `no-key`: nobody gave one. */
export type FoundKey =
  | { readonly key: string }
  | { readonly problem: 'no-key' | 'open' | 'unreadable'; readonly path: string }

/**
 * The key for a server: from SLUICE_KEY, or from the file named by `path`, SLUICE_KEY_FILE or the place of
 * configuration. Never from the command line, which every user of the machine can read. A file that others may read is
 * refused.
 */
export const findKey = (environment: Environment, path?: string): FoundKey => {
  const given = environment['SLUICE_KEY']
  if (path === undefined && given !== undefined && given !== '') return { key: given.trim() }
  const named = path ?? environment['SLUICE_KEY_FILE']
  const file = named ?? join(configFolder(environment), 'key')
  try {
    if ((statSync(file).mode & 0o077) !== 0) return { problem: 'open', path: file }
    return { key: readFileSync(file, 'utf8').trim() }
  } catch {
    return { problem: named === undefined ? 'no-key' : 'unreadable', path: file }
  }
}

const configFolder = (environment: Environment): string =>
  join(environment['XDG_CONFIG_HOME'] ?? join(environment['HOME'] ?? '.', '.config'), 'sluice')

/** Writes a new file that its owner alone may read; an existing one is never replaced. */
export const writeSecret = (path: string, secret: string): void => {
  const file = openSync(path, 'wx', 0o600)
  writeFileSync(file, `${secret}\n`)
  closeSync(file)
  chmodSync(path, 0o600)
}
