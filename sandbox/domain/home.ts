import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { accepted, refused, type Outcome } from '../../policies/outcome.ts'
import { refuse } from '../../policies/refusal.ts'
import { syncFolder } from './durable.ts'

/** The folders of a home that hold data; each file is encrypted under a key of its own (a register: of its kind). */
export type Shelf = 'vault' | 'quarantine' | 'published' | 'register'
const shelves: readonly Shelf[] = ['vault', 'quarantine', 'published', 'register']

/**
 * Where a file of the home lies. `vault` has raw versions, `quarantine` what was left out of them, `published`
 * desensitized ones, `register` entities.
 */
export const filePath = (home: string, shelf: Shelf, id: string): string =>
  join(home, shelf, `${id}.duckdb`)

/** Where a job keeps what is half done. */
export const stagingPath = (home: string, job: string): string => join(home, 'staging', job)

/** Where a job keeps a file that is to stand on a shelf. */
export const stagedPath = (
  { home, job }: { readonly home: string; readonly job: string },
  shelf: Shelf,
  id: string,
): string => join(stagingPath(home, job), `${shelf}-${id}.duckdb`)

/** The folders and files of one domain. All of it belongs to the account that serves, and to nobody else. */
export type Home = {
  readonly folder: string
  readonly keyFile: string
  readonly ringFile: string
  /** Limits as the operator sets them; need not be there. */
  readonly settingsFile: string
  readonly state: string
  /** Where an operator puts files to be ingested. */
  readonly inbox: string
}

const homeOf = (folder: string): Home => {
  const path = resolve(folder)
  return {
    folder: path,
    keyFile: join(path, 'keys', 'domain.key'),
    ringFile: join(path, 'keyring.json'),
    settingsFile: join(path, 'settings.json'),
    state: join(path, 'state'),
    inbox: join(path, 'inbox'),
  }
}

const folders = ['.', 'keys', 'state', 'inbox', 'staging', ...shelves]

/** Makes the folders, for their owner alone. Safe to repeat. */
export const prepareHome = (home: string): void => {
  for (const folder of folders) {
    mkdirSync(join(home, folder), { recursive: true, mode: 0o700 })
    chmodSync(join(home, folder), 0o700)
  }
}

/** Makes an empty or new folder into a home; refuses one that holds anything. */
export const createHome = (folder: string): Outcome<Home> => {
  const home = homeOf(folder)
  if (existsSync(home.folder) && readdirSync(home.folder).length > 0)
    return refused(refuse('domain/exists', { file: home.folder }))
  prepareHome(home.folder)
  return accepted(home)
}

/** A home made by `createHome`, no folder of which is open to others or replaced by a link. */
export const openHome = (folder: string): Outcome<Home> => {
  const home = homeOf(folder)
  for (const path of folders.map((name) => join(home.folder, name))) {
    const status = lstatSync(path, { throwIfNoEntry: false })
    if (!status?.isDirectory()) return refused(refuse('domain/no-home', { folder: home.folder }))
    if ((status.mode & 0o077) !== 0)
      return refused(refuse('domain/open-to-others', { folder: path }))
  }
  return accepted(home)
}

/**
 * Removes what a crash left: everything half done, and every file in place that no committed version names. To be called
 * at start, before any publisher runs. Returns how many entries were removed.
 */
export const sweepHome = (
  home: string,
  known: Readonly<Record<Shelf, ReadonlySet<string>>>,
): number => {
  const doomed = [
    ...readdirSync(join(home, 'staging')).map((name) => join(home, 'staging', name)),
    ...shelves.flatMap((shelf) =>
      readdirSync(join(home, shelf))
        .filter((name) => !known[shelf].has(name.replace(/\.duckdb$/, '')) || !isData(name))
        .map((name) => join(home, shelf, name)),
    ),
  ]
  for (const path of doomed) rmSync(path, { recursive: true, force: true })
  for (const folder of ['staging', ...shelves]) syncFolder(join(home, folder))
  return doomed.length
}

const isData = (name: string): boolean => name.endsWith('.duckdb')
