import { expect, test } from 'vitest'
import { dataTypeOf, datasetSchema, type DatasetColumn } from '../../../policies/dataset.ts'
import {
  held,
  numberLimits,
  numberSql,
  plainText,
  scaledNumber,
  scaledText,
} from '../../../policies/desensitize/decimal.ts'
import {
  checkDesensitization,
  desensitizationSchema,
  desensitizeSql,
  desensitizeText,
  makesNull,
  type Desensitization,
} from '../../../policies/desensitize/method.ts'
import { wordsOf } from '../../../policies/refusal.ts'

const columnOf = (type: string): DatasetColumn => ({
  name: 'x',
  type,
  class: 'amount',
  level: 3,
  nullable: false,
})

const cases: [string, Desensitization, string, string | null][] = [
  ['decimal(10,2)', { method: 'bucket', edges: [0, 10, 50] }, '12.00', '10.00'],
  ['decimal(10,2)', { method: 'bucket', edges: [0, 10, 50] }, '10.00', '10.00'],
  ['decimal(10,2)', { method: 'bucket', edges: [0, 10, 50] }, '9.99', '0.00'],
  ['decimal(10,2)', { method: 'bucket', edges: [0, 10, 50] }, '-3.00', null],
  ['decimal(10,2)', { method: 'bucket', edges: [0, 10, 50] }, '1000.00', '50.00'],
  ['decimal(10,2)', { method: 'clip', low: 0, high: 99.5 }, '-0.01', '0.00'],
  ['decimal(10,2)', { method: 'clip', low: 0, high: 99.5 }, '99.51', '99.50'],
  ['decimal(10,2)', { method: 'clip', low: 0, high: 99.5 }, '7.25', '7.25'],
  ['decimal(10,2)', { method: 'round', base: 0.1 }, '0.25', '0.30'],
  ['decimal(10,2)', { method: 'round', base: 0.1 }, '-0.25', '-0.30'],
  ['decimal(10,2)', { method: 'round', base: 0.1 }, '0.24', '0.20'],
  ['decimal(3,0)', { method: 'round', base: 100 }, '999', '900'],
  ['integer', { method: 'round', base: 1000 }, '1500', '2000'],
  ['date', { method: 'date-truncate', to: 'year' }, '2025-11-30', '2025-01-01'],
  ['date', { method: 'date-truncate', to: 'quarter' }, '2025-11-30', '2025-10-01'],
  ['date', { method: 'date-truncate', to: 'month' }, '2025-11-30', '2025-11-01'],
  ['text', { method: 'prefix', length: 2 }, '数据闸', '数据'],
  ['text', { method: 'mask', first: 2, last: 2 }, '北京数闸科技公司', '北京***公司'],
  ['text', { method: 'mask', first: 1, last: 0 }, '王小明', '王***'],
  ['text', { method: 'mask', first: 0, last: 0 }, '王', '***'],
  ['text', { method: 'mask', first: 1, last: 0 }, '王', '****'],
  ['text', { method: 'mask', first: 1, last: 1 }, '', '*****'],
  ['text', { method: 'mask', first: 1, last: 1 }, '𠀀𠀁𠀂', '𠀀***𠀂'],
  ['text', { method: 'suppress', values: ['Z', "O'N"] }, 'Z', null],
  ['text', { method: 'suppress', values: ['Z', "O'N"] }, "O'N", null],
  ['text', { method: 'suppress', values: ['Z'] }, 'z', 'z'],
  ['integer', { method: 'suppress', values: [99, 98] }, '99', null],
  ['integer', { method: 'suppress', values: [99] }, '9', '9'],
  ['decimal(10,2)', { method: 'suppress', values: [0.5] }, '0.50', null],
  ['boolean', { method: 'suppress', values: [true] }, 'true', null],
  ['boolean', { method: 'suppress', values: [true] }, 'false', 'false'],
]

test.each(cases)('in %s %j sends %s to %s', (type, step, before, after) => {
  expect(desensitizeText(columnOf(type), [step], before)).toBe(after)
})

test('what a mask has made is left by the same mask as it is', () => {
  for (const [first, last] of [
    [0, 0],
    [1, 0],
    [1, 1],
    [3, 2],
  ] as const)
    for (const value of ['', '王', '王小', '王小明', '数据可用不可见', '*', '***', '*****']) {
      const steps: Desensitization[] = [{ method: 'mask', first, last }]
      const once = desensitizeText(columnOf('text'), steps, value)
      expect(desensitizeText(columnOf('text'), steps, once)).toBe(once)
      expect(once).not.toBe(value === once ? '' : value)
    }
})

test('values of each type are suppressed as literals of it', () => {
  const sqlOf = (type: string, values: (string | number | boolean)[]): string =>
    desensitizeSql(columnOf(type), [{ method: 'suppress', values }], '"x"')
  expect(sqlOf('boolean', [true])).toContain('IN (true)')
  expect(sqlOf('integer', [5, -1])).toContain("IN (CAST('5' AS BIGINT), CAST('-1' AS BIGINT))")
  expect(sqlOf('text', ["O'N", 'Z'])).toContain("IN ('O''N', 'Z')")
})

test('a value that is not one of the column cannot be suppressed', () => {
  const valuesOf = (type: string, values: (string | number | boolean)[]) =>
    checkDesensitization(columnOf(type), [{ method: 'suppress', values }]).map(
      ({ params }) => params['value'],
    )
  expect(valuesOf('text', ['A', 1, true])).toEqual([1, 'true'])
  expect(valuesOf('integer', [1, 1.5, '2'])).toEqual([1.5, '2'])
  expect(valuesOf('boolean', [true, 'true'])).toEqual(['true'])
  expect(
    checkDesensitization(columnOf('date'), [{ method: 'suppress', values: ['x'] }]),
  ).toMatchObject([{ code: 'source/method-not-for-type', params: { allowed: 'date-truncate' } }])
})

test('NULL stays NULL, and after a step has made NULL the next ones see NULL', () => {
  const column = columnOf('integer')
  expect(desensitizeText(column, [{ method: 'round', base: 10 }], null)).toBeNull()
  const steps: Desensitization[] = [
    { method: 'bucket', edges: [0] },
    { method: 'clip', low: 5, high: 9 },
  ]
  expect(desensitizeText(column, steps, '-1')).toBeNull()
  expect(makesNull(steps)).toBe(true)
  expect(makesNull(steps.slice(1))).toBe(false)
})

test('without steps a column is published as it is', () => {
  expect(desensitizeSql(columnOf('integer'), [], '"x"')).toBe('"x"')
})

test.each([
  ['text', { method: 'round', base: 10 }, 'mask, prefix, suppress'],
  ['date', { method: 'prefix', length: 4 }, 'date-truncate'],
  ['integer', { method: 'date-truncate', to: 'year' }, 'bucket, clip, round, suppress'],
  ['boolean', { method: 'bucket', edges: [0] }, 'suppress'],
  ['text', { method: 'clip', low: 0, high: 1 }, 'mask, prefix, suppress'],
] as const)('a column of type %s does not take %j', (type, step, allowed) => {
  const [refusal] = checkDesensitization(columnOf(type), [desensitizationSchema.parse(step)])
  expect(refusal?.code).toBe('source/method-not-for-type')
  expect(wordsOf(refusal!, 'en').fix).toBe(`use one of: ${allowed}`)
})

test.each([
  ['decimal(5,2)', { method: 'round', base: 0.005 }, [0.005]],
  ['decimal(5,2)', { method: 'clip', low: -1000, high: 1000 }, [-1000, 1000]],
  ['integer', { method: 'bucket', edges: [0, 0.5, 1, 1.5] }, [0.5, 1.5]],
  ['integer', { method: 'clip', low: 0, high: 2 ** 53 }, [2 ** 53]],
  ['integer', { method: 'clip', low: -1e300, high: 1e12 }, [-1e300]],
] as const)('type %s does not hold the parameters of %j', (type, step, values) => {
  const refusals = checkDesensitization(columnOf(type), [desensitizationSchema.parse(step)], 'here')
  expect(refusals.map(({ params }) => params['value'])).toEqual(values)
  expect(new Set(refusals.map(({ code }) => code))).toEqual(new Set(['source/method-parameter']))
  expect(refusals[0]?.params['where']).toBe('here.desensitize.0')
})

test('all wrong steps are told at once, each with its place', () => {
  const refusals = checkDesensitization(columnOf('integer'), [
    { method: 'prefix', length: 2 },
    { method: 'round', base: 10 },
    { method: 'round', base: 0.1 },
  ])
  expect(refusals.map(({ params }) => params['where'])).toEqual([
    'x.desensitize.0',
    'x.desensitize.2',
  ])
})

test.each([
  { method: 'bucket', edges: [] },
  { method: 'bucket', edges: [1, 1] },
  { method: 'bucket', edges: [2, 1] },
  { method: 'clip', low: 1, high: 1 },
  { method: 'round', base: 0 },
  { method: 'round', base: -1 },
  { method: 'prefix', length: 0 },
  { method: 'date-truncate', to: 'week' },
  { method: 'noise' },
  { method: 'mask', first: 20 },
  { method: 'suppress', values: [] },
])('%j is no desensitization', (step) => {
  expect(desensitizationSchema.safeParse(step).success).toBe(false)
})

test.each([
  [0.1, 2, 10n],
  [1e-7, 7, 1n],
  [1.5e21, 0, 1500000000000000000000n],
  [-12.34, 2, -1234n],
  [0, 5, 0n],
  [0.001, 2, undefined],
  [1234567890123456, 0, undefined],
  [100000000000000000000, 0, 100000000000000000000n],
  [Number.NaN, 2, undefined],
  [Number.POSITIVE_INFINITY, 2, undefined],
])('%d at scale %d is %s', (value, scale, scaled) => {
  expect(scaledNumber(value, scale)).toBe(scaled)
})

test('plain notation keeps every digit of the scale and reads back', () => {
  expect([plainText(-5n, 2), plainText(1234n, 0), plainText(0n, 3)]).toEqual([
    '-0.05',
    '1234',
    '0.000',
  ])
  expect([scaledText('-0.05', 2), scaledText('12', 0)]).toEqual([-5n, 12n])
  expect(() => scaledText('1.5', 2)).toThrow('scale')
})

test('SQL for a parameter that a type does not hold is a bug, and so is a number of a date', () => {
  const type = dataTypeOf(columnOf('decimal(3,1)'))
  expect(numberSql(type, 99.9)).toBe("CAST('99.9' AS DECIMAL(3,1))")
  expect(() => held(type, 0.25)).toThrow('does not hold')
  expect(() => held(type, 100)).toThrow('does not hold')
  expect(() => numberLimits({ id: 'DATE' })).toThrow('exact numbers')
})

test('a decimal has room for its scale', () => {
  const withType = (type: string): unknown => ({
    dataset: 'd',
    title: { zh: '表', en: 'table' },
    department: { zh: '局', en: 'office' },
    entities: [],
    grain: ['x'],
    columns: [{ name: 'x', type, class: 'amount', level: 1 }],
  })
  expect(datasetSchema.safeParse(withType('decimal(2,2)')).success).toBe(true)
  expect(datasetSchema.safeParse(withType('decimal(2,3)')).success).toBe(false)
})
