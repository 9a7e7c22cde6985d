import { expect, test } from 'vitest'
import { typeTree } from '../../../policies/query/typing.ts'
import { sizeOf, valuesOf } from '../../../policies/relation/domain.ts'
import type { ColumnFact } from '../../../policies/relation/fact.ts'
import { townContext, treeOf } from '../../support/town.ts'

/*
 * What is known of an expression over the town's enterprises without looking at data: capital lies in 0 to 1000, staff in 0
 * to 500, both may be NULL; founded is a date of 2000 to 2020; districts are east, west and north.
 */
const factOf = async (expression: string, from = 'enterprise'): Promise<ColumnFact> => {
  const tree = await treeOf(`select ${expression} as x from ${from}`)
  return typeTree(tree, townContext).at(-1)!.columns[0]!
}

test.each([
  ['capital', [0, 1000]],
  ['capital + staff', [0, 1500]],
  ['capital - staff', [-500, 1000]],
  ['-capital', [-1000, 0]],
  ['capital * staff', [0, 500_000]],
  ['(capital - 500) * 2', [-1000, 1000]],
  ['capital / 4', [0, 250]],
  ['abs(capital - 600)', [0, 600]],
  ['abs(capital + 10)', [10, 1010]],
  ['sign(capital)', [-1, 1]],
  ['floor(capital / 3)', [0, 333]],
  ['ceil(capital / 3)', [0, 334]],
  ['round(capital)', [-1, 1001]],
  ['staff % 7', [0, 7]],
  ['(staff - 500) % 7', [-7, 0]],
  ['staff // 2', [0, 250]],
  ['sqrt(staff)', [0, Math.sqrt(500)]],
  ['ln(staff + 1)', [0, Math.log(501)]],
  ['log10(staff + 1)', [0, Math.log10(501)]],
  ['coalesce(capital, -1)', [-1, 1000]],
  ['case when listed then capital end', [0, 1000]],
  ['case when listed then 5 else 7 end', [5, 7]],
  ['lag(staff, 1, -5) over (partition by uscc order by founded)', [-5, 500]],
  ['lag(staff) over (partition by uscc order by founded)', [0, 500]],
  ['case when listed then capital when staff > 3 then -2 else 0 end', [-2, 1000]],
  ['month(founded)', [1, 12]],
  ['quarter(founded)', [1, 4]],
  ['day(founded)', [1, 31]],
  ['year(founded)', [2000, 2020]],
])('%s lies where interval arithmetic says', async (expression, [low, high]) => {
  const { bounds } = await factOf(expression)
  expect(bounds?.low).toBeCloseTo(low!, 9)
  expect(bounds?.high).toBeCloseTo(high!, 9)
})

test.each([
  'ln(staff)',
  '1 / capital',
  'capital / (staff - 5)',
  'length(district)',
  'district',
  'case when listed then capital else 1 / capital end',
])('%s has no bounds', async (expression) => {
  expect((await factOf(expression)).bounds).toBeUndefined()
})

test.each([
  ['case when 1/capital < 0 then 0 when 1/capital > 9 then 9 else 1/capital end', [0, 9]],
  ['case when 1/capital between 2 and 7 then 1/capital else 0 end', [0, 7]],
  ['case when 1/capital >= 2 and 1/capital <= 5 then 1/capital end', [2, 5]],
  ['case when not (1/capital <= 5) or 1/capital < 1 then 3 else 1/capital end', [1, 5]],
  ['case when 5 < 1/capital then 5 when 1/capital <= -1 then -1 else 1/capital end', [-1, 5]],
  ['case when 1/capital = 4 then 1/capital else 0 end', [0, 4]],
])('%s is bounded by its own conditions', async (expression, [low, high]) => {
  expect((await factOf(expression)).bounds).toEqual({ low, high })
})

test.each([
  ['district', ['east', 'west', 'north']],
  ['listed', ['false', 'true']],
  ['staff > 3', ['false', 'true']],
  ['staff in (1, 2)', ['false', 'true']],
  ['not listed', ['false', 'true']],
  ["starts_with(district, 'e')", ['false', 'true']],
  ["staff is null or district = 'east'", ['false', 'true']],
  [
    "case when staff < 5 then 'small' when staff < 50 then 'mid' else 'large' end",
    ['small', 'mid', 'large'],
  ],
  ["case when listed then district else 'other' end", ['east', 'west', 'north', 'other']],
  ['case when staff > 5 then district end', ['east', 'west', 'north']],
  ["coalesce(district, 'none')", ['east', 'west', 'north', 'none']],
])('%s takes known values', async (expression, values) => {
  const { domain } = await factOf(expression)
  expect([...valuesOf(domain!)].sort()).toEqual([...values].sort())
})

test.each([
  ['founded', 7671],
  ['year(founded)', 21],
  ["date_part('year', founded)", 21],
  ["date_trunc('year', founded)", 21],
  ["date_trunc('quarter', founded)", 84],
  ["date_trunc('month', founded)", 252],
  ["date_trunc('year', date_trunc('month', founded))", 21],
  ["date_trunc('month', date_trunc('year', founded))", 21],
  ['year(founded) + 1', undefined],
  ["date_trunc('week', founded)", undefined],
])('%s has %s values', async (expression, size) => {
  const { domain } = await factOf(expression)
  expect(domain && sizeOf(domain)).toBe(size)
})

test('truncated dates are written as their type writes them', async () => {
  const { domain, type } = await factOf("date_trunc('quarter', founded)")
  expect([type.id, valuesOf(domain!)[1]]).toEqual(['TIMESTAMP', '2000-04-01 00:00:00'])
  const month = await factOf("cast(date_trunc('month', founded) as date)")
  expect(month.domain === undefined ? [] : valuesOf(month.domain).slice(0, 2)).toEqual([])
})

test.each([
  ["enterprise where district = 'east'", ['east']],
  ["enterprise where district in ('north', 'south', 'east')", ['north', 'east']],
  [
    "enterprise where district in ('east', 'west') and district <> 'x' and district in ('west', 'north')",
    ['west'],
  ],
  ["enterprise where district = 'south'", []],
])('%s narrows the districts', async (from, values) => {
  const { domain } = await factOf('district', from)
  expect([...valuesOf(domain!)].sort()).toEqual([...values].sort())
})

test.each([
  ["enterprise where founded >= date '2019-03-01'", 22],
  ["enterprise where founded between date '2019-03-01' and date '2019-04-15'", 2],
  ["enterprise where founded = date '2019-03-01' or listed", 252],
])('%s narrows the months to %s', async (from, size) => {
  const { domain } = await factOf("date_trunc('month', founded)", from)
  expect(sizeOf(domain!)).toBe(size)
})

test.each([
  ['district', false],
  ['capital', true],
  ['capital + 1', true],
  ['staff is null', false],
  ['staff is not distinct from 3', false],
  ['coalesce(staff, 0)', false],
  ['case when listed then 1 else 2 end', false],
  ['case when listed then 1 end', true],
  ['cast(staff as double)', true],
  ['cast(district as integer)', true],
])('%s: may it be NULL? %s', async (expression, nullable) => {
  expect((await factOf(expression)).nullable).toBe(nullable)
})

test.each([
  ['enterprise where staff is not null', false],
  ['enterprise where staff > 3', false],
  ['enterprise where not (staff is null)', false],
  ['enterprise where staff in (1, 2)', false],
  ['enterprise where staff is distinct from 3', true],
  ['enterprise where staff > 3 or listed', true],
])('in %s, may staff be NULL? %s', async (from, nullable) => {
  expect((await factOf('staff', from)).nullable).toBe(nullable)
})

test.each([
  ['district', true],
  ['upper(district)', true],
  ['capital', false],
  ['capital > 5', true],
  ["case when capital > 5 then 'a' else 'b' end", true],
  ['case when capital > 5 then staff else 0 end', false],
])('may %s be grouped by? %s', async (expression, key) => {
  expect((await factOf(expression)).key).toBe(key)
})

test('an expression says which columns it is made of', async () => {
  expect((await factOf('case when listed then capital else staff end')).sources).toEqual([
    'enterprise.listed',
    'enterprise.capital',
    'enterprise.staff',
  ])
})

test('a list of nothing but NULL lies nowhere', async () => {
  const fact = await factOf('w', '(values (null::int), (null)) v(w)')
  expect([fact.nullable, fact.bounds]).toEqual([true, undefined])
})
