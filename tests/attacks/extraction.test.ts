import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { publishedColumns } from '../../policies/published.ts'
import { typeSql } from '../../policies/relation/type.ts'
import { openEngine, quoteName, type Engine } from '../../sandbox/run/engine.ts'
import { attacksIn, openTownCheckers } from '../support/attack.ts'
import { quoted } from '../support/duck.ts'
import { town, townPolicy } from '../support/town.ts'

/*
 * Everything that reads what nobody may read: rows, single values, identifiers, metadata, files, other tables, more than
 * one statement. Each text goes through a checker in its own process and meets the refusal that was meant for it.
 */
const attacks = attacksIn('tests/cases/attacks/extraction.txt')
const families = Map.groupBy(attacks, ({ family }) => family)

let checkers: ReturnType<typeof openTownCheckers>
let engine: Engine
beforeAll(async () => {
  checkers = openTownCheckers()
  engine = await openEngine({ threads: 1, memoryMb: 256 })
  await fillWithSecrets()
})
afterAll(() => {
  checkers.close()
  engine.close()
})

describe.each([...families])('%s', (_, texts) => {
  test('is refused, each for its own reason', async () => {
    const verdicts = await Promise.all(texts.map(({ text }) => checkers.ask(text)))
    const wrong = texts.filter(({ code }, index) => !verdicts[index]!.codes.includes(code))
    expect(wrong).toEqual([])
    expect(verdicts.filter(({ accepted }) => accepted)).toEqual([])
  })
})

const secrets = ['717171', 'SECRET-PLACE', '2001-07-17']

/** One row in each table, everything in it a secret. */
const fillWithSecrets = async (): Promise<void> => {
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
const engineSays = async (text: string): Promise<string | undefined> => {
  try {
    const { rows } = await engine.query(text, [], { timeoutMs: 500, rowsMax: 1000 })
    return JSON.stringify(rows, (_key, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value,
    )
  } catch {
    return undefined
  }
}

const said = async (family: string): Promise<readonly string[]> => {
  const all: string[] = []
  for (const { text } of families.get(family)!) {
    const answer = await engineSays(text)
    if (answer !== undefined) all.push(answer)
  }
  return all
}

describe('a locked engine that was given the texts as they are', () => {
  const tells = (answer: string): boolean => secrets.some((secret) => answer.includes(secret))

  test('tells rows and single values', async () => {
    expect((await said('rows')).filter(tells).length).toBeGreaterThan(15)
    expect((await said('aggregates that show single values')).filter(tells).length).toBeGreaterThan(
      20,
    )
  })

  test('and its own metadata', async () => {
    expect((await said('metadata, statistics and settings')).length).toBeGreaterThan(30)
  })
})
