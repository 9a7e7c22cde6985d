import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { DatasetColumn } from '../../policies/dataset.ts'
import { dataTypeOf } from '../../policies/dataset.ts'
import { limitsOf, plainText } from '../../policies/desensitize/decimal.ts'
import {
  checkDesensitization,
  desensitizationSchema,
  desensitizeSql,
  desensitizeText,
  type Desensitization,
} from '../../policies/desensitize/method.ts'
import { typeSql } from '../../policies/relation/type.ts'
import { openDuck, quoted } from '../support/duck.ts'

let duck: Awaited<ReturnType<typeof openDuck>>
beforeAll(async () => {
  duck = await openDuck()
})
afterAll(() => duck.close())

const columnOf = (type: string): DatasetColumn => ({
  name: 'x',
  type,
  class: type === 'text' ? 'code' : 'amount',
  level: 3,
  nullable: true,
})

/** The engine writes a decimal with no room before the point as `.5`. */
const wholeDigit = (text: string | null | undefined): string | undefined =>
  text?.replace(/^(-?)\./, '$10.')

/** What the engine makes of the values, and of which type. */
const byEngine = async (
  column: DatasetColumn,
  steps: readonly Desensitization[],
  values: readonly (string | null)[],
): Promise<{ types: string[]; texts: (string | null)[] }> => {
  const type = typeSql(dataTypeOf(column))
  const list = values.map((value, row) => `(${row}, CAST(${quoted(value)} AS ${type}))`).join(', ')
  const sql = desensitizeSql(column, steps, 'x')
  const rows = await duck.rows(
    `SELECT CAST(y AS VARCHAR), typeof(y) FROM (SELECT row, ${sql} AS y FROM (VALUES ${list}) t(row, x)) ORDER BY row`,
  )
  return {
    types: [...new Set(rows.map((row) => row[1] ?? ''))],
    texts: rows.map((row) => (type.startsWith('DECIMAL') ? wholeDigit(row[0]) : row[0]) ?? null),
  }
}

const numberTypes = ['integer', 'decimal(18,2)', 'decimal(3,0)', 'decimal(18,18)', 'decimal(5,1)']

/** Numbers of a type, many of them near its ends, near zero and near the edges that steps use. */
const numbersOf = (type: string): fc.Arbitrary<string | null> => {
  const limits = limitsOf(dataTypeOf(columnOf(type)))!
  const scaled = fc.oneof(
    fc.bigInt({ min: limits.low, max: limits.high }),
    fc.bigInt({ min: -9999n, max: 9999n }).map((value) => (value > limits.high ? 0n : value)),
    fc.constantFrom(limits.low, limits.low + 1n, limits.high, limits.high - 1n, 0n),
  )
  const text = scaled.map((value) =>
    plainText(value < limits.low ? limits.low : value, limits.scale),
  )
  return fc.option(text, { freq: 10 })
}

const numberArbitrary = fc.oneof(
  fc.integer({ min: -1000, max: 1000 }),
  fc.integer({ min: -1_000_000, max: 1_000_000 }).map((value) => value / 100),
)
const numberStep: fc.Arbitrary<Desensitization> = fc.oneof(
  fc
    .uniqueArray(numberArbitrary, { minLength: 1, maxLength: 8 })
    .map((edges) => ({ method: 'bucket' as const, edges: edges.toSorted((a, b) => a - b) })),
  fc
    .uniqueArray(numberArbitrary, { minLength: 2, maxLength: 2 })
    .map((ends) => ({ method: 'clip' as const, low: Math.min(...ends), high: Math.max(...ends) })),
  fc
    .array(numberArbitrary, { minLength: 1, maxLength: 5 })
    .map((values) => ({ method: 'suppress' as const, values })),
  fc
    .constantFrom(0.01, 0.05, 0.3, 1, 2, 3, 7, 10, 50, 100, 250, 999, 1e6, 1e12)
    .map((base) => ({ method: 'round' as const, base })),
)

test('the engine and the plain text agree on every number, for up to four steps', async () => {
  const cases = fc.constantFrom(...numberTypes).chain((type) =>
    fc.record({
      type: fc.constant(type),
      steps: fc.array(numberStep, { minLength: 1, maxLength: 4 }),
      values: fc.array(numbersOf(type), { minLength: 20, maxLength: 40 }),
    }),
  )
  let compared = 0
  await fc.assert(
    fc.asyncProperty(cases, async ({ type, steps, values }) => {
      const column = columnOf(type)
      const fitting = steps.filter((step) => checkDesensitization(column, [step]).length === 0)
      const { types, texts } = await byEngine(column, fitting, values)
      expect(types).toEqual([typeSql(dataTypeOf(column))])
      expect(texts).toEqual(values.map((value) => desensitizeText(column, fitting, value)))
      compared += fitting.length
    }),
    { numRuns: 150, seed: 20260101 },
  )
  expect(compared).toBeGreaterThan(100)
})

test('the engine and the plain text agree on every date', async () => {
  const dates = fc
    .date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10))
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('year' as const, 'quarter' as const, 'month' as const),
      fc.array(fc.option(dates), { minLength: 10, maxLength: 40 }),
      async (to, values) => {
        const steps = [{ method: 'date-truncate' as const, to }]
        const { types, texts } = await byEngine(columnOf('date'), steps, values)
        expect(types).toEqual(['DATE'])
        expect(texts).toEqual(
          values.map((value) => desensitizeText(columnOf('date'), steps, value)),
        )
      },
    ),
    { numRuns: 30, seed: 20260101 },
  )
})

const textArbitrary = fc
  .string({ unit: 'grapheme', maxLength: 12 })
  .filter((text) => !text.includes('\u0000'))
const textStep: fc.Arbitrary<Desensitization> = fc.oneof(
  fc.integer({ min: 1, max: 8 }).map((length) => ({ method: 'prefix' as const, length })),
  fc
    .tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 4 }))
    .map(([first, last]) => ({ method: 'mask' as const, first, last })),
  fc
    .array(fc.oneof(textArbitrary, fc.constantFrom('', 'A', "'", '**')), {
      minLength: 1,
      maxLength: 5,
    })
    .map((values) => ({ method: 'suppress' as const, values })),
)

test('the engine and the plain text agree on every text, for up to four steps', async () => {
  const texts = fc.oneof(textArbitrary, fc.constantFrom('', 'A', "'", '**', '***'))
  await fc.assert(
    fc.asyncProperty(
      fc.array(textStep, { minLength: 1, maxLength: 4 }),
      fc.array(fc.option(texts), { minLength: 10, maxLength: 40 }),
      async (steps, values) => {
        const engine = await byEngine(columnOf('text'), steps, values)
        expect(engine.types).toEqual(['VARCHAR'])
        expect(engine.texts).toEqual(
          values.map((value) => desensitizeText(columnOf('text'), steps, value)),
        )
      },
    ),
    { numRuns: 60, seed: 20260101 },
  )
})

test('a date beyond the years of ISO 8601 fails nowhere and is not lost', async () => {
  const sql = desensitizeSql(columnOf('date'), [{ method: 'date-truncate', to: 'quarter' }], 'x')
  const rows = await duck.rows(
    `SELECT CAST(${sql} AS VARCHAR) FROM (VALUES (DATE '5877642-06-25 (BC)'), (DATE '-infinity'), (DATE 'infinity'), (DATE '5881580-07-10')) t(x)`,
  )
  expect(rows.flat()).toEqual(['0001-01-01', '0001-01-01', '9999-10-01', '9999-10-01'])
})

test('two hundred edges after three other steps stay a short and quick expression', async () => {
  const edges = Array.from({ length: 200 }, (_, position) => position * 10)
  const steps = desensitizationSchema.array().parse([
    { method: 'clip', low: 0, high: 1990 },
    { method: 'round', base: 5 },
    { method: 'clip', low: 10, high: 1980 },
    { method: 'bucket', edges },
  ])
  const { texts } = await byEngine(columnOf('decimal(18,2)'), steps, ['3.20', '127.49', null])
  expect(texts).toEqual(['10.00', '120.00', null])
  expect(desensitizeSql(columnOf('decimal(18,2)'), steps, 'x').length).toBeLessThan(40_000)
})
