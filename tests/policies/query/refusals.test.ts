import { expect, test } from 'vitest'
import { privacyCodes } from '../../../policies/codes/privacy.ts'
import { wordsOf } from '../../../policies/refusal.ts'
import type { Context } from '../../../policies/query/context.ts'
import { decide } from '../../../policies/query/decide.ts'
import { check } from '../../support/checker.ts'
import { codesOf, refusalsOf, townContext, townPolicy, townTables } from '../../support/town.ts'

type Case = readonly [code: keyof typeof privacyCodes, refused: string, context?: Partial<Context>]

const people: Partial<Context> = { door: 'people' }
const noLimit: Partial<Context> = {
  policy: {
    ...townPolicy,
    kinds: { ...townPolicy.kinds, person: { floor: 3, ledger: { rho: 1, delta: 1e-6 } } },
  },
}
const sums = (count: number): string =>
  Array.from({ length: count }, (_, index) => `sum(capital + ${index})`).join(', ')

/** What each code refuses. */
const cases: readonly Case[] = [
  ['query/rows-released', 'select district from enterprise'],
  ['query/rows-released', 'select uscc, sum(amount) from tax group by uscc'],
  ['query/rows-released', 'select uscc from enterprise'],
  [
    'query/rows-released',
    'select e.district, a.m from enterprise e join (select avg(capital) m from enterprise) a on true',
  ],
  ['query/identifier-used', 'select count(*) from enterprise where uscc = 5'],
  ['query/identifier-used', 'select count(*) from enterprise where uscc in (1, 2, 3)'],
  [
    'query/identifier-used',
    'select count(*) from enterprise where floor(5 * sqrt(uscc * 2) + 0.5) % 2 = 0',
  ],
  ['query/identifier-used', 'select count(*) from enterprise where uscc is not null'],
  [
    'query/identifier-used',
    'select case when uscc < 9 then 1 else 2 end k, count(*) from enterprise group by k',
  ],
  ['query/identifier-used', 'select sum(uscc) from enterprise'],
  ['query/identifier-used', 'select min(uscc) from enterprise'],
  ['query/identifier-used', 'select count(uscc) from enterprise'],
  ['query/identifier-used', 'select count(distinct uscc + 1) from enterprise'],
  ['query/identifier-used', 'select count(*) filter (where uscc > 5) from enterprise'],
  ['query/identifier-used', 'select sum(m) from (select uscc, max(uscc) m from tax group by uscc)'],
  ['query/identifier-used', 'select count(*) from tax where uscc = late_days'],
  [
    'query/identifier-used',
    'select count(*) from enterprise e join tax t on e.uscc = t.uscc and e.uscc > 7',
  ],
  ['query/identifier-used', 'select count(*) from enterprise e join tax t on e.uscc = t.uscc + 1'],
  ['query/identifier-used', 'select holder, count(*) from owner group by holder'],
  [
    'query/identifier-used',
    'select v, count(*) from (select uscc v, uscc from enterprise union all select late_days, uscc from tax) group by v',
  ],
  [
    'query/identifier-used',
    'select sum(r) from (select uscc, row_number() over (partition by uscc order by uscc) r from tax)',
  ],
  [
    'query/identifier-used',
    'select sum(r) from (select uscc, lag(uscc) over (partition by uscc order by period) r from tax)',
  ],
  [
    'query/work-unbounded',
    'select count(*) from tax a join tax b on a.uscc = b.uscc join tax c on b.uscc = c.uscc join tax d on c.uscc = d.uscc join tax e on d.uscc = e.uscc join tax f on e.uscc = f.uscc join tax g on f.uscc = g.uscc',
  ],
  ['query/work-unbounded', 'select count(*) from region a, region b, region c'],
  ['query/join-across-entities', 'select count(*) from enterprise a, enterprise b'],
  [
    'query/join-across-entities',
    'select count(*) from enterprise a join enterprise b on a.district = b.district',
  ],
  ['query/join-across-entities', 'select count(*) from enterprise a join tax b on a.uscc > b.uscc'],
  [
    'query/join-across-entities',
    'select count(*) from owner o join resident r on o.holder = r.pid',
  ],
  [
    'query/join-across-entities',
    'select count(*) from enterprise where district in (select kind from tax)',
  ],
  [
    'query/join-across-entities',
    'select count(*) from enterprise e where exists (select 1 from tax t where t.amount > e.capital)',
  ],
  [
    'query/join-across-entities',
    'select count(*) from (select district, count(*) n from enterprise group by district, uscc) a join enterprise e on a.district = e.district',
  ],
  [
    'query/join-may-meet-null',
    'select count(*) from enterprise where uscc not in (select t.uscc from enterprise e left join tax t on e.uscc = t.uscc)',
  ],
  [
    'query/join-repeats-rows',
    'select count(*) from enterprise e join region r on e.district = r.city',
  ],
  ['query/join-repeats-rows', 'select count(*) from enterprise e cross join region r'],
  [
    'query/join-repeats-rows',
    "select count(*) from enterprise e join (values ('east', 1), ('east', 2)) v(d, w) on e.district = v.d",
  ],
  [
    'query/join-repeats-rows',
    'with a as (select district, avg(capital) m from enterprise group by rollup (district)) select count(*) from enterprise e join a on a.district = e.district where e.capital > a.m',
  ],
  [
    'query/join-shows-absence',
    'select count(*) from region r left join enterprise e on e.district = r.code',
  ],
  [
    'query/join-shows-absence',
    'select count(*) from region r where r.code not in (select district from enterprise where district is not null)',
  ],
  [
    'query/limit-on-rows',
    'select sum(capital) from (select capital from enterprise order by capital desc limit 1)',
  ],
  [
    'query/window-across-entities',
    'select count(*) from (select district, row_number() over (order by capital) r from enterprise) where r = 1',
  ],
  [
    'query/window-across-entities',
    'select count(*) from (select district, count(*) over (partition by district) r from enterprise) where r = 1',
  ],
  [
    'query/union-across-entities',
    'select count(*) from (select district k from enterprise union all select code from region)',
  ],
  [
    'query/union-across-entities',
    'select count(*) from (select sex k from owner union all select sex from resident)',
  ],
  [
    'query/union-across-entities',
    'select sum(n) from (select uscc, kind, count(*) n from tax group by cube (uscc, kind))',
  ],
  ['query/key-not-dimension', 'select capital, count(*) from enterprise group by capital'],
  ['query/key-not-dimension', 'select capital // 100 c, count(*) from enterprise group by c'],
  [
    'query/key-not-dimension',
    'select case when listed then capital else 0 end c, count(*) from enterprise group by c',
  ],
  ['query/key-not-dimension', 'select distinct capital from enterprise'],
  ['query/aggregate-not-available', 'select max(capital) from enterprise'],
  ['query/aggregate-not-available', 'select median(capital) from enterprise', people],
  ['query/aggregate-not-available', 'select corr(capital, staff) from enterprise', people],
  ['query/distinct-not-available', 'select count(distinct capital) from enterprise'],
  ['query/distinct-not-available', 'select count(distinct district) from enterprise', people],
  ['query/measure-unbounded', 'select median(1 / capital) from enterprise'],
  ['query/measure-unbounded', 'select quantile_disc(founded, 0.5) from enterprise'],
  ['query/measure-unbounded', 'select regr_slope(capital, 1 / staff) from enterprise'],
  ['query/distinct-not-available', 'select sum(distinct capital) from enterprise'],
  ['query/distinct-not-available', 'select count(distinct holder) from owner', people],
  ['query/measure-unbounded', 'select sum(1 / capital) from enterprise'],
  ['query/measure-unbounded', 'select avg(length(district)) from enterprise'],
  ['query/measure-unbounded', 'select sum(capital * 10000000000000) from enterprise'],
  ['query/measure-unbounded', 'select sum(1 / capital) from enterprise', people],
  ['query/contribution-unbounded', 'select count(*) from worker'],
  [
    'query/contribution-unbounded',
    'select e.district, sum(w.wage) from enterprise e join worker w on e.uscc = w.uscc group by e.district',
  ],
  [
    'query/contribution-unbounded',
    'select count(*) from enterprise where uscc in (select uscc from worker)',
  ],
  ['query/contribution-unbounded', 'select count(*) from owner', noLimit],
  [
    'query/feature-unsteady',
    'select avg(c) from (select uscc, corr(amount, late_days) c from tax group by uscc)',
  ],
  [
    'query/feature-unsteady',
    'select sum(case when s > 5 then 5 when s < 0 then 0 else s end) from (select uscc, sum(1 / amount) s from tax group by uscc)',
  ],
  [
    'query/feature-unsteady',
    'select sum(l) from (select uscc, last_value(amount) over (partition by uscc order by period) l from tax)',
  ],
  [
    'query/feature-unsteady',
    'select sum(l) from (select uscc, avg(late_days / 3) over (partition by uscc) l from tax)',
  ],
  [
    'query/protected-joined-back',
    'select count(*) from enterprise where capital > (select avg(capital) from enterprise)',
    people,
  ],
  ['query/too-many-figures', `select ${sums(65)} from enterprise`],
  ['query/too-many-figures', `select ${sums(33)} from enterprise`, people],
  [
    'query/too-many-steps',
    `select district, founded, ${sums(20)} from enterprise group by district, founded`,
    { policy: { ...townPolicy, question: { ...townPolicy.question, gridMax: 100_000 } } },
  ],
  [
    'query/too-many-conditions',
    `select ${[1, 2, 3, 4, 5, 6].map((n) => `count(*) filter (where staff = ${n})`).join(', ')} from enterprise`,
    people,
  ],
  ['query/rho-too-small', 'select count(*), sum(capital) from enterprise', { rhoNano: 1 }],
]

const named = cases.map(([code, sql, context = {}]) => ({ code, sql, context }))

test.each(named)('$code refuses $sql', async ({ code, sql, context }) => {
  expect(await codesOf(sql, context)).toContain(code)
})

test('every code has a case, and words in both languages without an empty place', async () => {
  expect(new Set(named.map(({ code }) => code))).toEqual(new Set(Object.keys(privacyCodes)))
  for (const { sql, context } of named)
    for (const refusal of await refusalsOf(sql, context))
      for (const language of ['en', 'zh'] as const) {
        const { message, fix } = wordsOf(refusal, language)
        expect(`${message} ${fix}`).not.toMatch(/\{|``|undefined/)
      }
})

/** Beside what is refused stands what is not. */
test.each([
  ["select count(*) from enterprise where district = 'east'"],
  ['select count(distinct uscc) from enterprise'],
  ['select count(*) from (select uscc, max(amount) m from tax group by uscc) where m > 5'],
  ['select count(*) from enterprise a join enterprise b on a.uscc = b.uscc'],
  ['select count(*) from enterprise a join tax b on a.uscc = b.uscc and a.capital > b.amount'],
  ['select count(*) from enterprise where uscc not in (select uscc from tax)'],
  ['select count(*) from enterprise e join region r on e.district = r.code'],
  ['select count(*) from enterprise where district in (select city from region)'],
  [
    "select count(*) from enterprise e join (values ('east', 1), ('west', 2)) v(d, w) on e.district = v.d",
  ],
  ['select count(*) from enterprise e left join region r on e.district = r.code'],
  ['select district, count(*) n from enterprise group by district order by n limit 1'],
  [
    'select count(*) from (select uscc, row_number() over (partition by uscc order by period) r from tax) where r = 1',
  ],
  [
    'select k, count(*) from (select uscc, district k from enterprise union all select uscc, kind from tax) group by k',
  ],
  [
    "select case when capital < 10 then 'small' else 'large' end c, count(*) from enterprise group by c",
  ],
  ['select capital > 10 c, count(*) from enterprise group by c'],
  ['select avg(m) from (select uscc, median(amount) m from tax group by uscc)'],
  [
    'select sum(case when 1 / capital < 0 then 0 when 1 / capital > 10 then 10 else 1 / capital end) from enterprise',
  ],
  ['select count(*) from owner'],
  ['select count(*) from enterprise where capital > (select avg(capital) from enterprise)'],
  ['select * from region'],
  [
    'select count(distinct district), count(distinct industry), count(distinct month(founded)) from enterprise',
  ],
  ['select count(distinct holder) from owner'],
  [
    'select district, median(capital), approx_quantile(staff, 0.9) from enterprise group by district',
  ],
  [
    'select corr(capital, staff), regr_slope(capital, staff), regr_count(capital, staff) from enterprise',
  ],
  ['select district, listed, count(*) from enterprise group by cube (district, listed)'],
  [
    'select kind, sum(n) from (select uscc, kind, count(*) n from tax group by grouping sets ((uscc), (uscc, kind))) group by kind',
  ],
])('passes: %s', async (sql) => {
  expect(await codesOf(sql)).toEqual([])
})

test.each([
  ["district like '%a%b%c%d%e%f%g%h%i%'", 'like'],
  ["district not ilike '%a%b%c%d%e%f%g%h%i%'", 'not ilike'],
  ["district like industry escape '!'", 'like'],
  ['-listed > 0', '-'],
])(
  'an operator is named as it is written, and not as the engine calls it: %s',
  async (where, name) => {
    const understood = await check(`select count(*) from enterprise where ${where}`, townTables)
    const decided = understood.ok ? decide(understood.value, townContext) : understood
    expect(decided.ok ? [] : decided.refusals.map(({ params }) => params['name'])).toEqual([name])
  },
)
