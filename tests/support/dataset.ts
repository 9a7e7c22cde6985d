import { datasetSchema, type Dataset } from '../../policies/dataset.ts'

const title = { zh: '税', en: 'tax' }

/** A dataset of the given columns; the first is the grain. Types as in the catalogue, `?` for one that may be empty. */
export const datasetOf = (
  columns: Record<string, string>,
  more: Record<string, unknown> = {},
  tags?: readonly string[],
): Dataset =>
  datasetSchema.parse({
    dataset: 'tax',
    title,
    department: title,
    entities: [],
    grain: [Object.keys(columns)[0]],
    columns: Object.entries(columns).map(([name, type]) => ({
      name,
      type: type.replace('?', ''),
      class: 'amount',
      level: 2,
      nullable: type.endsWith('?'),
      ...(tags && { tags }),
    })),
    ...more,
  })
