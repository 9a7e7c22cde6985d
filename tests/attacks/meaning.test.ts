import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { treeDigest } from '../../policies/relation/digest.ts'
import type { Tree } from '../../policies/relation/tree.ts'
import { emitTree } from '../../sandbox/query/emit.ts'
import { quoteName } from '../../sandbox/query/render.ts'
import { check } from '../support/checker.ts'
import { openDuck } from '../support/duck.ts'
import { townTables } from '../support/town.ts'
import { faulty, loweringFaults } from './lowering-faults.ts'
import { buildTowns, type Town } from './neighbours.ts'
import { question } from './sentence.ts'

/*
 * Whatever is decided is decided about the tree, so the tree must mean what the text means: random questions give the
 * same rows as they stand and as they are emitted, where the engine can run them at all.
 */
const prove = process.env['SLUICE_PROVE'] !== undefined

let duck: Awaited<ReturnType<typeof openDuck>>
let towns: readonly Town[]
beforeAll(async () => {
  duck = await openDuck()
  towns = await buildTowns(duck, 2)
  // What is divided by zero is infinite in the engine and has no value here: this setting makes both say NULL.
  await duck.run('SET ieee_floating_point_ops = false')
})
afterAll(() => duck.close())

const comparable = (rows: readonly (readonly (string | null)[])[]): readonly string[] =>
  rows.map((row) => JSON.stringify(row.map(rounded))).sort()

/** Sums of doubles differ in their last digits with the order of rows. */
const rounded = (cell: string | null): string | null =>
  cell !== null && /^-?\d+\.\d+(?:e[+-]?\d+)?$/.test(cell)
    ? String(Number(Number(cell).toPrecision(9)))
    : cell

/** The rows of a random question as it stands and as its tree, or a tree with a fault, is emitted. */
const told = async (
  draw: fc.GeneratorValue,
  change: (tree: Tree) => Tree = (tree) => tree,
): Promise<
  { text: string; written: readonly string[]; emitted: readonly string[] } | undefined
> => {
  const text = question(draw)
  const understood = await check(text, townTables)
  if (!understood.ok) return undefined
  const town = towns[draw(fc.nat, { max: towns.length - 1 })]!
  const tree = change(understood.value)
  // A fault that this tree has no place for is none.
  if (tree !== understood.value && treeDigest(tree) === treeDigest(understood.value))
    return undefined
  await duck.run(`USE memory.${town.whole}`)
  const written = await duck.rows(text).catch(() => undefined)
  if (written === undefined) return undefined
  const emitted = await duck.rows(emitTree(tree, quoteName))
  return { text, written: comparable(written), emitted: comparable(emitted) }
}

test('what is understood is what was written', async () => {
  let compared = 0
  await fc.assert(
    fc.asyncProperty(fc.gen(), async (draw) => {
      const found = await told(draw)
      if (found === undefined) return
      compared += 1
      expect(found.emitted, found.text).toEqual(found.written)
    }),
    { numRuns: prove ? 10_000 : 150, seed: 4, endOnFailure: true },
  )
  expect(compared).toBeGreaterThan(100)
})

test.each(Object.entries(loweringFaults))(
  'were it otherwise it would be seen: %s',
  async (title, fault) => {
    let [tried, seen] = [0, 0]
    await fc.assert(
      fc.asyncProperty(fc.gen(), async (draw) => {
        if (seen > 0 && !prove) return
        const found = await told(draw, (tree) => faulty(tree, fault))
        if (found === undefined) return
        tried += 1
        if (JSON.stringify(found.emitted) !== JSON.stringify(found.written)) seen += 1
      }),
      { numRuns: 1000, seed: 4 },
    )
    if (prove) process.stdout.write(`meaning: ${title}: seen in ${seen} of ${tried}\n`)
    expect(seen).toBeGreaterThan(0)
  },
)
