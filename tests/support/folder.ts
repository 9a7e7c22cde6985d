import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'

/** A folder for the tests of one file, removed when they are done. */
export const testFolder = (): string => {
  const path = mkdtempSync(join(tmpdir(), 'sluice-test-'))
  afterAll(() => rmSync(path, { recursive: true, force: true }))
  return path
}
