import { constants } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'

/** Opens a regular file for reading, never through a symbolic link; a pipe does not make it wait. Throws for others. */
export const openRegular = async (path: string): Promise<FileHandle> => {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  if ((await file.stat()).isFile()) return file
  await file.close()
  throw new TypeError('not a regular file')
}

/** Device, inode, size and both change times: a rename or a write to the file changes it (POSIX ctime). */
export const identityOf = async (file: FileHandle): Promise<string> => {
  const { dev, ino, size, mtimeNs, ctimeNs } = await file.stat({ bigint: true })
  return [dev, ino, size, mtimeNs, ctimeNs].join(':')
}

/** Whether a name stands for a file directly in a folder: no separator, no `..`, nothing hidden, no control sign. */
export const isBareName = (name: string): boolean =>
  /^[^/\\\p{Cc}.][^/\\\p{Cc}]{0,199}$/u.test(name)
