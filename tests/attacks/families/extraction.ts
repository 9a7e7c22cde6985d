import { publishedColumns } from '../../../policies/published.ts'
import { typeSql } from '../../../policies/relation/type.ts'
import { openEngine, quoteName, type Engine } from '../../../sandbox/run/engine.ts'
import { attacksIn, openTownCheckers } from '../../support/attack.ts'
import { quoted } from '../../support/duck.ts'
import { town, townPolicy } from '../../support/town.ts'
import type { Family } from './row.ts'

/** Texts that read what nobody may read, and what must stand against each. */
export const texts = attacksIn('tests/cases/attacks/extraction.txt')

const secrets = ['717171', 'SECRET-PLACE', '2001-07-17']

/** One row in each table, everything in it a secret. */
const fillWithSecrets = async (engine: Engine): Promise<void> => {
  for (const one of Object.values(town)) {
    const columns = publishedColumns(one, townPolicy)
    const list = columns.map(({ name, type }) => `${quoteName(name)} ${typeSql(type)}`)
    const row = columns.map(({ type }) =>
      quoted(
        type.id === 'VARCHAR'
          ? 'SECRET-PLACE'
          : type.id === 'DATE'
            ? '2001-07-17'
            : type.id === 'BOOLEAN'
              ? 'true'
              : '717171',
      ),
    )
    await engine.query(`CREATE TABLE ${quoteName(one.dataset)} (${list.join(', ')})`)
    await engine.query(`INSERT INTO ${quoteName(one.dataset)} VALUES (${row.join(', ')})`)
  }
}

/** What the engine says to a text as it stands, once it is locked: undefined where it refuses. */
export const engineSays = async (engine: Engine, text: string): Promise<string | undefined> => {
  try {
    const { rows } = await engine.query(text, [], { timeoutMs: 500, rowsMax: 1000 })
    return JSON.stringify(rows, (_key, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value,
    )
  } catch {
    return undefined
  }
}

/** A locked engine in whose tables everything is a secret. */
export const openSecrets = async (): Promise<Engine> => {
  const engine = await openEngine({ threads: 1, memoryMb: 256 })
  await fillWithSecrets(engine)
  return engine
}
export const tellsSecret = (answer: string): boolean =>
  secrets.some((secret) => answer.includes(secret))

export const extraction: Family = async () => {
  const checkers = openTownCheckers()
  const verdicts = await Promise.all(texts.map(({ text }) => checkers.ask(text)))
  checkers.close()
  const engine = await openSecrets()
  let told = 0
  for (const { text } of texts) if (tellsSecret((await engineSays(engine, text)) ?? '')) told += 1
  engine.close()
  const released = verdicts.filter(({ accepted }) => accepted).length
  return {
    family: 'direct extraction',
    what: 'texts that ask for rows, single values, identifiers, metadata, files; answered at all',
    attempts: texts.length,
    refused: texts.length - released,
    released,
    inferred: { right: released, of: texts.length },
    baseline: 0,
    bound: 0,
    boundBy: 'nothing is answered',
    guardRemoved: { right: told, of: texts.length },
    guard: 'a locked engine reads the text',
  }
}
