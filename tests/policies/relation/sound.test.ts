import { expect, test } from 'vitest'
import { literal } from '../../../policies/relation/build.ts'
import type { Expr } from '../../../policies/relation/expression.ts'
import { assertSound, type Readable } from '../../../policies/relation/sound.ts'
import type { Measure, Node, Tree, WindowExpr } from '../../../policies/relation/tree.ts'
import {
  BIGINT,
  BOOLEAN,
  DATE,
  DOUBLE,
  VARCHAR,
  type DataType,
} from '../../../policies/relation/type.ts'
import { townTables, treeOf } from '../../support/town.ts'

/*
 * Trees as a checker that a text has taken over would send them: each is sound but for one thing.
 */
const tables: readonly Readable[] = [
  {
    dataset: 'shop',
    columns: [
      { name: 'id', type: BIGINT },
      { name: 'street', type: VARCHAR },
      { name: 'opened', type: DATE },
      { name: 'open', type: BOOLEAN },
    ],
  },
]
const column = (index: number, type: DataType): Expr => ({ op: 'column', index, type })
const [id, street, opened, open] = [
  column(0, BIGINT),
  column(1, VARCHAR),
  column(2, DATE),
  column(3, BOOLEAN),
]
const one = literal('1', BIGINT)
const shop: Node = {
  op: 'scan',
  dataset: 'shop',
  columns: tables[0]!.columns.map(({ name, type }) => ({ name, type })),
}
/** Nodes over the shops, and as many names as the last has columns. */
const over = (width: number, ...nodes: readonly Node[]): Tree => ({
  nodes: [shop, ...nodes],
  names: Array.from({ length: width }, (_, index) => `c${index}`),
})
const computed = (...exprs: Expr[]): Tree => over(exprs.length, { op: 'project', input: 0, exprs })
const kept = (predicate: Expr): Tree => over(4, { op: 'filter', input: 0, predicate })
const joined = (more: Partial<Extract<Node, { op: 'join' }>>): Tree =>
  over(8, { op: 'join', kind: 'inner', left: 0, right: 0, on: [], ...more })
const measured = (more: Partial<Measure>): Tree =>
  over(1, {
    op: 'aggregate',
    input: 0,
    keys: [],
    measures: [{ name: 'sum', args: [id], distinct: false, type: { id: 'HUGEINT' }, ...more }],
  })
const windowed = (more: Partial<WindowExpr>): Tree =>
  over(5, {
    op: 'window',
    input: 0,
    exprs: [
      {
        name: 'row_number',
        args: [],
        partitions: [id],
        orders: [{ expr: opened, descending: false, nullsFirst: true }],
        frame: {
          unit: 'rows',
          start: { kind: 'unboundedPreceding' },
          end: { kind: 'currentRow' },
        },
        type: BIGINT,
        ...more,
      },
    ],
  })
const values = (...rows: Expr[][]): Tree => ({
  nodes: [{ op: 'values', columns: [{ name: 'a', type: BIGINT }], rows }],
  names: ['a'],
})
const scanned = (dataset: string, name: string, type: DataType): Tree => ({
  nodes: [{ op: 'scan', dataset, columns: [{ name, type }] }],
  names: ['a'],
})
const caseOf = (when: Expr, value: Expr, otherwise: Expr): Expr => ({
  op: 'case',
  whens: [{ when, value }],
  otherwise,
  type: BIGINT,
})
const deep = (depth: number): Expr => (depth === 0 ? open : { op: 'not', input: deep(depth - 1) })

/** 2^levels conditions, written once. */
const bushy = (levels: number): Expr => {
  if (levels === 0) return open
  const half = bushy(levels - 1)
  return { op: 'and', args: [half, half] }
}

test.each<[string, Tree]>([
  ['a computed column', computed(id, caseOf(open, id, one))],
  ['a try_cast', computed({ op: 'tryCast', input: street, type: BIGINT })],
  ['a condition', kept({ op: 'and', args: [open, { op: 'isNull', input: id, negated: true }] })],
  ['a list', kept({ op: 'in', input: id, list: [one], negated: false })],
  ['a join', joined({ on: [{ left: id, right: id, kind: '=' }], residual: column(7, BOOLEAN) })],
  ['a left join', joined({ kind: 'left', residual: open })],
  ['a sum of some rows', measured({ filter: open })],
  ['a window', windowed({})],
  ['constants', values([one], [literal(null, BIGINT)])],
  ['a union', over(4, { op: 'union', inputs: [0, 0] })],
  [
    'an order and a limit',
    over(
      4,
      { op: 'sort', input: 0, orders: [{ expr: id, descending: true, nullsFirst: false }] },
      { op: 'limit', input: 1, limit: 3 },
    ),
  ],
  ['a chain of 398 parts', kept(deep(397))],
])('%s is sound', (_, tree) => {
  expect(() => assertSound(tree, tables)).not.toThrow()
})

test.each([
  'select district, count(*) filter (where staff > 3) from enterprise group by district having count(*) > 5',
  'select sum(r) from (select uscc, row_number() over (partition by uscc order by period) r from tax)',
  'select count(*) from enterprise e where exists (select 1 from tax t where t.uscc = e.uscc) or not listed',
  'select district, n from (select district, count(*) n from enterprise group by 1 union all values (null, 3)) order by n limit 2',
])('what a checker of ours makes of `%s` is sound', async (sql) => {
  const tree = await treeOf(sql)
  expect(() => assertSound(tree, townTables)).not.toThrow()
})

test.each<[string, Tree, string]>([
  ['reads what comes after it', over(4, { op: 'limit', input: 1 }), 'an input after its user'],
  ['reads another table', scanned('secret', 'id', BIGINT), 'a scan of what may not be read'],
  [
    'reads no column of another table',
    { nodes: [{ op: 'scan', dataset: 'secret', columns: [] }], names: [] },
    'a scan of no table',
  ],
  ['reads a hidden column', scanned('shop', 'owner', BIGINT), 'a scan of what may not be read'],
  [
    'reads a column as another type',
    scanned('shop', 'id', VARCHAR),
    'a scan of what may not be read',
  ],
  ['has fewer names than columns', over(3), 'a name for each column'],
  ['has more names than columns', over(5), 'a name for each column'],
  ['has a row that is too long', values([one, one]), 'a row'],
  ['has a row that is too short', values([]), 'a row'],
  ['has a cell of another type', values([literal('1', VARCHAR)]), 'a row'],
  ['has a cell made of columns', values([id]), 'column'],
  ['keeps rows by a number', kept(id), 'a condition'],
  ['computes with a column that is not there', computed(column(4, BIGINT)), 'column'],
  ['takes a text for a number', computed(column(1, BIGINT)), 'column'],
  [
    'calls what is not in the table',
    computed({ op: 'call', name: 'read_text', args: [street], type: VARCHAR }),
    'call',
  ],
  [
    'calls with arguments of other types',
    computed({ op: 'call', name: 'sqrt', args: [street], type: DOUBLE }),
    'call',
  ],
  [
    'calls with a column where a constant must stand',
    computed({ op: 'call', name: 'date_part', args: [street, opened], type: BIGINT }),
    'call',
  ],
  ['has a CASE on a number', computed(caseOf(id, one, one)), 'case'],
  ['has a CASE with a value of another type', computed(caseOf(open, street, one)), 'case'],
  ['has a CASE that ends in another type', computed(caseOf(open, one, street)), 'case'],
  [
    'casts what has no cast',
    computed({ op: 'tryCast', input: open, type: { id: 'INTERVAL' } }),
    'tryCast',
  ],
  [
    'looks for a number among texts',
    kept({ op: 'in', input: id, list: [one, street], negated: false }),
    'in',
  ],
  ['negates a number', kept({ op: 'not', input: id }), 'not'],
  ['joins a number by AND', kept({ op: 'and', args: [open, id] }), 'and'],
  ['joins a number by OR', kept({ op: 'or', args: [id, open] }), 'or'],
  [
    'compares a number with a text',
    kept({ op: 'compare', kind: '=', left: id, right: street }),
    'compare',
  ],
  [
    'joins a number with a text',
    joined({ on: [{ left: id, right: street, kind: '=' }] }),
    'a join of two types',
  ],
  [
    'joins by a column of the other side',
    joined({ on: [{ left: column(4, BIGINT), right: id, kind: '=' }] }),
    'column',
  ],
  ['has a further condition on a semi join', joined({ kind: 'semi', residual: open }), 'a join'],
  ['says which side is kept', joined({ build: 'left' }), 'a side to keep'],
  ['has a number as a further condition', joined({ residual: id }), 'a condition'],
  [
    'groups by a column that is not there',
    over(1, { op: 'aggregate', input: 0, keys: [4], measures: [] }),
    'a key',
  ],
  ['measures what is not in the table', measured({ name: 'list' }), 'an aggregate'],
  ['adds up texts', measured({ args: [street] }), 'an aggregate'],
  ['measures where a number holds', measured({ filter: id }), 'a condition'],
  [
    'takes a fraction from a column',
    measured({
      name: 'quantile_cont',
      args: [
        { op: 'tryCast', input: id, type: DOUBLE },
        { op: 'tryCast', input: id, type: DOUBLE },
      ],
      type: DOUBLE,
    }),
    'constants of an aggregate',
  ],
  ['has an unknown window function', windowed({ name: 'random' }), 'an aggregate'],
  ['orders a window by what is not there', windowed({ partitions: [column(4, BIGINT)] }), 'column'],
  [
    'puts texts below numbers',
    over(
      1,
      { op: 'project', input: 0, exprs: [id] },
      { op: 'project', input: 0, exprs: [street] },
      { op: 'union', inputs: [1, 2] },
    ),
    'a union',
  ],
  [
    'puts one column below two',
    over(4, { op: 'project', input: 0, exprs: [id] }, { op: 'union', inputs: [0, 1] }),
    'a union',
  ],
  [
    'orders by what is not there',
    over(4, {
      op: 'sort',
      input: 0,
      orders: [{ expr: column(4, BIGINT), descending: false, nullsFirst: false }],
    }),
    'column',
  ],
  ['is too deep', kept(deep(400)), 'too many parts'],
  ['is too large', kept(bushy(17)), 'too many parts'],
])('a tree that %s is not believed', (_, tree, what) => {
  expect(() => assertSound(tree, tables)).toThrow(`no sound tree: ${what}`)
})
