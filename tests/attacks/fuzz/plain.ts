import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { accepted, refused, type Outcome } from '../../../policies/outcome.ts'
import { refuse } from '../../../policies/refusal.ts'
import type { Request } from '../../../sandbox/door.ts'
import type { verifyExport } from '../../../sandbox/log/verify.ts'
import { openCheckerEngine } from '../../../sandbox/run/checker-engine.ts'
import { openDuck } from '../../support/duck.ts'
import { townTables } from '../../support/town.ts'
import { csvTarget } from './files.ts'
import { keeperTarget, logTarget } from './messages.ts'
import type { Target } from './target.ts'
import { sqlTarget, yamlTarget } from './texts.ts'

/** What readers say of themselves: handed on as they say it. */
const inItsWords = (message: unknown): Outcome<never> =>
  refused(refuse('query/function', { name: String(message).slice(0, 400) }))

const plainSql = async (): Promise<Target> => {
  const engine = await openCheckerEngine()
  const target = sqlTarget(async (text) => {
    const answer = JSON.parse(await engine.serializePlan(text, townTables)) as object
    return 'error_message' in answer ? inItsWords(answer.error_message) : accepted(answer)
  })
  return { ...target, close: engine.close }
}

const plainCsv = async (folder: string): Promise<Target> => {
  const duck = await openDuck()
  const path = join(folder, 'plain.csv')
  const target = csvTarget(folder, async (content) => {
    writeFileSync(path, content)
    return accepted(await duck.rows(`SELECT * FROM read_csv('${path}')`))
  })
  return { ...target, close: duck.close }
}

/** Believes a log of which every line can be read. */
const believing: typeof verifyExport = async (chunks) => {
  const parts: Uint8Array[] = []
  for await (const chunk of chunks) parts.push(chunk)
  const lines = Buffer.concat(parts).toString('utf8').trimEnd().split('\n')
  return lines.every(isJson)
    ? accepted({} as never)
    : refused(refuse('log/not-an-export', { line: 1 }))
}

const isJson = (line: string): boolean => {
  try {
    return JSON.parse(line) !== undefined
  } catch {
    return false
  }
}

/** Seven lines of which each names the one before nine times: 4.8 million words, where names are followed. */
const doubling = Array.from({ length: 7 }, (_, level) =>
  level === 0
    ? 'a0: &a0 [x, x, x, x, x, x, x, x, x]'
    : `a${level}: &a${level} [${`*a${level - 1}, `.repeat(9)}]`,
).join('\n')

/** The same targets, with readers that anybody would take, and no parse of a message. */
export const plainTargets: Readonly<Record<string, (folder: string) => Target | Promise<Target>>> =
  {
    'texts of SQL that the engine answers itself': plainSql,
    'YAML documents that the library reads': () =>
      yamlTarget((texts) => texts.map((text) => accepted(parse(text, { logLevel: 'error' })))),
    'CSV files that the engine reads': plainCsv,
    'messages to the keeper that nobody parses': () =>
      keeperTarget((message) => message as Request),
    'exported logs that are believed': () => logTarget(believing),
  }

/** Readers without a bound. */
export const unbounded: Readonly<Record<string, () => Target>> = {
  'aliases that are followed': () => ({
    tries: [1, 1],
    attempt: async () => void JSON.stringify(parse(doubling, { maxAliasCount: -1 })),
  }),
  'inputs that are kept': () => {
    const kept: Buffer[] = []
    return { tries: [1, 1], attempt: async () => void kept.push(Buffer.alloc(2 ** 24, 1)) }
  },
}
