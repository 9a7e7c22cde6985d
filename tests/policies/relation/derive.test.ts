import { describe, expect, test } from 'vitest'
import { call, compare, literal, nullOf } from '../../../policies/relation/build.ts'
import { factOf, scopeOf } from '../../../policies/relation/derive.ts'
import type { Domain } from '../../../policies/relation/domain.ts'
import type { Expr } from '../../../policies/relation/expression.ts'
import type { ColumnFact } from '../../../policies/relation/fact.ts'
import { learn } from '../../../policies/relation/learn.ts'
import {
  BIGINT,
  BOOLEAN,
  DATE,
  DOUBLE,
  VARCHAR,
  type DataType,
} from '../../../policies/relation/type.ts'

const decimal = (width: number, scale: number): DataType => ({ id: 'DECIMAL', width, scale })
const [INTEGER, TIMESTAMP]: DataType[] = [{ id: 'INTEGER' }, { id: 'TIMESTAMP' }]
const column = (type: DataType): Expr => ({ op: 'column', index: 0, type })
const factWith = (type: DataType, more: Partial<ColumnFact> = {}): ColumnFact => ({
  type,
  nullable: false,
  key: true,
  ofEntity: true,
  sources: [],
  ...more,
})
const cast = (input: Expr, type: DataType): Expr => ({ op: 'tryCast', input, type })

describe('a cast has a value for every value', () => {
  test.each<[DataType, DataType, boolean]>([
    [BIGINT, DOUBLE, true],
    [VARCHAR, DOUBLE, false],
    [decimal(10, 2), decimal(12, 2), true],
    [decimal(10, 2), decimal(12, 1), false],
    [decimal(10, 2), decimal(10, 3), false],
    [decimal(10, 2), BIGINT, false],
    [BIGINT, decimal(21, 2), true],
    [BIGINT, decimal(20, 2), false],
    [VARCHAR, decimal(20, 2), false],
    [INTEGER!, BIGINT, true],
    [BIGINT, INTEGER!, false],
    [BIGINT, VARCHAR, false],
    [DATE, TIMESTAMP!, true],
    [TIMESTAMP!, DATE, false],
    [VARCHAR, DATE, false],
    [VARCHAR, VARCHAR, true],
  ])('from %j to %j: %s', (from, to, always) => {
    const fact = factOf(cast(column(from), to), scopeOf([factWith(from)]))
    expect(fact.nullable).toBe(!always)
  })
})

describe('a cast keeps the values that are known where their texts stay the same', () => {
  const values = (...list: string[]): Domain => ({ kind: 'values', values: list })
  const days: Domain = { kind: 'days', low: 0, high: 1, part: 'day' }
  const whole = (high: number): Domain => ({ kind: 'integers', low: 1, high })
  test.each<[DataType, Domain | undefined, DataType, Domain | undefined]>([
    [DATE, days, TIMESTAMP!, { kind: 'days', low: 0, high: 1, part: 'day', midnight: true }],
    [DATE, values('1970-01-01'), TIMESTAMP!, undefined],
    [DATE, days, DATE, days],
    [DATE, days, VARCHAR, values('1970-01-01', '1970-01-02')],
    [INTEGER!, whole(3), BIGINT, whole(3)],
    [BIGINT, whole(2), VARCHAR, values('1', '2')],
    [BIGINT, whole(10_001), VARCHAR, undefined],
    [BIGINT, whole(0), VARCHAR, whole(0)],
    [decimal(3, 1), values('0.5'), decimal(4, 2), undefined],
    [decimal(3, 1), values('0.5'), VARCHAR, undefined],
    [VARCHAR, values('7'), BIGINT, undefined],
    [BOOLEAN, values('true'), VARCHAR, undefined],
    [VARCHAR, undefined, BIGINT, undefined],
  ])('from %j of %j to %j: %j', (from, domain, to, kept) => {
    const fact = factOf(cast(column(from), to), scopeOf([factWith(from, domain && { domain })]))
    expect(fact.domain).toEqual(kept)
  })
})

test('a CASE of nothing but NULL is NULL, and lies nowhere', () => {
  const nothing: Expr = {
    op: 'case',
    whens: [{ when: column(BOOLEAN), value: nullOf(BIGINT) }],
    otherwise: nullOf(BIGINT),
    type: BIGINT,
  }
  const fact = factOf(nothing, scopeOf([factWith(BOOLEAN)]))
  expect(fact).toMatchObject({ nullable: true })
  expect([fact.bounds, fact.domain]).toEqual([undefined, undefined])
})

describe('what a condition says of a column that lies in 0 to 9 and may be NULL', () => {
  const x = column(BIGINT)
  const five = literal('5', BIGINT)
  const [less, unequal] = [compare('<', x, five), compare('<>', x, five)]
  const not = (input: Expr): Expr => ({ op: 'not', input })
  const isNull = (negated: boolean): Expr => ({ op: 'isNull', input: x, negated })
  const within = (list: readonly Expr[], negated = false): Expr => ({
    op: 'in',
    input: x,
    list,
    negated,
  })
  const from = factWith(BIGINT, { nullable: true, bounds: { low: 0, high: 9 } })
  const after = (condition: Expr, holds: boolean): string => {
    const fact = factOf(x, { columns: [from], known: learn(new Map(), condition, holds) })
    const values = fact.domain?.kind === 'values' ? ` of ${fact.domain.values.join(',')}` : ''
    return `${fact.bounds?.low}..${fact.bounds?.high}${values}${fact.nullable ? ' or NULL' : ''}`
  }

  test.each<[string, Expr, boolean, string]>([
    ['x < 5', less, true, '0..5'],
    ['x < 5', less, false, '5..9 or NULL'],
    ['not x < 5', not(less), true, '5..9 or NULL'],
    ['not x < 5', not(less), false, '0..9 or NULL'],
    ['5 < x', compare('<', five, x), true, '5..9'],
    ['5 <> x', compare('<>', five, x), true, '0..9'],
    ['x < x', compare('<', x, x), true, '0..9 or NULL'],
    ['5 < 5', compare('<', five, five), true, '0..9 or NULL'],
    ['x <> 5', unequal, true, '0..9'],
    ['x <> 5', unequal, false, '5..5 of 5 or NULL'],
    ['x = NULL', compare('=', x, nullOf(BIGINT)), true, '0..9 or NULL'],
    ['x is null', isNull(false), false, '0..9'],
    ['x is null', isNull(false), true, '0..9 or NULL'],
    ['not x is null', not(isNull(false)), true, '0..9'],
    ['x in (5, 5)', within([five, five]), true, '0..9 of 5'],
    ['x in (5)', within([five]), false, '0..9 or NULL'],
    ['x not in (5)', within([five], true), true, '0..9 or NULL'],
    ['x in (5, x)', within([five, x]), true, '0..9'],
    ['x in (5, NULL)', within([five, nullOf(BIGINT)]), true, '0..9'],
    ['cast(x as double) < 5', compare('<', cast(x, DOUBLE), literal('5.0', DOUBLE)), true, '0..5'],
    [
      'cast(x as decimal(20,1)) < 5',
      compare('<', cast(x, decimal(20, 1)), literal('5.0', decimal(20, 1))),
      true,
      '0..5',
    ],
    [
      'cast(x as varchar) < 5',
      compare('<', cast(x, VARCHAR), literal('5', VARCHAR)),
      true,
      '0..9 or NULL',
    ],
  ])('%s (%#), holds: %s', (_, condition, holds, wanted) => {
    expect(after(condition, holds)).toBe(wanted)
  })

  test.each<[DataType, DataType, boolean]>([
    [decimal(10, 2), decimal(12, 2), true],
    [decimal(10, 2), DOUBLE, true],
    [decimal(10, 2), decimal(12, 1), false],
    [decimal(10, 2), BIGINT, false],
    [DOUBLE, BIGINT, false],
    [VARCHAR, BIGINT, false],
  ])('a %j cast to %j keeps its order: %s', (own, to, keeps) => {
    const one = column(own)
    const known = learn(new Map(), compare('<', cast(one, to), literal('5', to)), true)
    const fact = factOf(one, { columns: [factWith(own, { nullable: true })], known })
    expect(fact.nullable).toBe(!keeps)
  })
})

test.each<[string, Domain | undefined]>([
  ['year', { kind: 'integers', low: 1970, high: 1971 }],
  ['month', { kind: 'integers', low: 1, high: 12 }],
  ['week', undefined],
])('the %s of a date of two years, as date_part gives it', (part, domain) => {
  const args = [literal(part, VARCHAR), column(DATE)]
  const days: Domain = { kind: 'days', low: 0, high: 400, part: 'day' }
  const fact = factOf(call('date_part', args, BIGINT), scopeOf([factWith(DATE, { domain: days })]))
  expect(fact.domain).toEqual(domain)
})
