import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { decide } from '../../policies/query/decide.ts'
import { emitTree } from '../../sandbox/query/emit.ts'
import { quoteName } from '../../sandbox/query/render.ts'
import { check } from '../support/checker.ts'
import { townContext, townTables } from '../support/town.ts'
import { everyShape } from './expression-text.ts'
import { openTowns, texts, toldByFailing, type Towns } from './families/errors.ts'
import { question } from './sentence.ts'

/*
 * One bit at a time: an expression that fails where somebody's value is so, and otherwise does not. Two towns differ in
 * one enterprise, whose values are made to break whatever can be broken. Every text is refused before data is touched,
 * or answers in both.
 */
const prove = process.env['SLUICE_PROVE'] !== undefined

let towns: Towns
beforeAll(async () => {
  towns = await openTowns()
})
afterAll(() => towns.close())

const families = Map.groupBy(texts, ({ family }) => family)

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
        await expect(
          towns.answerIn(schema, decided.value),
          `${schema}: ${text}`,
        ).resolves.toBeDefined()
    }
  })
})

test('given to the engine as they are, a good part of them tell the towns apart by failing', async () => {
  expect((await toldByFailing(towns)).length).toBeGreaterThan(80)
})

test('no permitted function fails, whatever another one gave it', async () => {
  let tried = 0
  await towns.duck.run('USE memory.wild')
  await fc.assert(
    fc.asyncProperty(fc.gen(), async (draw) => {
      for (const expression of everyShape(draw, 3)) {
        const understood = await check(`select ${expression} as x from tax`, townTables)
        if (!understood.ok) continue
        tried += 1
        await expect(
          towns.duck.rows(emitTree(understood.value, quoteName)),
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
      await expect(towns.answerIn('wild', decided.value), text).resolves.toBeDefined()
    }),
    { numRuns: prove ? 4000 : 100, seed: 2, endOnFailure: true },
  )
  expect(answered).toBeGreaterThan(50)
})
