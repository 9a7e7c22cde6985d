import { describe, expect, test } from 'vitest'
import type { Dataset } from '../../../policies/dataset.ts'
import { levelOf } from '../../../policies/query/level.ts'
import { typeTree } from '../../../policies/query/typing.ts'
import { refusalsOf, town, townContext, treeOf } from '../../support/town.ts'

/** The town with levels of its own: money is 4, the rest 2; taxes and courts have departments of their own. */
const department = (name: string) => ({ zh: name, en: name })
const levelled = (dataset: Dataset, name: string): Dataset => ({
  ...dataset,
  department: department(name),
  columns: dataset.columns.map((column) => ({
    ...column,
    level: column.name === 'amount' ? 4 : column.class === 'identifier' ? 1 : 2,
  })),
})
const datasets = Object.fromEntries(
  Object.entries(town).map(([name, dataset]) => [
    name,
    levelled(dataset, { tax: 'tax office', court: 'court' }[name] ?? 'registry'),
  ]),
)
const context = { ...townContext, datasets }
const found = async (sql: string): Promise<number | undefined> => {
  const tree = await treeOf(sql)
  return levelOf({ tree, facts: typeTree(tree, context), context })?.level
}

describe('the level of a question', () => {
  test.for<[string, number | undefined]>([
    ['select count(*) from enterprise', undefined],
    ['select count(distinct uscc) from enterprise', 1],
    ['select district, count(*) from enterprise group by district', 2],
    ['select sum(amount) from tax', 4],
    ['select count(*) from tax where amount > 3', 4],
    // Registry and owners are of one department.
    [
      'select o.sex, sum(e.staff) from enterprise e join owner o on o.uscc = e.uscc group by o.sex',
      2,
    ],
    [
      'select e.district, count(*) from enterprise e join court c on c.uscc = e.uscc group by e.district',
      3,
    ],
    [
      'select e.district, sum(t.amount) from enterprise e join tax t on t.uscc = e.uscc group by e.district',
      5,
    ],
    ['select sum(t.amount) from tax t join court c on c.uscc = t.uscc', 5],
    ['select count(*) from enterprise where uscc in (select uscc from court)', 2],
    // A code list is nobody's data.
    ['select r.city, count(*) from court c join region r on r.code = c.role group by r.city', 2],
    // Protected figures of two departments beside each other join no rows.
    ['select (select count(*) from court) as a, (select sum(late_days) from tax) as b', 2],
  ])('%s', async ([sql, level]) => {
    expect(await found(sql)).toBe(level)
  })
})

const joined =
  'select e.district, sum(t.amount) from enterprise e join tax t on t.uscc = e.uscc group by e.district'

test('a question above the ceiling of its agreement is refused with the column and what departments add (S4-04)', async () => {
  const refused = await refusalsOf(joined, { datasets, levelMax: 4 })
  expect(refused).toMatchObject([
    {
      code: 'query/level-too-high',
      params: { level: 5, column: 'tax.amount', columnLevel: 4, uplift: 1, max: 4 },
    },
  ])
  expect(await refusalsOf(joined, { datasets, levelMax: 5 })).toEqual([])
  expect(await refusalsOf(joined, { datasets })).toEqual([])
})

test('a column that the catalogue does not know counts as the highest', async () => {
  const tree = await treeOf('select sum(amount) from tax')
  const { tax } = datasets
  if (tax === undefined) throw new Error('no tax')
  const without = { ...tax, columns: tax.columns.filter(({ name }) => name !== 'amount') }
  const facts = typeTree(tree, context)
  const question = { tree, facts, context: { ...context, datasets: { ...datasets, tax: without } } }
  expect(levelOf(question)?.level).toBe(5)
})
