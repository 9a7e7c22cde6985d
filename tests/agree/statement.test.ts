import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { decide } from '../../policies/query/decide.ts'
import type { Figure, NoiseStage, Plan } from '../../policies/query/plan.ts'
import { typeTree } from '../../policies/query/typing.ts'
import type { PrivateFact } from '../../policies/relation/fact.ts'
import type { Measure, NodeOf, Tree } from '../../policies/relation/tree.ts'
import { openDuck, quoted } from '../support/duck.ts'
import { protectWith, valuesIn } from '../support/gate.ts'
import { randomData, randomQuestion } from './forest.ts'
import { forestContext, onlyOf } from './forest-policy.ts'
import { evaluate, valueOf, type Data, type Row, type Value } from './naive.ts'

let duck: Awaited<ReturnType<typeof openDuck>>
beforeAll(async () => {
  duck = await openDuck()
})
afterAll(() => duck.close())

const types = {
  firm: 'unit BIGINT, place VARCHAR, size BIGINT',
  fact: 'unit BIGINT, kind VARCHAR, amount BIGINT',
  note: 'unit BIGINT, amount BIGINT',
  list: 'code VARCHAR, weight BIGINT',
}

const fill = async (data: Data): Promise<void> => {
  for (const [name, columns] of Object.entries(types)) {
    await duck.run(`CREATE OR REPLACE TABLE ${name} (${columns})`)
    const rows = data[name]!.rows.map(
      (row) => `(${row.map((value) => quoted(value === null ? null : String(value))).join(', ')})`,
    )
    if (rows.length > 0) await duck.run(`INSERT INTO ${name} VALUES ${rows.join(', ')}`)
  }
}

/** A random tree with an aggregate on top, if the noise door takes it. */
const planFor = (tree: Tree): Plan | undefined => {
  const outcome = decide(tree, forestContext)
  const [stage, more] = outcome.ok ? outcome.value.stages : []
  return outcome.ok && stage?.kind === 'noise' && more === undefined && !stage.threshold
    ? outcome.value
    : undefined
}

const clamp = (value: number, low: number, high: number): number =>
  Math.min(high, Math.max(low, value))

/** What one unit adds to one figure, from its rows in one group: cut off row by row, then as a whole. */
const added = (
  measure: Measure,
  { low = 0, high = 0 }: Figure,
  rows: readonly Row[],
  { single, rowsMax }: PrivateFact,
): number => {
  const most = single ? 1 : rowsMax
  const kept = measure.filter ? rows.filter((row) => valueOf(measure.filter!, row) === true) : rows
  if (measure.name === 'count_star') return Math.min(kept.length, most)
  const values = kept.map((row) => valueOf(measure.args[0]!, row)).filter((value) => value !== null)
  if (measure.distinct) return Math.min(values.length, 1)
  if (measure.name === 'count') return Math.min(values.length, most)
  if (values.length === 0) return 0
  const total = values.reduce<number>((sum, value) => sum + clamp(Number(value), low, high), 0)
  return clamp(total, Math.min(low, low * most), Math.max(high, high * most))
}

/** The answer without noise, from each unit by itself. */
const expected = (
  tree: Tree,
  stage: NoiseStage,
  data: Data,
): ReadonlyMap<string, readonly number[]> => {
  const facts = typeTree(tree, forestContext)
  const position = facts.length - 1
  const node = tree.nodes[position] as NodeOf<'aggregate'>
  const relation = facts[node.input]!.privacy as PrivateFact
  const sums = new Map<string, number[]>()
  for (const unit of [1, 2, 3, 4, 5]) {
    const groups = new Map<string, Row[]>()
    for (const row of evaluate({ nodes: tree.nodes.slice(0, position) }, onlyOf(data, unit))[
      node.input
    ]!) {
      const key = JSON.stringify(node.keys.map((index) => row[index]))
      groups.set(key, [...(groups.get(key) ?? []), row])
    }
    for (const [key, rows] of groups) {
      const parts = node.measures.map((measure, index) =>
        added(measure, stage.figures[index]!, rows, relation),
      )
      sums.set(
        key,
        parts.map((part, index) => part + (sums.get(key)?.[index] ?? 0)),
      )
    }
  }
  return sums
}

const texts = (key: readonly unknown[]): string => JSON.stringify(key)

test('without noise the answer is what each unit adds, bounded, for random trees and data', async () => {
  let compared = 0
  await fc.assert(
    fc.asyncProperty(fc.gen(), async (draw) => {
      const tree = randomQuestion(draw)
      const plan = tree && planFor(tree)
      if (tree === undefined || plan === undefined) return
      const data = randomData(draw)
      await fill(data)
      const [stage] = plan.stages as [NoiseStage]
      const want = expected(tree, stage, data)
      const answer = valuesIn(await protectWith(plan, duck))
      const width = stage.keys.length
      for (const row of answer) {
        const zeros = stage.figures.map(() => 0)
        expect(row.slice(width)).toEqual(want.get(texts(row.slice(0, width) as Value[])) ?? zeros)
      }
      compared += answer.length
    }),
    { numRuns: Number(process.env['SLUICE_RUNS'] ?? 250), seed: 20260701 },
  )
  expect(compared).toBeGreaterThan(200)
})
