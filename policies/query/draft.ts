import { factOf, scopeOf } from '../relation/derive.ts'
import type { Expr } from '../relation/expression.ts'
import type { NodeFact } from '../relation/fact.ts'
import type { Measure } from '../relation/tree.ts'
import type { Clamped } from './clamp.ts'
import type { Figure, Mechanism } from './plan.ts'

/** A mechanism before its noise is known. `flag`: what must hold for a row to count, beside the question's own filters. */
export type Draft =
  | { readonly kind: 'rows' | 'units'; readonly flags: readonly Expr[] }
  | {
      readonly kind: 'sum'
      readonly flags: readonly Expr[]
      readonly value: Clamped
      /** Taken from each value before it is added up. */
      readonly centre?: bigint
    }
  /** Different values. `ofEntity`: a unit has one of them at most, declared by the policy. */
  | {
      readonly kind: 'values'
      readonly flags: readonly Expr[]
      readonly value: Expr
      readonly ofEntity: boolean
    }
  /** Rows by the leaf of a public grid they fall into. */
  | {
      readonly kind: 'tree'
      readonly flags: readonly Expr[]
      readonly leaf: Expr
      readonly scale: number
      readonly tree: NonNullable<Mechanism['tree']>
    }

export type Wanted = { readonly drafts: readonly Draft[]; readonly figure: Omit<Figure, 'parts'> }

/** What must hold for a row to count: the measure's own filter, and that every argument has a value. */
export const presentIn = ({ args, filter }: Measure, input: NodeFact): readonly Expr[] => [
  ...(filter ? [filter] : []),
  ...args.filter((arg) => factOf(arg, scopeOf(input.columns)).nullable).map(isPresent),
]

const isPresent = (input: Expr): Expr => ({ op: 'isNull', input, negated: true })
