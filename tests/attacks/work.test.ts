import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { decide } from '../../policies/query/decide.ts'
import { planNoise } from '../../policies/query/plan-noise.ts'
import { typeTree } from '../../policies/query/typing.ts'
import type { Engine } from '../../sandbox/run/engine.ts'
import { check } from '../support/checker.ts'
import { codesOf, planOf, townContext, townTables } from '../support/town.ts'
import {
  about,
  bareFor,
  compared,
  emittedFor,
  keptSides,
  openRichAndPoor,
  otherSides,
  profileOf,
} from './families/work.ts'

/*
 * Time tells what work was done. What an entity's rows are may not decide how much that is: not by a value beyond which
 * the engine need not look, and not by rows that a question multiplies until they show.
 */
let engine: Engine
beforeAll(async () => {
  engine = await openRichAndPoor({ steady: true })
})
afterAll(() => engine.close())

describe('a value beyond all others', () => {
  test.each(about)('changes what is read of nobody, and the work of one: %s', async (sql) => {
    const plan = await planOf(sql)
    const { rich, poor, apart } = await compared(engine, plan)
    expect(rich.some(({ scanned }) => scanned === 300_000)).toBe(true)
    expect(rich).toEqual(poor)
    // One enterprise is in a group or not, with its four rows; everybody else's work is the same.
    expect(apart).toBeLessThanOrEqual(4)
  })

  test('decides how much is read of a text that is run as it stands, with the statistics of the engine', async () => {
    const plain = await openRichAndPoor()
    const read = async (schema: string): Promise<number> =>
      (await profileOf(plain, `SELECT count(*) FROM ${schema}.tax WHERE amount > 900000`)).reduce(
        (sum, { scanned }) => sum + scanned,
        0,
      )
    const [rich, poor] = [await read('rich'), await read('poor')]
    plain.close()
    expect(poor).toBeLessThan(rich)
  })
})

describe('a side of a join on which nobody is left', () => {
  test.each([...keptSides, ...otherSides])('is joined as if somebody were: %s', async (sql) => {
    const { rich, poor, apart } = await compared(engine, await planOf(sql))
    expect(rich).toEqual(poor)
    const scans = rich.filter(({ name }) => name === 'SEQ_SCAN').map(({ scanned }) => scanned)
    expect(scans.length).toBeGreaterThan(1)
    expect(scans.every((scanned) => scanned === 300_000 || scanned === 75_000)).toBe(true)
    expect(rich.filter(({ looks }) => looks === false)).toEqual([])
    // The one enterprise is on a side or not, with its own rows; everybody else's work is the same.
    expect(apart).toBeLessThanOrEqual(16)
  })

  test.each(keptSides)(
    'would spare work for all others without the row that pads: %s',
    async (sql) => {
      const { rich, poor } = await compared(engine, await planOf(sql), bareFor)
      expect(rich).not.toEqual(poor)
      expect(poor.some(({ looks }) => looks === false)).toBe(true)
    },
  )

  test.each(otherSides)(
    'spares nothing where the side that is kept is another: %s',
    async (sql) => {
      const { rich, poor, apart } = await compared(engine, await planOf(sql), bareFor)
      expect(rich).toEqual(poor)
      expect(rich.some(({ name, looks }) => name === 'HASH_JOIN' && looks)).toBe(true)
      expect(apart).toBeLessThanOrEqual(16)
    },
  )
})

const only = 'with f as (select uscc, amount from tax where amount > 900000)'
const joined = (times: number): string =>
  Array.from(
    { length: times },
    (_, index) => `join f f${index + 1} on f0.uscc = f${index + 1}.uscc`,
  ).join(' ')
const doubled = (times: number): string =>
  Array.from({ length: times }, (_, index) => {
    const from = index === 0 ? 'f' : `u${index - 1}`
    return `, u${index} as (select * from ${from} union all select * from ${from})`
  }).join('')
const list = Array.from({ length: 900 }, (_, index) => `(${index})`).join(', ')

const bombs: Readonly<Record<string, string>> = {
  'joined with themselves eight times': `${only} select count(*) from f f0 ${joined(8)}`,
  'joined with themselves, then added up, again and again': `${only}, g as (select f0.uscc, sum(f0.amount) s from f f0 ${joined(7)} group by f0.uscc) select count(*) from g`,
  'doubled fourteen times': `${only}${doubled(14)} select count(*) from u13`,
  'compared with each other in a test': `with g as (select a.uscc, a.amount from tax a join tax b on a.uscc = b.uscc join tax c on a.uscc = c.uscc join tax d on a.uscc = d.uscc) select count(*) from g where exists (select 1 from g h where h.uscc = g.uscc and h.amount > g.amount)`,
  'met by a billion public rows': `with l(x) as (values ${list}), big as (select a.x % 2 as y, count(*) n from l a, l b, l c where (a.x * b.x) % 7 < 6 group by 1) select count(*) from (select uscc, case when amount > 900000 then 1 else 0 end as y from tax) e join big on e.y = big.y`,
  'met by a list that was doubled': `with l(x) as (values ${list})${doubled(12).replaceAll(' f ', ' l ').replaceAll('from f)', 'from l)')} select count(*) from enterprise where staff in (select x from u11)`,
}

describe('rows of one entity', () => {
  test.each(Object.entries(bombs))('are not to be %s', async (_, sql) => {
    expect(await codesOf(sql)).toContain('query/work-unbounded')
  })

  test.each([
    'select count(*) from tax a join tax b on a.uscc = b.uscc and a.period = b.period',
    'select count(*), sum(t.amount) from enterprise e join tax t on e.uscc = t.uscc join court c on c.uscc = e.uscc',
    `${only}${doubled(3)} select count(*) from u2`,
    'select r.city, count(*) from enterprise e join region r on e.district = r.code group by r.city',
    'select a.district, a.n * 1.0 / b.n from (select district, count(*) n from enterprise group by 1) a join (select district, count(*) n from enterprise where staff > 5 group by 1) b on a.district = b.district',
  ])('may meet as usual: %s', async (sql) => {
    expect(await codesOf(sql)).toEqual([])
  })

  test('would show in the work of whatever was let through', async () => {
    const made: number[] = []
    const sql = `${only} select count(*) from f f0 ${joined(6)}`
    const understood = await check(sql, townTables)
    if (!understood.ok) throw new Error(JSON.stringify(understood.refusals))
    const tree = understood.value
    expect(decide(tree, townContext).ok).toBe(false)
    const planned = planNoise(
      { tree, facts: typeTree(tree, townContext), context: townContext },
      '0'.repeat(64),
    )
    if (!planned.ok) throw new Error(JSON.stringify(planned.refusals))
    await engine.query('UPDATE rich.tax SET amount = 950000 WHERE uscc = 74999')
    for (const schema of ['rich', 'poor']) {
      const profile = await profileOf(engine, emittedFor(planned.value, schema))
      made.push(
        Math.max(...profile.filter(({ name }) => /JOIN/.test(name)).map(({ rows }) => rows)),
      )
    }
    expect(made[0]! - made[1]!).toBe(4 ** 7)
  })
})
