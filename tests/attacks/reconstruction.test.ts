import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { NoiseStage } from '../../policies/query/plan.ts'
import { byteReader } from '../../sandbox/noise/bytes.ts'
import { discreteGaussian } from '../../sandbox/noise/gaussian.ts'
import { protectNoise, type Sampler } from '../../sandbox/protect/noise.ts'
import {
  attributeNames,
  attributes,
  cells,
  cellsPlan,
  firmsSql,
  sizesOf,
  stageOf,
  type Attribute,
} from '../support/cells.ts'
import { openDuck } from '../support/duck.ts'
import { answersIn, silence, valuesIn } from '../support/gate.ts'
import { seededBytes } from '../support/seeded.ts'
import { leastSquares, type Equation } from './solve.ts'

/*
 * 120 cells, 54 of them with one to nine firms. An analyst asks everything that can be asked of them, adds it up, and
 * names the size of each small cell. Measured against whoever names the same size for all, and against the same attack
 * on exact answers.
 */
let duck: Awaited<ReturnType<typeof openDuck>>
const sizes = sizesOf(1)
const small = sizes.flatMap((size, index) => (size < 10 ? [index] : []))
beforeAll(async () => {
  duck = await openDuck()
  await duck.run(firmsSql(sizes))
})
afterAll(() => duck.close())

const gaussian = (seed: string): Sampler => {
  const bytes = byteReader(seededBytes(seed))
  return (variance) => discreteGaussian(variance, bytes)
}

type Condition = { readonly sql: string; readonly holds: (cell: (typeof cells)[number]) => boolean }

/** Each attribute left alone, equal to a value, or different from it. */
const conditions: readonly Condition[] = attributeNames.reduce<readonly Condition[]>(
  (sofar, name) =>
    sofar.flatMap(({ sql, holds }) => [
      { sql, holds },
      ...attributes[name].flatMap((value) => [
        {
          sql: `${sql} and ${name} = '${value}'`,
          holds: both(holds, (cell) => cell[name] === value),
        },
        {
          sql: `${sql} and ${name} <> '${value}'`,
          holds: both(holds, (cell) => cell[name] !== value),
        },
      ]),
    ]),
  [{ sql: 'true', holds: () => true }],
)
function both(one: Condition['holds'], two: Condition['holds']): Condition['holds'] {
  return (cell) => one(cell) && two(cell)
}

const cellsWhere = (holds: Condition['holds']): readonly number[] =>
  cells.flatMap((cell, index) => (holds(cell) ? [index] : []))

type Rows = Awaited<ReturnType<typeof answersIn>>
const prove = process.env['SLUICE_PROVE'] !== undefined

const exactRows = async (stage: NoiseStage): Promise<Rows> => answersIn(stage, duck)

type Strategy = (rhoNano: number) => Promise<(sampler: Sampler) => readonly Equation[]>

/** One count for each of 1,309 conditions, as many in one question as there may be. */
const counts: Strategy = async (rhoNano) => {
  const perQuestion = 60
  const asked: { some: readonly Condition[]; stage: NoiseStage; rows: Rows }[] = []
  for (let from = 0; from < conditions.length; from += perQuestion) {
    const some = conditions.slice(from, from + perQuestion)
    const list = some.map(({ sql }) => `count(*) filter (where ${sql})`)
    const rho = Math.floor((rhoNano * some.length) / conditions.length)
    const stage = stageOf(await cellsPlan(`select ${list.join(', ')} from firm`, rho))
    asked.push({ some, stage, rows: await exactRows(stage) })
  }
  return (sampler) =>
    asked.flatMap(({ some, stage, rows }) => {
      const [values = []] = valuesIn(protectNoise(stage, rows, sampler))
      return some.map(({ holds }, index) => ({
        cells: cellsWhere(holds),
        answer: Number(values[index]),
      }))
    })
}

/** One GROUP BY for each set of attributes: eight questions, and the same noise buys far more. */
const groups: Strategy = async (rhoNano) => {
  const asked: { names: readonly Attribute[]; stage: NoiseStage; rows: Rows }[] = []
  for (const bits of [0, 1, 2, 3, 4, 5, 6, 7]) {
    const names = attributeNames.filter((_, index) => (bits >> index) % 2 === 1)
    const keys = names.length === 0 ? '' : ` group by ${names.join(', ')}`
    const list = [...names, 'count(*)'].join(', ')
    const rho = Math.floor(rhoNano / 8)
    const stage = stageOf(await cellsPlan(`select ${list} from firm${keys}`, rho))
    asked.push({ names, stage, rows: await exactRows(stage) })
  }
  return (sampler) =>
    asked.flatMap(({ names, stage, rows }) =>
      valuesIn(protectNoise(stage, rows, sampler)).map((row) => ({
        cells: cellsWhere((cell) => names.every((name, index) => cell[name] === row[index])),
        answer: Number(row.at(-1)),
      })),
    )
}

/** All of it on the one table in which every cell stands. */
const cube: Strategy = async (rhoNano) => {
  const names = attributeNames.join(', ')
  const plan = await cellsPlan(`select ${names}, count(*) from firm group by ${names}`, rhoNano)
  const stage = stageOf(plan)
  const rows = await exactRows(stage)
  return (sampler) =>
    valuesIn(protectNoise(stage, rows, sampler)).map((row) => ({
      cells: cellsWhere((cell) => attributeNames.every((name, index) => cell[name] === row[index])),
      answer: Number(row.at(-1)),
    }))
}

type Success = { readonly exact: number; readonly near: number }

const successOf = (guesses: readonly number[]): Success => {
  const errors = small.map((index) =>
    Math.abs(Math.max(0, Math.round(guesses[index]!)) - sizes[index]!),
  )
  const share = (most: number): number =>
    errors.filter((error) => error <= most).length / small.length
  return { exact: share(0), near: share(1) }
}

const mean = (all: readonly Success[]): Success => ({
  exact: all.reduce((sum, { exact }) => sum + exact, 0) / all.length,
  near: all.reduce((sum, { near }) => sum + near, 0) / all.length,
})

/** Whoever names one size for every small cell. */
const baseline = [1, 2, 3, 4, 5, 6, 7, 8, 9]
  .map((size) => successOf(sizes.map(() => size)))
  .reduce((best, one) => (one.exact > best.exact ? one : best))

const attack = async (strategy: Strategy, rho: number, trials: number): Promise<Success> => {
  const ask = await strategy(rho * 1e9)
  return mean(
    Array.from({ length: trials }, (_, trial) =>
      successOf(leastSquares(ask(gaussian(`${rho} ${trial}`)), cells.length)),
    ),
  )
}

describe('linear reconstruction', () => {
  test('finds every small cell in exact answers, whichever way it asks', async () => {
    for (const strategy of [counts, groups]) {
      const ask = await strategy(1e9)
      expect(successOf(leastSquares(ask(silence), cells.length)).exact).toBe(1)
    }
  })

  test('finds every small cell behind a floor of ten, by asking for everything but it', async () => {
    const ask = await counts(1e9)
    const shown = ask(silence).filter(({ answer }) => answer >= 10)
    expect(shown.length).toBeLessThan(conditions.length)
    expect(successOf(leastSquares(shown, cells.length)).exact).toBe(1)
  })

  test('does no better than naming one size for all, for all that an agreement may spend', async () => {
    expect(baseline.exact).toBeLessThan(0.25)
    const spent = [
      await attack(counts, 0.25, prove ? 8 : 1),
      await attack(groups, 0.25, 8),
      await attack(groups, 0.1, 8),
      await attack(groups, 0.025, 8),
    ]
    for (const { exact } of spent) expect(exact).toBeLessThan(baseline.exact)
    for (const { near } of spent.slice(2)) expect(near).toBeLessThan(baseline.near)
  })

  test('spent on the finest cube alone, tells sizes as well as its noise says, and no better', async () => {
    const ask = await cube(250_000_000)
    const [first] = ask(silence)
    const found = mean(
      Array.from({ length: 8 }, (_, trial) =>
        successOf(leastSquares(ask(gaussian(`cube ${trial}`)), cells.length)),
      ),
    )
    expect(first!.cells).toHaveLength(1)
    // Of a discrete Gaussian of variance 2, 28 % are zero; a guess below zero is one more way to be right.
    expect(found.exact).toBeLessThan(0.35)
  })
})

describe('one enterprise', () => {
  const victim = small[0]!
  const { place, trade, grade } = cells[victim]!
  const alone = `place = '${place}' and trade = '${trade}' and grade = '${grade}'`

  /** How often an analyst is right who asks for all, for all but the victim's cell, and subtracts. */
  const rightness = async (rho: number, sampler: (run: number) => Sampler): Promise<number> => {
    const stages: NoiseStage[] = []
    for (const filter of ['', ` where not (${alone})`])
      stages.push(stageOf(await cellsPlan(`select count(*) from firm${filter}`, rho * 1e9)))
    const without = sizes.map((size, index) => (index === victim ? size - 1 : size))
    let right = 0
    for (const isThere of [true, false]) {
      await duck.run(firmsSql(isThere ? sizes : without))
      const rows: Rows[] = []
      for (const stage of stages) rows.push(await exactRows(stage))
      for (let run = 0; run < runs; run += 1) {
        const draw = sampler(run + (isThere ? runs : 0))
        const [all, rest] = stages.map((stage, index) =>
          Number(valuesIn(protectNoise(stage, rows[index] ?? [], draw))[0]?.[0]),
        )
        if (all! - rest! > sizes[victim]! - 0.5 === isThere) right += 1
      }
    }
    await duck.run(firmsSql(sizes))
    return right / (2 * runs)
  }
  const runs = 500

  test('is found by one subtraction of exact answers', async () => {
    expect(await rightness(0.005, () => silence)).toBe(1)
  })

  test('is guessed no better than two questions of the ledger allow', async () => {
    // Total variation is at most sqrt(rho / 2) by Pinsker, and of 1,000 guesses 4.7 % is three deviations.
    const rho = 0.005
    const most = 0.5 + Math.sqrt((2 * rho) / 2) / 2 + 0.047
    expect(await rightness(rho, (run) => gaussian(`tracker ${run}`))).toBeLessThan(most)
  })
})

describe('asked again in other words', () => {
  const filter = "place = 'p1' or trade = 't2'"
  const same = [
    `select place, count(*) from firm where ${filter} group by place`,
    `SELECT  place , COUNT( * )  FROM firm\nWHERE trade = 't2' OR place='p1' GROUP BY 1 -- again`,
    `with f as (select * from firm) select place, count(*) from f where (${filter}) and true group by place`,
    `select place, count(*) from (select place, trade from firm) where ${filter} group by all`,
    `from firm select place, count(*) where trade = 't2' or 'p1' = place group by place`,
    `select place, count(*) from firm where ${filter} group by place having true`,
    `select place, count(*) from firm where ${filter} or trade = 't2' group by place`,
    `select place, count(*) from firm where place = 'p' || '1' or trade = 't2' group by place`,
    `select place, count(*) from firm where 1 = 1 and (${filter}) group by place`,
  ]
  const others = [
    `select place, count(*) filter (where ${filter}) from firm group by place`,
    `select place, sum(case when ${filter} then 1 else 0 end) from firm group by place`,
    `select place, count(distinct uscc) from firm where ${filter} group by place`,
    `select place, count(*) as n from firm where ${filter} group by place`,
    `select place, count(*) from firm where ${filter} group by place order by place`,
    `select place, count(*) from firm where upper(place) = 'P1' or trade = 't2' group by place`,
    `select place, count(*) from firm where place in ('p1', 'zz') or trade = 't2' group by place`,
  ]

  test('it is the same question, and gets the same answer for nothing', async () => {
    const digests = new Set<string>()
    for (const sql of same) digests.add((await cellsPlan(sql)).question)
    expect(digests.size).toBe(1)
  })

  test('what is another question is paid for, so that averages cost as much as one good answer', async () => {
    const plans = []
    for (const sql of [same[0]!, ...others]) plans.push(await cellsPlan(sql))
    expect(new Set(plans.map(({ question }) => question)).size).toBe(plans.length)
    for (const { cost } of plans) expect(cost).toMatchObject([{ rhoNano: 5_000_000 }])
    const [first] = plans.map((plan) => stageOf(plan).mechanisms[0]!.sigma2)
    const [better] = stageOf(await cellsPlan(same[0]!, 5_000_000 * plans.length)).mechanisms
    const variance = ({ numerator, denominator }: typeof first & object): number =>
      Number(BigInt(numerator)) / Number(BigInt(denominator))
    expect(variance(first!) / plans.length).toBeGreaterThanOrEqual(
      variance(better!.sigma2) * (1 - 1e-9),
    )
  })
})
