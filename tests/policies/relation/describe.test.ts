import { expect, test } from 'vitest'
import { literal } from '../../../policies/relation/build.ts'
import { describeTree } from '../../../policies/relation/describe.ts'
import type { Expr } from '../../../policies/relation/expression.ts'
import type { Node } from '../../../policies/relation/tree.ts'
import { BIGINT, BOOLEAN, DATE, VARCHAR, type DataType } from '../../../policies/relation/type.ts'

const scan: Node = {
  op: 'scan',
  dataset: 'tax',
  columns: [
    { name: 'uscc', type: BIGINT },
    { name: 'kind', type: VARCHAR },
  ],
}
const column = (index: number, type: DataType = BIGINT): Expr => ({ op: 'column', index, type })
const [uscc, kind] = [column(0), column(1, VARCHAR)]
const one = literal('1', BIGINT)
const all = (...nodes: readonly Node[]): string[] =>
  describeTree({ nodes: [scan, ...nodes], names: [] }, 'en').slice(1)
const join = (more: Partial<Extract<Node, { op: 'join' }>>): Node => ({
  op: 'join',
  kind: 'inner',
  left: 0,
  right: 0,
  on: [],
  ...more,
})
const negative: Expr = { op: 'compare', kind: '<', left: uscc, right: one }

test.each<[string, readonly Node[]]>([
  [
    '#2 values (1 × 2)',
    [{ op: 'values', columns: [{ name: 'v', type: BIGINT }], rows: [[one], [one]] }],
  ],
  ['#2 rows of #1, #1', [{ op: 'union', inputs: [0, 0] }]],
  ['#2 inner join of #1 and #1', [join({})]],
  [
    '#2 left join of #1 and #1 where uscc = uscc and uscc < 1',
    [join({ kind: 'left', on: [{ left: uscc, right: uscc, kind: '=' }], residual: negative })],
  ],
  ['#2 of #1 take all rows together', [{ op: 'aggregate', input: 0, keys: [], measures: [] }]],
  [
    '#2 of #1 group by kind and compute count(distinct uscc) filter (uscc < 1)',
    [
      {
        op: 'aggregate',
        input: 0,
        keys: [1],
        measures: [{ name: 'count', args: [uscc], distinct: true, filter: negative, type: BIGINT }],
      },
    ],
  ],
  [
    '#2 of #1 sort by kind, uscc desc',
    [
      {
        op: 'sort',
        input: 0,
        orders: [
          { expr: kind, descending: false, nullsFirst: false },
          { expr: uscc, descending: true, nullsFirst: false },
        ],
      },
    ],
  ],
  ['#2 of #1 take 5', [{ op: 'limit', input: 0, limit: 5 }]],
  ['#2 of #1 take ∞ from row 4', [{ op: 'limit', input: 0, offset: 3 }]],
])('%s', (sentence, nodes) => {
  expect(all(...nodes)).toEqual([sentence])
})

test('what is added, grouped and tested keeps its name in what comes after', () => {
  const flag = (index: number): Node => ({
    op: 'filter',
    input: index,
    predicate: column(2, BOOLEAN),
  })
  const window: Node = {
    op: 'window',
    input: 0,
    exprs: [
      {
        name: 'max',
        args: [uscc],
        partitions: [kind],
        orders: [],
        frame: {
          unit: 'rows',
          start: { kind: 'unboundedPreceding' },
          end: { kind: 'unboundedFollowing' },
        },
        type: BIGINT,
      },
    ],
  }
  expect(all(join({ kind: 'mark' }), flag(1))[1]).toBe('#3 of #2 keep rows where matched')
  expect(all(window, flag(1))).toEqual([
    '#2 of #1 add max(uscc) over (kind)',
    '#3 of #2 keep rows where max(uscc) over (kind)',
  ])
  expect(all(join({ kind: 'left' }), flag(1))[1]).toBe('#3 of #2 keep rows where uscc')
  expect(all(join({ kind: 'semi' }), { op: 'project', input: 1, exprs: [kind] })[1]).toBe(
    '#3 of #2 compute kind',
  )
  const grouped: Node = { op: 'aggregate', input: 0, keys: [1], measures: [] }
  expect(all(grouped, { op: 'project', input: 1, exprs: [column(0, VARCHAR)] })[1]).toBe(
    '#3 of #2 compute kind',
  )
})

const isNull = (negated: boolean): Expr => ({ op: 'isNull', input: uscc, negated })
test.each<[string, Expr]>([
  ["'1'", literal('1', VARCHAR)],
  ["'2024-01-01'", literal('2024-01-01', DATE)],
  ['null', literal(null, DATE)],
  ['(uscc + 1)', { op: 'call', name: '+', args: [uscc, one], type: BIGINT }],
  ['-(uscc)', { op: 'call', name: '-', args: [uscc], type: BIGINT }],
  ['upper(kind)', { op: 'call', name: 'upper', args: [kind], type: VARCHAR }],
  [
    'case when uscc is null then 1 else uscc end',
    { op: 'case', whens: [{ when: isNull(false), value: one }], otherwise: uscc, type: BIGINT },
  ],
  ['try_cast(kind as BIGINT)', { op: 'tryCast', input: kind, type: BIGINT }],
  ['uscc in (1)', { op: 'in', input: uscc, list: [one], negated: false }],
  ['uscc not in (1)', { op: 'in', input: uscc, list: [one], negated: true }],
  ['not uscc is not null', { op: 'not', input: isNull(true) }],
  ['(uscc < 1 and uscc is null)', { op: 'and', args: [negative, isNull(false)] }],
  ['(uscc < 1 or uscc is null)', { op: 'or', args: [negative, isNull(false)] }],
  ['uscc is distinct from 1', { op: 'compare', kind: 'distinct', left: uscc, right: one }],
  [`'${'长'.repeat(116)}…`, literal('长'.repeat(200), VARCHAR)],
])('an expression is written as SQL would: %s', (text, expr) => {
  expect(all({ op: 'project', input: 0, exprs: [expr] })).toEqual([`#2 of #1 compute ${text}`])
})

test('the words are in both languages', () => {
  const tree = { nodes: [scan, { op: 'limit', input: 0, limit: 2, offset: 1 } as Node], names: [] }
  expect(describeTree(tree, 'zh')).toEqual(['#1 读取 tax(uscc, kind)', '#2 #1 取前 2 起始行 2'])
})
