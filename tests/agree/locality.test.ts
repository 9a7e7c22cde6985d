import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { typeTree } from '../../policies/query/typing.ts'
import type { NodeFact } from '../../policies/relation/fact.ts'
import { inputsOf, type Tree } from '../../policies/relation/tree.ts'
import { randomData, randomTree } from './forest.ts'
import { forestContext, ofSomebody, onlyOf } from './forest-policy.ts'
import { evaluate, type Data, type Row } from './naive.ts'

/** No operator below that no rule would let through. */
const isAllowed = (tree: Tree, facts: readonly NodeFact[], position: number): boolean => {
  const fact = facts[position]!
  if (fact.link === 'none') return false
  return inputsOf(tree.nodes[position]!).every((input) => isAllowed(tree, facts, input))
}

const sorted = (rows: readonly Row[]): readonly string[] =>
  rows.map((row) => JSON.stringify(row)).sort()

/**
 * The ground of every sensitivity: the rows of a private relation are those of each unit alone, put together; a column
 * that is said to be the unit's own is; `single` and the facts about columns hold.
 */
const checkLocality = (tree: Tree, data: Data): number => {
  const facts = typeTree(tree, forestContext)
  const whole = evaluate(tree, ofSomebody(data))
  const known = new Map(
    whole.flatMap((rows, position) =>
      facts[position]!.privacy.private ? [] : [[position, rows] as const],
    ),
  )
  const parts = [1, 2, 3, 4, 5].map((one) => ({
    one,
    all: evaluate(tree, onlyOf(data, one), known),
  }))
  let checked = 0
  for (const [position, fact] of facts.entries()) {
    if (!fact.privacy.private || !isAllowed(tree, facts, position)) continue
    checked += 1
    expect(sorted(parts.flatMap(({ all }) => all[position]!))).toEqual(sorted(whole[position]!))
    for (const { one, all } of parts) checkFacts(fact, all[position]!, one)
  }
  return checked
}

const checkFacts = (fact: NodeFact, rows: readonly Row[], one: number): void => {
  if (fact.privacy.private && fact.privacy.single) expect(rows.length).toBeLessThanOrEqual(1)
  for (const [index, column] of fact.columns.entries()) {
    const values = rows.map((row) => row[index]!)
    if (!column.nullable) expect(values).not.toContain(null)
    if (column.surrogate?.own)
      expect(values.filter((value) => value !== null && value !== one)).toEqual([])
    if (column.ofEntity && column.key) expect(new Set(values).size).toBeLessThanOrEqual(1)
  }
}

test('whatever is typed as private is made of each unit by itself, for random trees and data', () => {
  let checked = 0
  fc.assert(
    fc.property(fc.gen(), (draw) => {
      checked += checkLocality(randomTree(draw), randomData(draw))
    }),
    { numRuns: Number(process.env['SLUICE_RUNS'] ?? 400), seed: 20260701 },
  )
  expect(checked).toBeGreaterThan(400)
})
