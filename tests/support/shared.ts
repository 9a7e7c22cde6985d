import { existsSync } from 'node:fs'

/** The folder of reference vectors and public data beside a checkout, or undefined: tests that need it are skipped. */
export const sharedFolder = (): string | undefined =>
  ['../shared', '../../shared'].find((path) => existsSync(`${path}/reference`))
