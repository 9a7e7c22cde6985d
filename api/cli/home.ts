import { join, resolve } from 'node:path'
import type { Option } from './command.ts'
import { textOf, type Options, type Session } from './session.ts'

/** The folder of a domain: named, in SLUICE_HOME, or the place of data. */
export const homeOf = ({ surroundings }: Session, options: Options): string => {
  const { environment } = surroundings
  const named = textOf(options, 'home') ?? environment['SLUICE_HOME']
  return resolve(named ?? join(environment['HOME'] ?? '.', '.local', 'share', 'sluice'))
}

export const homeOption: Option = {
  flags: '--home <folder>',
  en: 'folder of the domain (SLUICE_HOME)',
  zh: '安全域主目录（SLUICE_HOME）',
}
