import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { NoiseStage } from '../../policies/query/plan.ts'
import { exactOf } from '../../sandbox/protect/noise.ts'
import { openDuck } from '../support/duck.ts'
import { answersIn } from '../support/gate.ts'
import { fillTown, planOf, townPolicy, type TownRows } from '../support/town.ts'

/*
 * Neighbouring databases through the real statement: all rows of one entity are taken out, and the exact integers may not
 * change by more, in squares over all groups, than the plan says the noise hides. The data are made to be bad: units in
 * many groups with many rows and values beyond every bound, persons behind many units.
 */
let duck: Awaited<ReturnType<typeof openDuck>>
beforeAll(async () => {
  duck = await openDuck()
})
afterAll(() => duck.close())

const next = (seed: number) => {
  let state = seed
  return (below: number): number => {
    state = (state * 48_271) % 2_147_483_647
    return state % below
  }
}

const many = <T>(count: number, make: (index: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, index) => make(index))

const badTown = (seed: number): TownRows => {
  const below = next(seed)
  const pick = <T>(list: readonly T[]): T => list[below(list.length)]!
  const places = ['east', 'west', 'north', 'elsewhere']
  return {
    enterprise: many(7, (index) => [
      String(index + 1),
      pick(places),
      pick(['food', null]),
      pick([null, '-5.00', '700.00', '5000.00']),
      '2010-05-01',
      pick([null, '9000', '4']),
      pick(['true', null]),
    ]),
    tax: many(40, () => [
      String(1 + below(8)),
      `2024-0${1 + below(9)}-01`,
      pick(['vat', 'income', 'other']),
      pick([null, '-900.00', '10.00', '900.00']),
      pick([null, '5', '400']),
    ]),
    court: many(12, () => [
      pick([null, String(1 + below(8))]),
      '2024-01-01',
      pick(['plaintiff', 'defendant']),
      '50.00',
    ]),
    owner: many(7, (index) => [
      String(index + 1),
      pick([null, '1', '1', '1', '2']),
      pick(['f', 'm']),
      pick(['50', '900']),
    ]),
    region: [
      ['east', 'A', '1'],
      ['west', 'A', '2'],
      ['north', 'B', '3'],
    ],
  }
}

/** Column of each kind's identifier in the rows of a dataset. */
const places: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  enterprise: { enterprise: 0, tax: 0, court: 0, owner: 0 },
  person: { owner: 1 },
}

const without = (rows: TownRows, kind: string, who: string): TownRows =>
  Object.fromEntries(
    Object.entries(rows).map(([name, table]) => {
      const place = places[kind]?.[name]
      return [name, place === undefined ? table : table.filter((row) => row[place] !== who)]
    }),
  )

/** Exact integers by group, in whole units of each mechanism; what lies outside a public grid is not answered. */
const exact = async (
  stage: NoiseStage,
  rows: TownRows,
): Promise<ReadonlyMap<string, readonly bigint[]>> => {
  await fillTown(duck, rows)
  const answers = await answersIn(stage, duck)
  const inside = answers.map((answer) =>
    answer.filter((row) =>
      stage.keys.every(
        ({ values }, index) =>
          values === undefined || row[index] === null || values.includes(row[index]!),
      ),
    ),
  )
  return exactOf(stage, inside)
}

/** Squared distance of one mechanism's vectors. */
const distance = (
  one: ReadonlyMap<string, readonly bigint[]>,
  two: ReadonlyMap<string, readonly bigint[]>,
  index: number,
): bigint =>
  [...new Set([...one.keys(), ...two.keys()])].reduce((sum, key) => {
    const change = (one.get(key)?.[index] ?? 0n) - (two.get(key)?.[index] ?? 0n)
    return sum + change * change
  }, 0n)

const questions = [
  'select district, count(*), sum(capital), avg(staff) from enterprise group by district',
  'select count(*), sum(amount), avg(late_days), var_samp(amount) from tax',
  'select kind, count(*), sum(amount), count(distinct uscc) from tax group by kind',
  'select kind, month(period) m, count(*), sum(late_days) from tax where amount > 0 group by kind, m',
  "select e.district, sum(t.amount), count(*) from enterprise e join tax t on e.uscc = t.uscc where t.kind = 'vat' group by e.district",
  'select e.district, t.kind, sum(t.amount) from enterprise e left join tax t on e.uscc = t.uscc group by e.district, t.kind',
  'with f as (select uscc, sum(amount) s, count(*) n from tax group by uscc) select count(*), sum(s), sum(n) from f',
  'with f as (select uscc, kind, max(amount) s from tax group by uscc, kind) select kind, sum(s) from f group by kind',
  'select count(*) from enterprise where uscc not in (select uscc from tax where amount > 0)',
  'select industry, count(*) from enterprise group by industry',
  'select r.city, sum(e.capital) from enterprise e join region r on e.district = r.code group by r.city',
  'select sex, count(*), sum(share) from owner group by sex',
  'select kind, count(distinct month(period)), count(distinct kind) from tax group by kind',
  'select count(distinct district), count(distinct industry) from enterprise',
  'select sex, count(distinct holder) from owner group by sex',
  'select corr(amount, late_days), regr_slope(late_days, amount) from tax',
  'select o.sex, sum(t.amount) from owner o join tax t on o.uscc = t.uscc group by o.sex',
  'select e.district, count(*), sum(e.capital) from enterprise e left join owner o on e.uscc = o.uscc where o.share is null group by e.district',
  'select t.kind, count(*), sum(t.amount) from tax t where t.uscc not in (select uscc from owner) group by t.kind',
  'select t.kind, o.sex, sum(t.late_days), count(distinct t.uscc) from tax t join owner o on o.uscc = t.uscc group by t.kind, o.sex',
]

const people: Readonly<Record<string, readonly string[]>> = {
  enterprise: ['1', '3', '5'],
  person: ['1', '2'],
}

/** The largest ratio of measured to allowed squares, over data and entities. */
const worst = async (stage: NoiseStage, seeds: readonly number[]): Promise<number> => {
  const kinds = stage.mechanisms[0]!.sensitivity.map(({ kind }) => kind)
  const cases = seeds.flatMap((seed) =>
    kinds.flatMap((kind) => people[kind]!.map((who) => ({ seed, kind, who }))),
  )
  let most = 0
  for (const { seed, kind, who } of cases) {
    const whole = await exact(stage, badTown(seed))
    const rest = await exact(stage, without(badTown(seed), kind, who))
    for (const [index, { sensitivity }] of stage.mechanisms.entries()) {
      const allowed = BigInt(sensitivity.find((one) => one.kind === kind)!.squared)
      most = Math.max(most, Number(distance(whole, rest, index)) / Number(allowed))
    }
  }
  return most
}

const stageOf = async (sql: string): Promise<NoiseStage> => {
  const [stage] = (await planOf(sql)).stages
  if (stage?.kind !== 'noise') throw new Error('no noise stage')
  return stage
}

describe('no entity changes an answer by more than its noise hides', () => {
  test.each(questions)('%s', async (sql) => {
    const most = await worst(await stageOf(sql), [11, 12, 13])
    expect(most).toBeGreaterThan(0)
    expect(most).toBeLessThanOrEqual(1)
  })
})

describe('a planted fault is seen', () => {
  const broken = async (
    sql: string,
    breakIt: (stage: NoiseStage) => NoiseStage | Promise<NoiseStage>,
  ): Promise<number> => worst(await breakIt(await stageOf(sql)), [11, 12, 13])

  test('when a unit may be in any number of groups', async () => {
    const sql = 'select kind, month(period) m, count(distinct uscc) from tax group by kind, m'
    expect(await broken(sql, (stage) => ({ ...stage, groupsMax: 1000 }))).toBeGreaterThan(1)
  })

  test('when rows are counted instead of units', async () => {
    const sql = 'select kind, count(distinct uscc) from tax group by kind'
    const rows = (stage: NoiseStage): NoiseStage => ({
      ...stage,
      mechanisms: stage.mechanisms.map((one) => ({ ...one, kind: 'rows', high: '1000' })),
    })
    expect(await broken(sql, rows)).toBeGreaterThan(1)
  })

  test('when what a unit adds is not cut off', async () => {
    const loose = (stage: NoiseStage): NoiseStage => ({
      ...stage,
      mechanisms: stage.mechanisms.map((one) => ({
        ...one,
        low: `${one.low}000`.replace(/^0+$/, '0'),
        high: `${one.high}000`,
      })),
    })
    expect(await broken('select sum(amount), count(*) from tax', loose)).toBeGreaterThan(1)
  })

  test('when a person may stand behind any number of units', async () => {
    const sql = 'select sex, count(*) from owner group by sex'
    const kinds = {
      ...townPolicy.kinds,
      person: { ...townPolicy.kinds['person']!, unitsMax: 1000 },
    }
    const [loose] = (await planOf(sql, { policy: { ...townPolicy, kinds } })).stages
    expect(await broken(sql, (stage) => ({ ...stage, tree: loose!.tree }))).toBeGreaterThan(1)
  })

  test('when it is forgotten that a unit taken out lets another one of its person move up', async () => {
    const single = (stage: NoiseStage): NoiseStage => ({
      ...stage,
      mechanisms: stage.mechanisms.map((one) => ({
        ...one,
        sensitivity: one.sensitivity.map(({ kind, squared }) => ({
          kind,
          squared: kind === 'enterprise' ? String(BigInt(squared) / 4n) : squared,
        })),
      })),
    })
    expect(await broken('select count(*) from owner', single)).toBeLessThanOrEqual(1)
    expect(await broken('select sex, sum(share) from owner group by sex', single)).toBeGreaterThan(
      1,
    )
  })
})
