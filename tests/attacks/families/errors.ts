import { decide } from '../../../policies/query/decide.ts'
import { answerOf, postTables } from '../../../policies/query/answer.ts'
import type { Plan } from '../../../policies/query/plan.ts'
import { runPublic } from '../../../sandbox/query/post.ts'
import { openEngine } from '../../../sandbox/run/engine.ts'
import { attacksIn } from '../../support/attack.ts'
import { check } from '../../support/checker.ts'
import { openDuck } from '../../support/duck.ts'
import { protectWith } from '../../support/gate.ts'
import { fillTown, townContext, townTables, type TownRows } from '../../support/town.ts'
import type { Family } from './row.ts'

export const texts = attacksIn('tests/cases/attacks/errors.txt')

const region: TownRows['region'] = [['east', 'A', '1']]
const calm: TownRows = {
  enterprise: [['1', 'east', 'food', '1.00', '2010-01-01', '1', 'true']],
  tax: [['1', '2024-01-01', '1', '1.00', '1']],
  court: [],
  owner: [['1', '1', 'f', '1']],
  region,
}

const numbersInWords = ['nan', '-nan', 'inf', '-Infinity', '1e400', '-0', '0x1F', '9'.repeat(23)]
const brokenTexts = [
  '(((',
  '[a',
  '%',
  '_',
  '\\',
  '\\x',
  "'",
  '"',
  '{"a":',
  'null',
  '',
  ' ',
  '-5',
  '7',
]
const datesInWords = ['infinity', '2024-02-30', '0001-01-01', '5881580-07-10', '1 year 2 months']
const unusual = ['true', 'SECRET', '🏭', '企业', 'e\u0301', 'x'.repeat(5000)]
const words = [numbersInWords, brokenTexts, datesInWords, unusual].flat()
const wholes = ['9223372036854775807', '-9223372036854775808', '0', '-1', '7', '400', null]
const amounts = ['9999999999999999.99', '-9999999999999999.99', '0.00', '-0.01', '700.00', null]
const days = ['9999-12-31', '0001-01-01', '2024-02-29', '1969-12-31', '5881580-07-10', 'infinity']
const at = <T>(list: readonly T[], index: number): T => list[index % list.length]!

/** The calm town and one enterprise more. */
const wild: TownRows = {
  ...calm,
  enterprise: [
    ...calm['enterprise']!,
    ['2', '(((', 'nan', amounts[0]!, '9999-12-31', wholes[1]!, 'false'],
  ],
  tax: [
    ...calm['tax']!,
    ...Array.from({ length: 120 }, (_, index) => [
      '2',
      at(days, index),
      at(words, index),
      at(amounts, index),
      at(wholes, index),
    ]),
  ],
  court: [['2', '9999-12-31', '(((', '9999999999.99']],
  owner: [...calm['owner']!, ['2', '1', '%', '9223372036854775807']],
}

/** Two towns that differ in one enterprise, whose values are made to break whatever can be broken. */
export const openTowns = async () => {
  const duck = await openDuck()
  const small = await openEngine({ threads: 1, memoryMb: 256 })
  for (const [schema, rows] of Object.entries({ calm, wild })) {
    await duck.run(`CREATE SCHEMA ${schema}`)
    await duck.run(`USE memory.${schema}`)
    await fillTown(duck, rows)
  }
  return {
    duck,
    /** Runs a plan to its answer in one of the towns, with no noise. Throws where anything fails. */
    answerIn: async (schema: string, plan: Plan): Promise<unknown> => {
      await duck.run(`USE memory.${schema}`)
      const tables = [await protectWith(plan, duck)]
      const { rows } = await runPublic(small, plan.post, postTables(plan, tables))
      return answerOf(plan, rows)
    },
    failsIn: async (schema: string, run: () => Promise<unknown>): Promise<boolean> => {
      await duck.run(`USE memory.${schema}`)
      return run().then(
        () => false,
        () => true,
      )
    },
    close: () => {
      duck.close()
      small.close()
    },
  }
}
export type Towns = Awaited<ReturnType<typeof openTowns>>

/** Texts that, given to the engine as they are, fail in one of the towns alone. */
export const toldByFailing = async ({ duck, failsIn }: Towns): Promise<readonly string[]> => {
  const told: string[] = []
  for (const { text } of texts) {
    if (/sleep|lpad|repeat|rpad/.test(text)) continue
    const run = () => duck.rows(text)
    if ((await failsIn('wild', run)) && !(await failsIn('calm', run))) told.push(text)
  }
  return told
}

export const errors: Family = async () => {
  const towns = await openTowns()
  let [refused, told] = [0, 0]
  for (const { text } of texts) {
    const understood = await check(text, townTables)
    const decided = understood.ok ? decide(understood.value, townContext) : understood
    if (!decided.ok) {
      refused += 1
      continue
    }
    const fails = (schema: string) =>
      towns.failsIn(schema, () => towns.answerIn(schema, decided.value))
    if ((await fails('wild')) !== (await fails('calm'))) told += 1
  }
  const bare = (await toldByFailing(towns)).length
  towns.close()
  return {
    family: 'error oracles',
    what: 'texts that fail where one value is so; told apart by failing',
    attempts: texts.length,
    refused,
    released: texts.length - refused,
    inferred: { right: told, of: texts.length },
    baseline: 0,
    bound: 0,
    boundBy: 'nothing fails',
    guardRemoved: { right: bare, of: texts.length },
    guard: 'the engine reads the text',
  }
}
