import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { decide } from '../../policies/query/decide.ts'
import type { Plan } from '../../policies/query/plan.ts'
import { emitTree } from '../../sandbox/query/emit.ts'
import { runPublic } from '../../sandbox/query/post.ts'
import { quoteName } from '../../sandbox/query/render.ts'
import { openEngine, type Engine } from '../../sandbox/run/engine.ts'
import { answerOf, postTables } from '../../policies/query/answer.ts'
import { attacksIn } from '../support/attack.ts'
import { check } from '../support/checker.ts'
import { openDuck } from '../support/duck.ts'
import { protectWith } from '../support/gate.ts'
import { fillTown, townContext, townTables, type TownRows } from '../support/town.ts'
import { everyShape } from './expression-text.ts'
import { question } from './sentence.ts'

/*
 * One bit at a time: an expression that fails where somebody's value is so, and otherwise does not. Two towns differ in
 * one enterprise, whose values are made to break whatever can be broken. Every text is refused before data is touched,
 * or answers in both.
 */
const prove = process.env['SLUICE_PROVE'] !== undefined

let duck: Awaited<ReturnType<typeof openDuck>>
let small: Engine
beforeAll(async () => {
  duck = await openDuck()
  small = await openEngine({ threads: 1, memoryMb: 256 })
  for (const [schema, rows] of Object.entries({ calm, wild })) {
    await duck.run(`CREATE SCHEMA ${schema}`)
    await duck.run(`USE memory.${schema}`)
    await fillTown(duck, rows)
  }
})
afterAll(() => {
  duck.close()
  small.close()
})

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

/** Runs a plan to its answer in one of the towns, with no noise. Throws where anything fails. */
const answerIn = async (schema: string, plan: Plan): Promise<unknown> => {
  await duck.run(`USE memory.${schema}`)
  const tables = [await protectWith(plan, duck)]
  const { rows } = await runPublic(small, plan.post, postTables(plan, tables))
  return answerOf(plan, rows)
}

const failsIn = async (schema: string, run: () => Promise<unknown>): Promise<boolean> => {
  await duck.run(`USE memory.${schema}`)
  return run().then(
    () => false,
    () => true,
  )
}

const attacks = attacksIn('tests/cases/attacks/errors.txt')
const families = Map.groupBy(attacks, ({ family }) => family)

describe.each([...families])('%s', (_, texts) => {
  test('are refused, or fail for nobody', async () => {
    for (const { text, code } of texts) {
      const understood = await check(text, townTables)
      const decided = understood.ok ? decide(understood.value, townContext) : understood
      if (code !== 'total') {
        const codes = decided.ok ? [] : decided.refusals.map((refusal) => refusal.code)
        expect(codes, text).toContain(code)
        continue
      }
      if (!decided.ok) throw new Error(`${text}: ${JSON.stringify(decided.refusals)}`)
      for (const schema of ['calm', 'wild'])
        await expect(answerIn(schema, decided.value), `${schema}: ${text}`).resolves.toBeDefined()
    }
  })
})

test('given to the engine as they are, a good part of them tell the towns apart by failing', async () => {
  const told: string[] = []
  for (const { text } of attacks) {
    if (/sleep|lpad|repeat|rpad/.test(text)) continue
    const run = () => duck.rows(text)
    if ((await failsIn('wild', run)) && !(await failsIn('calm', run))) told.push(text)
  }
  expect(told.length).toBeGreaterThan(80)
})

test('no permitted function fails, whatever another one gave it', async () => {
  let tried = 0
  await duck.run('USE memory.wild')
  await fc.assert(
    fc.asyncProperty(fc.gen(), async (draw) => {
      for (const expression of everyShape(draw, 3)) {
        const understood = await check(`select ${expression} as x from tax`, townTables)
        if (!understood.ok) continue
        tried += 1
        await expect(
          duck.rows(emitTree(understood.value, quoteName)),
          expression,
        ).resolves.toHaveLength(121)
      }
    }),
    { numRuns: prove ? 200 : 2, seed: 1, endOnFailure: true },
  )
  expect(tried).toBeGreaterThan(150)
})

test('no question fails, whatever the values', async () => {
  let answered = 0
  await fc.assert(
    fc.asyncProperty(fc.gen(), async (draw) => {
      const text = question(draw)
      const understood = await check(text, townTables)
      const decided = understood.ok ? decide(understood.value, townContext) : understood
      if (!decided.ok || decided.value.stages.length > 1) return
      answered += 1
      await expect(answerIn('wild', decided.value), text).resolves.toBeDefined()
    }),
    { numRuns: prove ? 4000 : 100, seed: 2, endOnFailure: true },
  )
  expect(answered).toBeGreaterThan(50)
})
