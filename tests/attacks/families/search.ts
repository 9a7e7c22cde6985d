import * as fc from 'fast-check'
import { decide } from '../../../policies/query/decide.ts'
import { successOf } from '../../support/bound.ts'
import { cells } from '../../support/cells.ts'
import { check } from '../../support/checker.ts'
import { openDuck } from '../../support/duck.ts'
import { seededBytes } from '../../support/seeded.ts'
import { townContext, townTables } from '../../support/town.ts'
import { buildTowns } from '../neighbours.ts'
import { question } from '../sentence.ts'
import { solve } from '../solve.ts'
import {
  cellsWhere,
  conditions,
  gaussian,
  openFirms,
  rightness,
  silence,
  small,
  type Asked,
} from './cells.ts'
import { apartIn, distinguish, type Apart } from './distinguish.ts'
import { added, mean, type Family } from './row.ts'

/*
 * Attacks that nobody wrote: found by chance and climbing, and then carried out through the gate (in the manner of
 * QuerySnout, Cretu and others 2022).
 */
const rhoNano = 5_000_000

const below = (seed: string): ((count: number) => number) => {
  const bytes = seededBytes(seed)
  return (count) => Buffer.from(bytes(4)).readUInt32LE() % count
}

const members = conditions.map(({ holds }) => new Set(cellsWhere(holds)))

/** Weights of the conditions whose sum comes closest to the victim's cell alone, and how much is left over. */
const closest = (some: readonly number[], victim: number): { weights: number[]; left: number } => {
  const gram = some.map((one) =>
    some.map((two) => {
      const shared = [...members[one]!].filter((cell) => members[two]!.has(cell)).length
      return shared + (one === two ? 1e-9 : 0)
    }),
  )
  const weights = solve(
    gram,
    some.map((one) => (members[one]!.has(victim) ? 1 : 0)),
  )
  let left = 0
  for (let cell = 0; cell < cells.length; cell += 1) {
    const sum = some.reduce(
      (all, one, at) => all + (members[one]!.has(cell) ? weights[at]! : 0),
      cell === victim ? -1 : 0,
    )
    left += sum * sum
  }
  return { weights, left }
}

/** Climbs from any set of conditions to one that leaves the victim alone; undefined where it does not get there. */
const climb = (victim: number, next: (count: number) => number): readonly Asked[] | undefined => {
  const any = (): number => next(conditions.length)
  let some = Array.from({ length: 2 + next(4) }, any)
  let best = closest(some, victim)
  for (let step = 0; step < 400 && best.left > 1e-6; step += 1) {
    const other = some.with(next(some.length), any())
    const found = closest(other, victim)
    if (found.left <= best.left) [some, best] = [other, found]
  }
  if (best.left > 1e-6) return undefined
  return some.map((condition, at) => ({
    sql: `select count(*) from firm where ${conditions[condition]!.sql}`,
    weight: best.weights[at]!,
  }))
}

export const foundCombinations: Family = async (size) => {
  const firms = await openFirms()
  const next = below('climb')
  const tries = size === 'small' ? 25 : 600
  const sets: { victim: number; asked: readonly Asked[] }[] = []
  for (let attempt = 0; attempt < tries; attempt += 1) {
    const victim = small[next(small.length)]!
    const asked = climb(victim, next)
    if (asked !== undefined) sets.push({ victim, asked })
  }
  const found = []
  const bare = []
  // Any number of questions; those with the least noise first.
  const noise = ({ asked }: (typeof sets)[number]): number =>
    asked.reduce((sum, { weight }) => sum + weight ** 2, 0)
  const chosen = sets
    .sort((one, two) => noise(one) - noise(two))
    .slice(0, size === 'small' ? 4 : 60)
  for (const [at, { victim, asked }] of chosen.entries()) {
    const sampler = (run: number) => gaussian(`climbed ${at} ${run}`)
    const attack = { victim, asked, rhoNano }
    found.push(await rightness(firms, { ...attack, runs: size === 'small' ? 30 : 150, sampler }))
    bare.push(await rightness(firms, { ...attack, runs: 1, sampler: () => silence }))
  }
  firms.close()
  return {
    family: 'sets of counts found by climbing',
    what: 'two to five conditions of 1,309; those that leave one cell say whether an enterprise is there',
    attempts: tries,
    refused: 0,
    released: sets.length,
    inferred: added(found),
    baseline: 0.5,
    bound: mean(chosen.map(({ asked }) => successOf((asked.length * rhoNano) / 1e9))),
    boundBy: 'total variation, rho 0.005 a question',
    guardRemoved: added(bare),
    guard: 'no noise',
  }
}

type Found = Apart & { readonly schema: string }

/** Random questions over random towns, and in which pair of neighbours each of them shows how much. */
const askAtRandom = async (count: number): Promise<{ found: Found[]; refused: number }> => {
  const duck = await openDuck()
  const towns = await buildTowns(duck, 2)
  const found: Found[] = []
  let refused = 0
  await fc.assert(
    fc.asyncProperty(fc.gen(), async (draw) => {
      const understood = await check(question(draw, 2), townTables)
      const decided = understood.ok ? decide(understood.value, townContext) : understood
      if (!decided.ok) {
        refused += 1
        return
      }
      const town = towns[found.length % towns.length]!
      found.push(...(await apartIn(duck, decided.value, town.whole, town.neighbours)))
    }),
    { numRuns: count, seed: 77, endOnFailure: true },
  )
  duck.close()
  return { found, refused }
}

/** For each pair of neighbours the questions that show most for what they cost, up to eight. */
const greediest = (found: readonly Found[], sets: number): readonly (readonly Apart[])[] => {
  const worth = ({ information, rho }: Apart): number => information / (2 * rho)
  return [...Map.groupBy(found, ({ schema }) => schema).values()]
    .map((same) => same.sort((one, two) => worth(two) - worth(one)).slice(0, 8))
    .sort((one, two) => mean(two.map(worth)) - mean(one.map(worth)))
    .slice(0, sets)
}

export const foundQuestions: Family = async (size) => {
  const count = size === 'small' ? 40 : 2000
  const { found, refused } = await askAtRandom(count)
  const sets = greediest(found, size === 'small' ? 3 : 14)
  const sampler = (at: number) => (run: number) => gaussian(`random ${at} ${run}`)
  const runs = size === 'small' ? 20 : 300
  return {
    family: 'sets of random questions',
    what: 'joins, features, CASE, FILTER at random; the eight that show most of one entity, everybody else known',
    attempts: count,
    refused,
    released: count - refused,
    inferred: added(sets.map((set, at) => distinguish(set, { runs, sampler: sampler(at) }))),
    baseline: 0.5,
    bound: mean(sets.map((set) => successOf(set.reduce((sum, { rho }) => sum + rho, 0)))),
    boundBy: 'total variation, what was charged',
    guardRemoved: added(sets.map((set) => distinguish(set, { runs: 1, sampler: () => silence }))),
    guard: 'no noise',
  }
}
