import { constants } from 'node:fs'
import { lstat, open, opendir, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { isBareName } from './regular-file.ts'

/** A path to the very folder or file that is open, whatever was renamed around it meanwhile. */
export const descriptorPath = ({ fd }: FileHandle): string => `/proc/self/fd/${fd}`

/**
 * Opens a folder within another, step by step and never through a link. The caller closes it. Throws where one of the
 * steps is no folder.
 */
export const openFolder = async (root: string, steps: readonly string[]): Promise<FileHandle> => {
  const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW } = constants
  let folder = await open(root, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
  for (const step of steps) {
    const above = folder
    try {
      if (!isBareName(step)) throw new TypeError('not a bare name')
      folder = await open(join(descriptorPath(above), step), O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
    } finally {
      await above.close()
    }
  }
  return folder
}

/** A file as a listing shows it. `identity` changes with whatever is done to the file. */
export type Listed = { readonly name: string; readonly identity: string; readonly mtimeMs: number }

/**
 * Regular files of a folder with a bare name that `wanted` takes, by name (code units ascending). Undefined where the
 * folder holds more than `entriesMax` entries. Throws where the folder cannot be read.
 */
export const listFiles = async (
  folder: FileHandle,
  wanted: (name: string) => boolean,
  entriesMax: number,
): Promise<readonly Listed[] | undefined> => {
  const path = descriptorPath(folder)
  const names: string[] = []
  let count = 0
  for await (const entry of await opendir(path)) {
    count += 1
    if (count > entriesMax) return undefined
    if (entry.isFile() && isBareName(entry.name) && wanted(entry.name)) names.push(entry.name)
  }
  const found = await Promise.all(names.map(async (name) => listedOf(path, name)))
  return found.filter((one) => one !== undefined).toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

const listedOf = async (path: string, name: string): Promise<Listed | undefined> => {
  // Only for what is shown and remembered of it: whoever opens the file looks again.
  const status = await lstat(join(path, name), { bigint: true }).catch(() => undefined)
  if (status === undefined) return undefined
  const { dev, ino, size, mtimeNs, ctimeNs } = status
  return {
    name,
    identity: [dev, ino, size, mtimeNs, ctimeNs].join(':'),
    mtimeMs: Number(status.mtimeMs),
  }
}
