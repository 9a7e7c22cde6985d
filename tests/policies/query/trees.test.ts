import { describe, expect, test } from 'vitest'
import { quantileOf } from '../../../policies/query/quantile.ts'
import { startThread } from '../../../policies/query/thread.ts'
import { typeTree } from '../../../policies/query/typing.ts'
import type { Expr } from '../../../policies/relation/expression.ts'
import { compare, literal } from '../../../policies/relation/build.ts'
import { BIGINT, DOUBLE, VARCHAR, type DataType } from '../../../policies/relation/type.ts'
import { decide } from '../../../policies/query/decide.ts'
import { treeSchema, type Node, type Tree } from '../../../policies/relation/tree.ts'
import { town, townContext, treeOf } from '../../support/town.ts'

/*
 * Trees that no text becomes.
 */
describe('what no rule lets through is not planned either', () => {
  test('a limit over rows of entities', async () => {
    const tree = await treeOf('select uscc from enterprise limit 3')
    const question = { tree, facts: typeTree(tree, townContext), context: townContext }
    const at = tree.nodes.findIndex(({ op }) => op === 'limit')
    expect(() => startThread(question, new Map()).thread(at)).toThrow('a limit over private rows')
  })
  test('a table with the name of a result', async () => {
    const { region } = town
    if (region === undefined) throw new Error('no region')
    const name = 'protected_0'
    const datasets = { [name]: { ...region, dataset: name } }
    const tree = {
      nodes: [{ op: 'scan' as const, dataset: name, columns: [{ name: 'code', type: VARCHAR }] }],
      names: ['code'],
    }
    expect(() => typeTree(tree, { ...townContext, datasets })).toThrow('the name of a result')
  })
  test('a quantile of which nobody says which', () => {
    const only: Expr = { op: 'column', index: 0, type: DOUBLE }
    const measure = { name: 'quantile_cont', args: [only, only], distinct: false, type: DOUBLE }
    expect(() => quantileOf(measure, { low: 0, high: 1 }, [], 2)).toThrow('a quantile of nothing')
  })
})

test('refusals without a place keep the order of the rules', async () => {
  const tree = await treeOf('select max(capital), min(staff) from enterprise where uscc % 2 = 0')
  const bare = treeSchema.parse(
    JSON.parse(JSON.stringify(tree, (key, value: unknown) => (key === 'at' ? undefined : value))),
  )
  const outcome = decide(bare, townContext)
  expect(outcome.ok ? [] : outcome.refusals.map(({ code }) => code).sort()).toEqual([
    'query/aggregate-not-available',
    'query/aggregate-not-available',
    'query/identifier-used',
  ])
  expect(outcome.ok ? [] : outcome.refusals.filter(({ at }) => at !== undefined)).toEqual([])
})

test('an order below an aggregate orders nothing', () => {
  const amount: Expr = { op: 'column', index: 1, type: { id: 'DECIMAL', width: 18, scale: 2 } }
  const tree: Tree = {
    nodes: [
      {
        op: 'scan',
        dataset: 'tax',
        columns: [
          { name: 'uscc', type: BIGINT },
          { name: 'amount', type: { id: 'DECIMAL', width: 18, scale: 2 } },
        ],
      },
      { op: 'sort', input: 0, orders: [{ expr: amount, descending: false, nullsFirst: false }] },
      { op: 'aggregate', input: 1, keys: [0], measures: [] },
      {
        op: 'aggregate',
        input: 2,
        keys: [],
        measures: [{ name: 'count_star', args: [], distinct: false, type: BIGINT }],
      },
    ],
    names: ['n'],
  }
  const outcome = decide(tree, townContext)
  const nodes = outcome.ok ? outcome.value.stages.flatMap((stage) => stage.tree.nodes) : []
  expect(nodes.length).toBeGreaterThan(0)
  expect(nodes.filter(({ op }) => op === 'sort')).toEqual([])
})

test('a nothing in another type is nothing too', async () => {
  const tree = await treeOf('select sum(case when listed then staff else 0 end) from enterprise')
  const cast = (zero: Expr): Expr => ({ op: 'tryCast', input: zero, type: BIGINT })
  const nodes = tree.nodes.map((node): Node =>
    node.op !== 'aggregate'
      ? node
      : {
          ...node,
          measures: node.measures.map((measure) => ({
            ...measure,
            args: measure.args.map((arg) =>
              arg.op === 'case' ? { ...arg, otherwise: cast(arg.otherwise) } : arg,
            ),
          })),
        },
  )
  const outcome = decide({ ...tree, nodes }, { ...townContext, door: 'people' })
  const [stage] = outcome.ok ? outcome.value.stages : []
  expect(stage?.kind === 'people' && stage.figures[0]?.filtered).toBe(true)
})

test('filters at several heights become one flag, and what was computed twice is no key of the grain', () => {
  const column = (index: number, type: DataType): Expr => ({ op: 'column', index, type })
  const [a, b, c] = ['a', 'b', 'c'].map((text) => literal(text, VARCHAR)) as [Expr, Expr, Expr]
  const either: Expr = {
    op: 'case',
    whens: [{ when: compare('=', column(1, VARCHAR), literal('vat', VARCHAR)), value: a }],
    otherwise: b,
    type: VARCHAR,
  }
  const late = compare('>', column(2, BIGINT), literal('5', BIGINT))
  const tree: Tree = {
    nodes: [
      {
        op: 'scan',
        dataset: 'tax',
        columns: [
          { name: 'uscc', type: BIGINT },
          { name: 'kind', type: VARCHAR },
          { name: 'late_days', type: BIGINT },
        ],
      },
      { op: 'filter', input: 0, predicate: late },
      { op: 'project', input: 1, exprs: [either] },
      { op: 'filter', input: 2, predicate: compare('<>', column(0, VARCHAR), c) },
      { op: 'project', input: 3, exprs: [compare('=', column(0, VARCHAR), a)] },
      {
        op: 'aggregate',
        input: 4,
        keys: [0],
        measures: [{ name: 'count_star', args: [], distinct: false, type: BIGINT }],
      },
    ],
    names: ['j', 'n'],
  }
  const outcome = decide(tree, townContext)
  const [stage] = outcome.ok ? outcome.value.stages : []
  if (stage?.kind !== 'noise') throw new Error('no stage of noise')
  expect(stage).toMatchObject({ single: false, flag: expect.any(Number) as number })
  const { nodes } = stage.tree
  expect(nodes.filter(({ op }) => op === 'filter')).toEqual([])
  const flags = nodes.flatMap((node) => (node.op === 'project' ? node.exprs : []))
  expect(flags.filter(({ op }) => op === 'and')).toHaveLength(1)
})
