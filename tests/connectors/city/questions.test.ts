import { expect, test } from 'vitest'
import { cityDocuments } from '../../../connectors/city/documents.ts'
import { agreementSchema } from '../../../policies/agreement.ts'
import { datasetSchema } from '../../../policies/dataset.ts'
import { parseDocument } from '../../../policies/document.ts'
import type { Outcome } from '../../../policies/outcome.ts'
import { policySchema } from '../../../policies/policy.ts'
import { visibleColumns } from '../../../policies/published.ts'
import { decide } from '../../../policies/query/decide.ts'
import type { Refusal } from '../../../policies/refusal.ts'
import { check } from '../../support/checker.ts'

const valueOf = <T>(outcome: Outcome<T>): T => {
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.refusals))
  return outcome.value
}
const documents = cityDocuments()
const datasets = documents.datasets.map(({ text }) => valueOf(parseDocument(text, datasetSchema)))
const policy = valueOf(parseDocument(documents.policy, policySchema))
const agreement = valueOf(parseDocument(documents.agreement, agreementSchema))
const tables = datasets.map((dataset) => ({
  dataset: dataset.dataset,
  columns: visibleColumns(dataset, policy, agreement),
}))

/** How many cells the public grid of a question's first stage has, or why it is refused. */
const gridOf = async (sql: string): Promise<number | readonly Refusal[]> => {
  const tree = await check(sql, tables)
  if (!tree.ok) return tree.refusals
  const outcome = decide(tree.value, {
    datasets: Object.fromEntries(datasets.map((dataset) => [dataset.dataset, dataset])),
    policy,
    door: 'noise',
    rhoNano: 5_000_000,
    place: (offset) => ({ line: 1, column: offset + 1 }),
  })
  if (!outcome.ok) return outcome.refusals
  const [stage] = outcome.value.stages
  if (stage?.kind !== 'noise') throw new Error('it has no noisy stage')
  return stage.keys.reduce((cells, key) => cells * (key.values?.length ?? Number.NaN), 1)
}

test.each([
  ['SELECT count(*) FROM ent_registry', 1],
  ['SELECT district, count(*), avg(registered_capital) FROM ent_registry GROUP BY district', 16],
  ['SELECT district, industry, count(*) FROM ent_registry GROUP BY ALL', 256],
  ['SELECT established, count(*) FROM ent_registry GROUP BY established', 33],
  ['SELECT period, sum(taxable_sales), sum(tax_paid) FROM tax_declaration GROUP BY period', 12],
  ['SELECT filed_at, party_role, count(*) FROM court_case GROUP BY ALL', 48],
  [
    `SELECT d.name, avg(t.sales) FROM (SELECT uscc, sum(taxable_sales) AS sales FROM tax_declaration GROUP BY uscc) t
     JOIN ent_registry r ON r.uscc = t.uscc JOIN districts d ON d.district = r.district GROUP BY d.name`,
    16,
  ],
  [
    `SELECT g.grade, count(c.hit) FROM tax_rating g LEFT JOIN
     (SELECT uscc, true AS hit FROM court_case WHERE party_role = '被执行人' GROUP BY uscc) c ON c.uscc = g.uscc GROUP BY g.grade`,
    5,
  ],
])('the noise door takes %s', async (sql, cells) => {
  expect(await gridOf(sql)).toEqual(cells)
})

test('what the agreement does not name cannot be asked for (S0-13)', async () => {
  for (const column of ['amount', 'case_no', 'nothing'])
    expect(await gridOf(`SELECT count(${column}) FROM court_case`)).toMatchObject([
      { code: 'query/unknown-column' },
    ])
})
