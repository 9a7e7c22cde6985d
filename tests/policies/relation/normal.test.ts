import { describe, expect, test } from 'vitest'
import { allOf, call, compare, literal, nullOf, truth } from '../../../policies/relation/build.ts'
import { exprText, treeDigest } from '../../../policies/relation/digest.ts'
import type { Expr } from '../../../policies/relation/expression.ts'
import { columnsOf } from '../../../policies/relation/columns.ts'
import {
  canCast,
  checkCall,
  checkConstants,
  checkMeasure,
  checkMeasureConstants,
  totalMeasure,
  totalOf,
} from '../../../policies/relation/functions.ts'
import { narrowLiteral } from '../../../policies/relation/narrow.ts'
import { normal } from '../../../policies/relation/normal.ts'
import {
  BIGINT,
  BOOLEAN,
  DATE,
  DOUBLE,
  VARCHAR,
  type DataType,
} from '../../../policies/relation/type.ts'

const x = (index = 0, type: DataType = BIGINT): Expr => ({ op: 'column', index, type })
const b = x(9, BOOLEAN)
const cast = (input: Expr, type: DataType): Expr => ({ op: 'tryCast', input, type })
const decimal = (width: number, scale: number): DataType => ({ id: 'DECIMAL', width, scale })
const five = literal('5', BIGINT)
const and = (...args: Expr[]): Expr => ({ op: 'and', args })
const or = (...args: Expr[]): Expr => ({ op: 'or', args })
const not = (input: Expr): Expr => ({ op: 'not', input })
const unknown = nullOf(BOOLEAN)

/** Each expression and what it is brought to, as text. */
const sameAs: readonly (readonly [string, Expr, Expr])[] = [
  ['a comparison with NULL', compare('<', x(), nullOf(BIGINT)), unknown],
  [
    'IS DISTINCT FROM NULL',
    compare('distinct', x(), nullOf(BIGINT)),
    { op: 'isNull', input: x(), negated: true },
  ],
  [
    'NULL IS NOT DISTINCT FROM',
    compare('notDistinct', nullOf(BIGINT), x()),
    { op: 'isNull', input: x(), negated: false },
  ],
  ['NOT true', not(truth(true)), truth(false)],
  ['NOT false', not(truth(false)), truth(true)],
  ['NOT NULL', not(unknown), unknown],
  ['NOT a column', not(b), not(b)],
  ['NOT NOT a column', not(not(b)), b],
  [
    'NOT a list',
    not({ op: 'in', input: x(), list: [five, x(1)], negated: false }),
    { op: 'in', input: x(), list: [five, x(1)], negated: true },
  ],
  ['NOT (a AND b)', not(and(b, compare('=', x(), five))), or(not(b), compare('<>', x(), five))],
  ['NOT (a OR b)', not(or(b, compare('=', x(), five))), and(not(b), compare('<>', x(), five))],
  ['AND with false', and(b, truth(false)), truth(false)],
  ['OR with true', or(b, truth(true)), truth(true)],
  ['AND with true', and(b, truth(true)), b],
  ['OR with false', or(truth(false), b), b],
  ['AND of nothing but true', and(truth(true), truth(true)), truth(true)],
  ['OR of nothing but false', or(truth(false), truth(false)), truth(false)],
  ['AND with NULL stays', and(unknown, b), and(unknown, b)],
  [
    'a conjunction within one',
    and(b, and(b, compare('<', x(), five))),
    and(b, compare('<', x(), five)),
  ],
  [
    'a CASE whose condition holds',
    { op: 'case', whens: [{ when: truth(true), value: five }], otherwise: x(), type: BIGINT },
    five,
  ],
  [
    'a CASE whose condition never holds',
    {
      op: 'case',
      whens: [
        { when: truth(false), value: five },
        { when: unknown, value: five },
      ],
      otherwise: x(),
      type: BIGINT,
    },
    x(),
  ],
  [
    'a CASE decided after an open one',
    {
      op: 'case',
      whens: [
        { when: b, value: five },
        { when: truth(true), value: x(1) },
      ],
      otherwise: x(),
      type: BIGINT,
    },
    { op: 'case', whens: [{ when: b, value: five }], otherwise: x(1), type: BIGINT },
  ],
  ['a cast to the same type', cast(x(), BIGINT), x()],
  [
    'a list in a wider type',
    {
      op: 'in',
      input: cast(x(), decimal(20, 1)),
      list: [literal('5.0', decimal(20, 1)), literal('4.0', decimal(20, 1))],
      negated: false,
    },
    { op: 'in', input: x(), list: [literal('4', BIGINT), five], negated: false },
  ],
  [
    'a list with a fraction',
    {
      op: 'in',
      input: cast(x(), decimal(20, 1)),
      list: [literal('5.5', decimal(20, 1)), literal('4.0', decimal(20, 1))],
      negated: false,
    },
    {
      op: 'in',
      input: cast(x(), decimal(20, 1)),
      list: [literal('4.0', decimal(20, 1)), literal('5.5', decimal(20, 1))],
      negated: false,
    },
  ],
  ['a sum in one order', call('+', [x(1), x(0)], BIGINT), call('+', [x(0), x(1)], BIGINT)],
  [
    'a difference keeps its order',
    call('-', [x(1), x(0)], BIGINT),
    call('-', [x(1), x(0)], BIGINT),
  ],
  [
    'a sum of two types keeps its order',
    call('+', [x(1, DATE), literal('3', { id: 'INTEGER' })], DATE),
    call('+', [x(1, DATE), literal('3', { id: 'INTEGER' })], DATE),
  ],
  ['a call without arguments', call('pi', [], DOUBLE), call('pi', [], DOUBLE)],
]

describe('the normal form of an expression', () => {
  test.each(sameAs)('%s', (_, from, to) => {
    const done = exprText(normal(from))
    expect(done).toBe(exprText(normal(to)))
    expect(exprText(normal(normal(from)))).toBe(done)
  })

  test('a place in the text is kept', () => {
    const placed = { ...compare('=', { ...five, at: 3 }, cast(x(), decimal(20, 1))), at: 7 }
    expect(normal(placed)).toMatchObject({ op: 'compare', at: 7 })
    const absent = { ...compare('distinct', x(), nullOf(BIGINT)), at: 5 }
    expect(normal(absent)).toMatchObject({ op: 'isNull', at: 5 })
  })
})

/** A column, the type it is cast to, a literal of that type, and the literal in the column's type. */
test.each<[DataType, DataType, string, string | undefined]>([
  [BIGINT, decimal(20, 1), '7.0', '7'],
  [BIGINT, decimal(20, 1), '7.5', undefined],
  [BIGINT, decimal(38, 0), '99999999999999999999', undefined],
  [BIGINT, decimal(18, 0), '7', undefined],
  [BIGINT, DOUBLE, '7', undefined],
  [{ id: 'INTEGER' }, BIGINT, '-7', '-7'],
  [{ id: 'INTEGER' }, BIGINT, '3000000000', undefined],
  [BIGINT, { id: 'INTEGER' }, '7', undefined],
  [decimal(18, 2), decimal(21, 5), '7.25000', '7.25'],
  [decimal(18, 2), decimal(21, 5), '7.12300', undefined],
  [decimal(4, 2), decimal(21, 2), '700.25', undefined],
  [decimal(4, 2), decimal(5, 4), '7.2500', undefined],
  [decimal(4, 0), decimal(9, 2), '70.00', '70'],
  [DATE, { id: 'TIMESTAMP' }, '2026-01-31 00:00:00', '2026-01-31'],
  [DATE, { id: 'TIMESTAMP' }, '2026-01-31 10:00:00', undefined],
  [VARCHAR, decimal(9, 2), '7.00', undefined],
])('a literal of %o stands for one of %o where it is exactly that', (from, to, value, wanted) => {
  const narrowed = narrowLiteral(cast(x(0, from), to), { ...literal(value, to), at: 4 })
  expect(narrowed?.right).toEqual(
    wanted === undefined ? undefined : { ...literal(wanted, from), at: 4 },
  )
})

test('only a literal is narrowed, and only against a cast', () => {
  expect(narrowLiteral(x(), five)).toBeUndefined()
  expect(narrowLiteral(cast(x(), decimal(20, 1)), x())).toBeUndefined()
  expect(narrowLiteral(cast(x(), decimal(20, 1)), nullOf(decimal(20, 1)))).toBeUndefined()
})

test('what is in no table of functions is refused, and never written out', () => {
  expect(checkCall('nosuch', [])).toMatchObject({ code: 'query/function' })
  expect(checkCall('upper', [x()])).toMatchObject({ code: 'query/argument-types' })
  expect(checkConstants(five)).toBeUndefined()
  expect(checkConstants(call('nosuch', [], BIGINT))).toBeUndefined()
  expect(checkMeasure({ name: 'nosuch', args: [], distinct: false }, 'aggregate')).toMatchObject({
    code: 'query/function',
  })
  expect(checkMeasureConstants({ name: 'nosuch', args: [] }, 'window')).toBeUndefined()
  const quantile = { name: 'quantile_cont', args: [x(), literal('1.5', decimal(2, 1))] }
  expect(checkMeasureConstants(quantile, 'aggregate')).toMatchObject({
    code: 'query/function-arguments',
  })
  expect(() => totalOf(call('nosuch', [], BIGINT))).toThrow('no function nosuch')
  expect(() => totalMeasure({ name: 'nosuch', args: [], distinct: false, type: BIGINT })).toThrow(
    'no aggregate nosuch',
  )
})

test.each<[DataType, DataType, boolean]>([
  [{ id: 'NULL' }, BIGINT, true],
  [BIGINT, { id: 'NULL' }, false],
  [{ id: 'INTERVAL' }, VARCHAR, false],
  [VARCHAR, { id: 'INTERVAL' }, true],
  [BIGINT, { id: 'INTERVAL' }, false],
  [BIGINT, DATE, false],
  [DATE, { id: 'TIMESTAMP' }, true],
  [DATE, BOOLEAN, false],
  [BOOLEAN, DOUBLE, true],
])('a %o may be cast to a %o: %o', (from, to, wanted) => {
  expect(canCast(from, to)).toBe(wanted)
})

test('a tree whose input stands after its user has no columns', () => {
  expect(() => columnsOf({ nodes: [{ op: 'limit', input: 3 }] })).toThrow('before its user')
})

test('the order of rows and the number of them are part of a question', () => {
  const scan = { op: 'scan' as const, dataset: 'tax', columns: [{ name: 'uscc', type: BIGINT }] }
  const digests = [
    { descending: true, nullsFirst: true },
    { descending: true, nullsFirst: false },
    { descending: false, nullsFirst: false },
  ].map((order) =>
    treeDigest({
      nodes: [scan, { op: 'sort', input: 0, orders: [{ expr: x(), ...order }] }],
      names: ['uscc'],
    }),
  )
  const limits = [{ limit: 3 }, { offset: 3 }, { limit: 3, offset: 3 }].map((limit) =>
    treeDigest({ nodes: [scan, { op: 'limit', input: 0, ...limit }], names: ['uscc'] }),
  )
  expect(new Set([...digests, ...limits]).size).toBe(6)
})

const text = (value: string | null): Expr => literal(value, VARCHAR)
const kind = x(0, VARCHAR)
const integer = (value: string | null): Expr => literal(value, { id: 'INTEGER' })

/** As a text writes it. */
const written: Readonly<Record<string, string>> = { '~~': 'like', like_escape: 'like' }

/** What decides the meaning or growth of a call is a constant within bounds, however the call came to be. */
test.each<[string, readonly Expr[], DataType]>([
  ['date_part', [text(null), x(0, DATE)], BIGINT],
  ['date_part', [text('fortnight'), x(0, DATE)], BIGINT],
  ['lpad', [kind, integer('5'), text(null)], VARCHAR],
  ['lpad', [kind, integer(null), text('x')], VARCHAR],
  ['translate', [kind, text(null), text('a')], VARCHAR],
  ['translate', [kind, text('a'), text(null)], VARCHAR],
  ['~~', [kind, text(null)], BOOLEAN],
  ['~~', [kind, text('a'.repeat(300))], BOOLEAN],
  ['like_escape', [kind, text('a'), text(null)], BOOLEAN],
  ['like_escape', [kind, text('a'), text('ab')], BOOLEAN],
  ['regexp_matches', [kind, text(null)], BOOLEAN],
  ['regexp_extract', [kind, text('(a)'), integer('10')], VARCHAR],
  ['regexp_extract', [kind, text('(a)'), integer('-1')], VARCHAR],
  ['regexp_extract', [kind, text('(a)'), integer(null)], VARCHAR],
])('%s with %j is refused', (name, args, type) => {
  expect(checkConstants(call(name, args, type))).toEqual({
    code: 'query/function-arguments',
    params: { name: written[name] ?? name },
  })
})

test('conjunctions open into each other, and a residual is part of a join', () => {
  expect(allOf([and(b, x(1, BOOLEAN)), x(2, BOOLEAN)])).toEqual(
    and(b, x(1, BOOLEAN), x(2, BOOLEAN)),
  )
  const scan = { op: 'scan' as const, dataset: 'tax', columns: [{ name: 'uscc', type: BIGINT }] }
  const join = { op: 'join' as const, kind: 'left' as const, left: 0, right: 0, on: [] }
  const digests = [join, { ...join, residual: compare('<', x(0), x(1)) }].map((node) =>
    treeDigest({ nodes: [scan, node], names: ['a', 'b'] }),
  )
  expect(digests[0]).not.toBe(digests[1])
})
