import { nullOf } from '../../policies/relation/build.ts'
import type { Expr } from '../../policies/relation/expression.ts'
import { HUGEINT, type DataType } from '../../policies/relation/type.ts'
import type { Problem } from './gate-rule.ts'
import { isObject, type Json, type JsonObject, wordOf } from './json.ts'
import { typeFrom } from './type.ts'
import type { Graph } from './work.ts'

/** What is known while one bound plan is lowered. */
export type Lowering = Graph & {
  readonly problems: Problem[]
  /** Node of a common table expression, by the plan's number of it. */
  readonly ctes: Map<number, number>
  /** Correlated joins around this place, the innermost last. */
  readonly correlated: number[]
  /** The keys of each correlated join, as expressions over its left side. */
  readonly keys: (readonly Expr[])[]
  /** Scans in the plan's own numbering, which is the order they were met in when it was bound. */
  readonly scans: { readonly number: number; readonly node: number }[]
  /** By dataset in lower case, columns that together are never the same in two rows and never missing. */
  readonly uniqueKeys: ReadonlyMap<string, readonly string[]>
  /** Positions of a plan count from the wrapped text; those of a tree from the submitted one. */
  readonly offset: number
  /** ISO date that `current_date` means. */
  readonly today: string
  /**
   * The plan is of a statement of ours: functions keep the engine's names, nothing is asked of the table of functions,
   * and a cast that neither tries nor types a literal is marked, since we write none.
   */
  readonly raw: boolean
}

/** Thrown inside a lowering after its problem was noted, where nothing sensible can stand in for the part. */
export class Unlowered extends Error {}

/** Notes a problem and gives up this lowering: what follows could only repeat it. */
export const giveUp = (lowering: Lowering, problem: Problem): never => {
  lowering.problems.push(problem)
  throw new Unlowered(problem.code)
}

export const objectOf = (json: Json | undefined, what: string): JsonObject => {
  if (!isObject(json)) throw new Error(`the plan has no ${what}`)
  return json
}

export const listOf = (json: JsonObject, key: string): readonly Json[] => {
  const value = json[key]
  if (value === undefined) return []
  if (!Array.isArray(value)) throw new Error(`the plan has no list ${key}`)
  return value as readonly Json[]
}

/** Whether a value says nothing: absent, empty, false, or the plan's "none", the largest integer of 64 bits. */
export const saysNothing = (value: Json | undefined): boolean =>
  value === undefined ||
  value === null ||
  value === false ||
  value === '' ||
  value === 18446744073709551615n ||
  (Array.isArray(value) && value.length === 0) ||
  (isObject(value) && Object.values(value).every(saysNothing))

/** Position of an expression of the plan in the submitted text, as a byte offset. */
export const placeOf = (json: JsonObject, lowering: Lowering): { at?: number } => {
  const value = json['query_location']
  return typeof value === 'number' && value >= lowering.offset
    ? { at: value - lowering.offset }
    : {}
}

/**
 * Refuses an object of the plan with a key that is not known (I3): it may change the meaning of the ones that are.
 * `expected` are keys that are read; keys that say nothing are fine.
 */
export const closed = (
  json: JsonObject,
  expected: ReadonlySet<string>,
  lowering: Lowering,
): void => {
  // Objects of JSON have no prototype: these are their own keys, and no list of them is made.
  for (const key in json)
    if (!expected.has(key) && !saysNothing(json[key]))
      giveUp(lowering, {
        code: 'query/unsupported',
        params: { what: `${wordOf(json['type'])}.${key}` },
        ...placeOf(json, lowering),
      })
}

/** The type at a key, or a refusal: nested values, ENUMs and collations have no place in the tree. */
export const typeAt = (json: JsonObject, key: string, lowering: Lowering): DataType => {
  const type = typeFrom(json[key])
  if (type !== undefined) return type
  const id = isObject(json[key]) ? wordOf(json[key]['id']) : ''
  // The engine's hash, in statements of ours alone: the order of a unit's groups.
  if (lowering.raw && id === 'UBIGINT') return HUGEINT
  return giveUp(lowering, { code: 'query/type', params: { type: id }, ...placeOf(json, lowering) })
}

/** Stands in for a part that was refused, so that the rest can still be looked at. */
export const placeholder = (type: DataType): Expr => nullOf(type)
