import { sizeOf, valuesOf } from '../relation/domain.ts'
import type { ColumnFact } from '../relation/fact.ts'
import { isInteger } from '../relation/type.ts'
import type { NoiseStage } from './plan.ts'

const isText = (fact: ColumnFact): boolean =>
  isInteger(fact.type) || ['VARCHAR', 'BOOLEAN', 'DATE', 'TIMESTAMP'].includes(fact.type.id)

export type GridKey = Omit<NoiseStage['keys'][number], 'column'>

/** The values of every key, if all are public and make a grid that is small enough; otherwise none. */
export const gridOf = (
  facts: readonly ColumnFact[],
  measured: boolean,
  gridMax: number,
): readonly GridKey[] => {
  const bare = facts.map(({ type, nullable }) => ({ type, nullable }))
  const sizes = facts.map((fact) =>
    fact.domain && isText(fact) ? sizeOf(fact.domain) + (fact.nullable ? 1 : 0) : Infinity,
  )
  // Without measures the question is which groups there are, and a grid would answer what everybody knows.
  if (!measured || sizes.reduce((product, size) => product * size, 1) > gridMax) return bare
  return facts.map(({ type, nullable, domain }) => ({
    type,
    nullable,
    values: [...(domain ? valuesOf(domain) : [])],
  }))
}

/** Cells of the public grid, or undefined where groups are not public. */
export const cellsOf = (keys: readonly GridKey[]): number | undefined =>
  keys.reduce<number | undefined>(
    (product, { values, nullable }) =>
      product === undefined || values === undefined
        ? undefined
        : product * (values.length + (nullable ? 1 : 0)),
    1,
  )
