import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Engine } from '../../sandbox/run/engine.ts'
import { openTownCheckers } from '../support/attack.ts'
import { engineSays, openSecrets, tellsSecret, texts } from './families/extraction.ts'

/*
 * Everything that reads what nobody may read: rows, single values, identifiers, metadata, files, other tables, more than
 * one statement. Each text goes through a checker in its own process and meets the refusal that was meant for it.
 */
const families = Map.groupBy(texts, ({ family }) => family)

let checkers: ReturnType<typeof openTownCheckers>
let engine: Engine
beforeAll(async () => {
  checkers = openTownCheckers()
  engine = await openSecrets()
})
afterAll(() => {
  checkers.close()
  engine.close()
})

describe.each([...families])('%s', (_, texts) => {
  test('is refused, each for its own reason (S1-37, S4-23b)', async () => {
    const verdicts = await Promise.all(texts.map(({ text }) => checkers.ask(text)))
    const wrong = texts.filter(({ code }, index) => !verdicts[index]!.codes.includes(code))
    expect(wrong).toEqual([])
    expect(verdicts.filter(({ accepted }) => accepted)).toEqual([])
  })
})

const said = async (family: string): Promise<readonly string[]> => {
  const all: string[] = []
  for (const { text } of families.get(family)!) {
    const answer = await engineSays(engine, text)
    if (answer !== undefined) all.push(answer)
  }
  return all
}

describe('a locked engine that was given the texts as they are', () => {
  test('tells rows and single values', async () => {
    expect((await said('rows')).filter(tellsSecret).length).toBeGreaterThan(15)
    expect(
      (await said('aggregates that show single values')).filter(tellsSecret).length,
    ).toBeGreaterThan(20)
  })

  test('and its own metadata', async () => {
    expect((await said('metadata, statistics and settings')).length).toBeGreaterThan(30)
  })
})
