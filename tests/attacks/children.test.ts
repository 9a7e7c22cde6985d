import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { BIGINT, VARCHAR } from '../../policies/relation/type.ts'
import type { Expr } from '../../policies/relation/expression.ts'
import type { Node, Tree } from '../../policies/relation/tree.ts'
import { need } from '../support/domain.ts'
import { openInside, poolSaying, type Inside } from '../support/inside.ts'

/*
 * Children read hostile texts and hostile files. What a broken one answers is input like any other: the keeper refuses,
 * or fails, tells the operator, and goes on.
 */
let inside: Inside
beforeAll(async () => {
  inside = await openInside()
})
afterAll(() => inside.close())

const text = (index: number): Expr => ({ op: 'column', index, type: VARCHAR })
const word = (value: string): Expr => ({ op: 'literal', value, type: VARCHAR })
const number = (value: string): Expr => ({ op: 'literal', value, type: BIGINT })
const count: Extract<Node, { op: 'aggregate' }>['measures'][number] = {
  name: 'count_star',
  args: [],
  distinct: false,
  type: BIGINT,
}
const registry: Node = {
  op: 'scan',
  dataset: 'ent_registry',
  columns: [
    { name: 'uscc', type: BIGINT },
    { name: 'district', type: VARCHAR },
  ],
}
const counted = (input: number): Node => ({ op: 'aggregate', input, keys: [], measures: [count] })
const tree = (...nodes: readonly Node[]): Tree => ({ nodes: [...nodes], names: ['n'] })
const honest = tree(registry, counted(0))
const filtered = (predicate: Expr): Tree =>
  tree(registry, { op: 'filter', input: 0, predicate }, counted(1))
const scanning = (dataset: string, name: string): Tree =>
  tree({ op: 'scan', dataset, columns: [{ name, type: VARCHAR }] }, counted(0))

const nested = (depth: number): Expr => {
  let expr: Expr = { op: 'compare', kind: '=', left: text(1), right: word('x') }
  for (let level = 0; level < depth; level += 1) expr = { op: 'not', input: expr }
  return expr
}

const forged: Readonly<Record<string, unknown>> = {
  'no tree at all': { answer: 'tree', tree: 'drop table' },
  'an answer nobody defined': { answer: 'rows of the registry' },
  'rows instead of a tree': { answer: 'rows', columns: [], rows: [['91890101MA0000000A']] },
  'a refusal with a code of its own': {
    answer: 'refusals',
    refusals: [{ code: '91890101MA0000000A', params: {} }],
  },
  'a dataset of nobody': scanning('citizens', 'name'),
  'a dataset of the city without a version': scanning('court_case', 'cause'),
  'an identifier under its own name': scanning('ent_registry', 'legal_person_id'),
  'a raw column': scanning('ent_registry', 'name'),
  'a hidden rank': scanning('ent_registry', '__rank_person'),
  'a protected result that is none yet': scanning('protected_0', 'c0'),
  'a column of another type': tree(
    { op: 'scan', dataset: 'ent_registry', columns: [{ name: 'district', type: BIGINT }] },
    counted(0),
  ),
  'a column beyond its relation': filtered({
    op: 'compare',
    kind: '=',
    left: text(7),
    right: word('x'),
  }),
  'a comparison of a text with a number': filtered({
    op: 'compare',
    kind: '=',
    left: text(1),
    right: number('5'),
  }),
  'a function that is not in the table': filtered({
    op: 'compare',
    kind: '=',
    left: { op: 'call', name: 'getenv', args: [text(1)], type: VARCHAR },
    right: word('x'),
  }),
  'a function of plans alone': filtered({
    op: 'compare',
    kind: '=',
    left: { op: 'call', name: '__hash', args: [text(1)], type: BIGINT },
    right: number('5'),
  }),
  'a text that grows without bound': filtered({
    op: 'compare',
    kind: '=',
    left: {
      op: 'call',
      name: 'lpad',
      args: [text(1), number('999999999'), word('x')],
      type: VARCHAR,
    },
    right: word('x'),
  }),
  'a pattern taken from the data': filtered({
    op: 'call',
    name: 'regexp_matches',
    args: [text(1), text(1)],
    type: { id: 'BOOLEAN' },
  }),
  'an input after its user': tree(counted(1), registry),
  'an input that is itself': tree(counted(0)),
  'a negative position': tree(registry, { ...counted(0), input: -1 } as Node),
  'a condition that is none': filtered(text(1)),
  'an aggregate that shows rows': tree(registry, {
    op: 'aggregate',
    input: 0,
    keys: [0],
    measures: [{ name: 'string_agg', args: [text(1)], distinct: false, type: VARCHAR }],
  }),
  'sixty thousand conditions in one another': filtered(nested(60_000)),
  'a thousand conditions in one another': filtered(nested(1000)),
  'half a million conditions': filtered({
    op: 'and',
    args: Array.from({ length: 250_000 }, () => nested(0)),
  }),
  'five thousand nodes': tree(...Array.from({ length: 5000 }, () => registry), counted(0)),
}

const isTree = (answer: unknown): answer is Tree =>
  typeof answer === 'object' && answer !== null && 'nodes' in answer

const answering = (answer: unknown) =>
  poolSaying(() => (isTree(answer) ? { answer: 'tree', tree: answer } : answer))

const spentBy = async (): Promise<unknown> =>
  need(await inside.call(inside.keys.bank, 'agreement/list', {})).agreements.map(
    ({ ledger }) => ledger,
  )

test('an honest tree of a replaced checker is answered', async () => {
  const view = await inside.ask({ sql: 'select 1' }, { checkers: answering(honest) })
  expect(view).toMatchObject({ state: 'released' })
})

describe('a checker that answers', () => {
  test.each(Object.entries(forged))('%s: nothing is charged or run', async (_, answer) => {
    const before = await spentBy()
    const view = await inside.ask({ sql: 'select 1' }, { checkers: answering(answer) })
    expect(view).toMatchObject({ state: 'refused', cost: [] })
    expect(JSON.stringify(view.refusals)).not.toContain('91890101MA')
    expect(await spentBy()).toEqual(before)
  })

  test('something for the dry run: an incident, and not its content', async () => {
    const outcome = await inside.call(
      inside.keys.bank,
      'submission/check',
      {
        kind: 'query',
        agreement: 'bank-a',
        sql: 'select 1',
        door: 'noise',
      } as never,
      { checkers: answering(forged['a refusal with a code of its own']) },
    )
    expect(outcome).toMatchObject({ ok: false, refusals: [{ code: 'internal/failure' }] })
    expect(JSON.stringify(outcome)).not.toContain('91890101MA')
  })
})

const facts = { openMs: 1, stages: [], peakMb: 1 }
const tables = (...list: readonly unknown[]): object => ({
  answer: 'tables',
  tables: list,
  evidence: null,
  facts,
})
const figure = { columns: [{ type: BIGINT, figure: true }], rows: [[{ value: 5 }]] }

const malformed: Readonly<Record<string, unknown>> = {
  'nothing that is an answer': undefined,
  'a text': '91890101MA0000000A',
  'no table': tables(),
  'a table without its column': tables({ columns: [], rows: [[]] }),
  'a table of a nested type': tables({
    columns: [{ type: { id: 'STRUCT' }, figure: true }],
    rows: [],
  }),
  'a cell that is a list': tables({ ...figure, rows: [[['91890101MA0000000A']]] }),
  'a text where a number is due': tables({ ...figure, rows: [[{ value: '91890101MA0000000A' }]] }),
  'a cell with more in it': tables({
    ...figure,
    rows: [[{ value: 5, name: '91890101MA0000000A' }]],
  }),
  'a failure in its own words': {
    answer: 'failure',
    fault: 'could not convert 91890101MA0000000A',
  },
}

describe('a runner that answers', () => {
  // Each asks for what no release holds yet: that would be answered without a runner.
  const asked = Object.entries(malformed).map(([word, answer], at) => [word, answer, at] as const)
  test.each(asked)('%s: its author learns one code', async (_, answer, at) => {
    const settings = { ...inside.domain.settings, failureMs: 100 }
    const view = await inside.ask(
      {
        sql: `select count(*) from ent_registry where registered_capital > ${700 + at}`,
        rho: 0.001,
      },
      { runners: poolSaying(() => answer), settings },
    )
    expect(view).toMatchObject({ state: 'failed', refusals: [{ code: 'run/not-released' }] })
    expect(JSON.stringify(view)).not.toContain('91890101MA')
  })
})

test('after all of it an honest question is answered, and the log is whole', async () => {
  expect(await inside.ask({ sql: 'select count(*) from ent_registry' })).toMatchObject({
    state: 'released',
  })
  const { lines } = need(await inside.call(inside.keys.supervisor, 'log/export', { from: 0 }))
  expect(lines.join('\n')).not.toContain('MA0000000A')
})
