import { closeSync, constants, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'

/** Makes a folder's entries survive a loss of power: a rename is durable only after this (fsync(2)). */
export const syncFolder = (path: string): void => syncPath(path, constants.O_RDONLY)

/** Makes a file's content survive a loss of power. */
export const syncFile = (path: string): void => syncPath(path, constants.O_RDONLY)

const syncPath = (path: string, flags: number): void => {
  const descriptor = openSync(path, flags)
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

/** Creates a file that was not there, readable by its owner alone; on the disk when this returns. */
export const createDurably = (path: string, content: Uint8Array): void => {
  const descriptor = openSync(
    path,
    constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW,
    0o600,
  )
  try {
    let written = 0
    while (written < content.length) written += writeSync(descriptor, content, written)
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
  syncFolder(dirname(path))
}

/** Replaces a file so that at any moment, and after any crash, either all the old or all the new content is there. */
export const replaceDurably = (path: string, content: Uint8Array): void => {
  rmSync(`${path}.next`, { force: true })
  createDurably(`${path}.next`, content)
  moveDurably(`${path}.next`, path)
}

/** Renames within one file system, durably. */
export const moveDurably = (from: string, to: string): void => {
  renameSync(from, to)
  syncFolder(dirname(to))
  if (dirname(from) !== dirname(to)) syncFolder(dirname(from))
}
