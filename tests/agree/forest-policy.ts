import { policySchema } from '../../policies/policy.ts'
import type { Context } from '../../policies/query/context.ts'
import { datasetOf } from '../support/dataset.ts'
import type { Data } from './naive.ts'

const about = (
  dataset: string,
  columns: Record<string, string>,
  grain: string[],
  entities: object[],
) => {
  const made = datasetOf(columns, { dataset, grain, entities: [] })
  return { ...made, entities: entities as typeof made.entities }
}
const unit = [{ kind: 'firm', column: 'unit' }]
const datasets = {
  firm: about('firm', { unit: 'text', place: 'text?', size: 'integer?' }, ['unit'], unit),
  fact: about(
    'fact',
    { unit: 'text', kind: 'text?', amount: 'integer?' },
    ['unit', 'kind', 'amount'],
    unit,
  ),
  note: about('note', { unit: 'text?', amount: 'integer?' }, ['unit', 'amount'], unit),
  list: about('list', { code: 'text', weight: 'integer' }, ['code'], []),
}
const dimension = { use: 'dimension', domain: { codes: ['a', 'b', 'c'] } }
const measure = { use: 'measure', clamp: [-1, 3] }
const title = { zh: '林', en: 'forest' }
const policy = policySchema.parse({
  policy: 'forest',
  title,
  doors: ['noise'],
  kinds: { firm: { ledger: { rho: 1, delta: 1e-6 } } },
  question: { rho: 0.01, rhoMax: 0.1, delta: 1e-9 },
  datasets: Object.fromEntries(
    Object.values(datasets).map((dataset) => [
      dataset.dataset,
      {
        contribution: { rowsMax: 2, groupsMax: 40 },
        columns: Object.fromEntries(
          dataset.columns
            .filter(({ name }) => name !== 'unit')
            .map(({ name, type }) => [name, type === 'integer' ? measure : dimension]),
        ),
      },
    ]),
  ),
})
export const forestContext: Context = {
  datasets,
  policy,
  door: 'noise',
  rhoNano: 10_000_000,
  place: () => ({ line: 1, column: 1 }),
}

/** The rows of one unit, and everything public. */
export const onlyOf = (data: Data, unitOf: number): Data =>
  Object.fromEntries(
    Object.entries(data).map(([name, table]) => [
      name,
      name === 'list' ? table : { ...table, rows: table.rows.filter((row) => row[0] === unitOf) },
    ]),
  )

/** Rows without a unit are nobody's, and no private scan shows them. */
export const ofSomebody = (data: Data): Data =>
  Object.fromEntries(
    Object.entries(data).map(([name, table]) => [
      name,
      { ...table, rows: table.rows.filter((row) => row[0] !== null) },
    ]),
  )
