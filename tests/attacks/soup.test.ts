import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { decide } from '../../policies/query/decide.ts'
import { typeSql } from '../../policies/relation/type.ts'
import { quoteName } from '../../sandbox/query/render.ts'
import { check } from '../support/checker.ts'
import { engineWords, expectOurs } from '../support/ours.ts'
import { openDuck } from '../support/duck.ts'
import { townContext, townTables } from '../support/town.ts'
import { question } from './sentence.ts'

/*
 * Texts that are hardly questions: words of the language in any order, and questions with a piece cut out, put twice or
 * moved. Each is answered by a tree or by refusals, and a refusal says nothing but our own words and the submitter's.
 */
const prove = process.env['SLUICE_PROVE'] !== undefined

const words =
  `select from where group by having order limit offset qualify window over partition rows range between
  unbounded preceding following current row with recursive materialized as union all intersect except join left right
  full inner outer cross semi anti natural asof positional lateral on using values table distinct case when then else
  end and or not in exists any some is null true false like ilike similar to escape cast try_cast interval date
  timestamp extract filter within array struct map list unnest pivot unpivot sample tablesample at version describe
  summarize show explain copy create temp macro function view insert into update set delete drop attach detach pragma
  call load install begin commit execute prepare export import enterprise tax court owner worker resident region uscc
  district industry capital founded staff listed period kind amount late_days holder sex share pid code city weight
  count sum avg min max row_number rank lag lead first_value coalesce nullif greatest least abs round sqrt ln exp
  substr upper lower concat repeat lpad replace regexp_matches strptime date_trunc date_diff make_date range hash md5
  getenv version current_user rowid * ( ) , . ; : :: || + - / // % = <> < > <= >= [ ] { } ? $1 @ # & | ^ ~ ! -- /* */
  'vat' '2024-01-01' '' 'a''b' "x" "" 0 1 2.5 1e400 -1 0x1F 9223372036854775808 $$x$$ 企业 é \u3000 \u00a0`
    .trim()
    .split(/\s+/)

const answered = { trees: 0, refused: 0 }
const ask = async (text: string): Promise<void> => {
  const understood = await check(text, townTables)
  if (!understood.ok) {
    answered.refused += 1
    return expectOurs(understood.refusals, text)
  }
  answered.trees += 1
  const decided = decide(understood.value, townContext)
  if (!decided.ok) expectOurs(decided.refusals, text)
}

test('words in any order are refused in our own words', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 30 }),
      fc.constantFrom('', 'select ', 'select count(*) from ', 'with x as (', 'from tax '),
      async (list, start) => ask(start + list.join(' ')),
    ),
    { numRuns: prove ? 100_000 : 2500, seed: 5, endOnFailure: true },
  )
})

test('broken questions are understood or refused in our own words', async () => {
  await fc.assert(
    fc.asyncProperty(fc.gen(), async (draw) => {
      const text = question(draw, 2)
      const [one, two] = [draw(fc.nat, { max: text.length }), draw(fc.nat, { max: text.length })]
      const [from, to] = [Math.min(one, two), Math.max(one, two)]
      const piece = text.slice(from, to)
      const word = draw(() => fc.constantFrom(...words))
      const broken = [
        text.slice(0, from) + text.slice(to),
        text.slice(0, to) + piece + text.slice(to),
        `${text.slice(0, from)} ${word} ${text.slice(from)}`,
        text.slice(0, from),
      ]
      for (const one of broken) await ask(one)
    }),
    { numRuns: prove ? 20_000 : 400, seed: 6, endOnFailure: true },
  )
  expect(answered.trees).toBeGreaterThan(25)
  expect(answered.refused).toBeGreaterThan(500)
})

test('an engine that is asked directly says more: its own words, names nobody wrote, values', async () => {
  const duck = await openDuck()
  await duck.run('SET enable_external_access = false')
  for (const { dataset, columns } of townTables) {
    const list = columns.map(({ name, type }) => `${quoteName(name)} ${typeSql(type)}`)
    await duck.run(`CREATE TABLE ${quoteName(dataset)} (${list.join(', ')})`)
  }
  await duck.run("INSERT INTO tax SELECT 1, '2024-01-01', 'SECRET', 1.25, 3")
  const told: string[] = []
  let unknown = 0
  const tryBoth = async (text: string): Promise<void> => {
    try {
      await duck.rows(text)
      if (!(await check(text, townTables)).ok) unknown += 1
    } catch (error) {
      told.push(String(error))
    }
  }
  await fc.assert(
    fc.asyncProperty(fc.gen(), async (draw) => {
      const text = question(draw, 2)
      const cut = draw(fc.nat, { max: text.length })
      await tryBoth(
        `${text.slice(0, cut)} ${draw(() => fc.constantFrom(...words))} ${text.slice(cut)}`,
      )
    }),
    { numRuns: 300, seed: 7, endOnFailure: true },
  )
  for (const text of ['select sum(kind::int) from tax', 'summarize tax', 'select version()'])
    await tryBoth(text)
  duck.close()
  expect(told.filter((message) => engineWords.test(message)).length).toBeGreaterThan(250)
  expect(told.some((message) => message.includes('SECRET'))).toBe(true)
  expect(unknown).toBeGreaterThan(2)
})
