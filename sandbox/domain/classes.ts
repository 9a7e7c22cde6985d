import type { Dataset } from '../../policies/dataset.ts'
import { classesSchema, type Classes } from '../../policies/grade.ts'
import type { Policy } from '../../policies/policy.ts'
import { quoteName, type Engine } from '../run/engine.ts'

/**
 * Classes of entities that are alike in every dimension of a published table, where a row is an entity: there counting rows
 * counts entities. Undefined for tables of several rows an entity, and for public ones.
 */
export const countClasses = async (
  engine: Engine,
  table: string,
  { dataset, policy }: { readonly dataset: Dataset; readonly policy: Policy },
): Promise<Classes | undefined> => {
  const [unit] = dataset.entities
  const [only, ...more] = dataset.grain
  if (unit === undefined || only !== unit.column || more.length > 0) return undefined
  const dimensions = Object.entries(policy.datasets[dataset.dataset]?.columns ?? {})
    .filter(([, { use }]) => use === 'dimension')
    .map(([name]) => quoteName(name))
  const groups = dimensions.length === 0 ? '' : `GROUP BY ${dimensions.join(', ')}`
  const { rows } = await engine.query(
    'SELECT count(*), min(size), count(*) FILTER (size < 3), count(*) FILTER (size < 5), ' +
      'count(*) FILTER (size < 20), sum(1 / size) ' +
      `FROM (SELECT count(*) AS size FROM ${table} ${groups})`,
  )
  const [classes, smallest, below3, below5, below20, inverses] = (rows[0] ?? []).map(Number)
  return classesSchema.parse({ classes, smallest, below3, below5, below20, inverses })
}
