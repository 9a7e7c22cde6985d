import { chmodSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { syncFolder } from './durable.ts'

/** The folders of a home that hold data; each file is encrypted under a key of its own (a register: of its kind). */
export type Shelf = 'vault' | 'published' | 'register'
const shelves: readonly Shelf[] = ['vault', 'published', 'register']

/** Where a file of the home lies. `vault` has raw versions, `published` desensitized ones, `register` entities. */
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

/** Makes the folders, for their owner alone. Safe to repeat. */
export const prepareHome = (home: string): void => {
  for (const folder of ['.', 'staging', ...shelves]) {
    mkdirSync(join(home, folder), { recursive: true, mode: 0o700 })
    chmodSync(join(home, folder), 0o700)
  }
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
