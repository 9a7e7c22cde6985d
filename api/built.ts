import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The package's folder, found from the sources and from `dist` alike. */
export const packageFolder = (from = import.meta.dirname): string => {
  if (existsSync(join(from, 'package.json'))) return from
  const above = dirname(from)
  if (above === from) throw new Error('this file stands in no package')
  return packageFolder(above)
}

/** Where `tsc` leaves a program, by its path in `dist`: child processes run no TypeScript. */
export const builtPath = (path: string): string => join(packageFolder(), 'dist', path)
