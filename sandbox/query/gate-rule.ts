import type { Sizes } from './gate-size.ts'
import type { RefusalCode } from '../../policies/refusal.ts'
import { isObject, type Json, type JsonObject, wordOf, own } from './json.ts'

/** A problem found in a syntax tree or plan; `at` is a UTF-8 byte offset in the parsed text. */
export type Problem = {
  readonly code: RefusalCode
  readonly params?: Readonly<Record<string, string | number>>
  readonly at?: number | undefined
}

/** How far a walk may go: `../../design` gives 4,000 nodes and depth 60; a list of values is one node an entry. */
export const gateLimits = {
  nodesMax: 4000,
  depthMax: 60,
  listMax: 1000,
  /** Parts of one SELECT after aliases and stars are written out. */
  boundMax: 8000,
  groupingSetsMax: 256,
}

/** A table named in a text, in lower case, and where. */
export type Read = { readonly name: string; readonly at: number }

export type Gate = {
  readonly problems: Problem[]
  /** Names of tables a statement may read: datasets of the stub and its own common table expressions. */
  readonly tables: ReadonlySet<string>
  /** The walks of the three kinds of syntax, so that rules of each may use the others. */
  readonly walk: Readonly<
    Record<'expression' | 'table' | 'query', (value: Json, gate: Gate) => void>
  >
  readonly sizes: Sizes
  /** Tables that are read, in the order of the text. */
  readonly reads: Read[]
  nodes: number
  depth: number
  /** Position of the nearest enclosing thing that has one. */
  at: number
}

/** What may stand at one key of a syntax node. */
export type Rule = (value: Json, gate: Gate, owner: JsonObject) => void
export type Shape = Readonly<Record<string, Rule>>

export const report = (gate: Gate, code: RefusalCode, params: Problem['params'] = {}): void => {
  gate.problems.push({ code, params, at: gate.at })
}

/** Positions are offsets; the largest integer of 64 bits says that there is none. */
export const offsetOf = (node: JsonObject): number | undefined => {
  const value = node['query_location']
  return typeof value === 'number' ? value : undefined
}

const isEmpty = (value: Json): boolean =>
  value === null ||
  value === '' ||
  value === false ||
  (Array.isArray(value) && value.length === 0) ||
  (isObject(value) && Object.keys(value).length === 0)

export const ignored: Rule = () => undefined

/** Nothing may stand there; `code` says what was meant by it. */
export const absent =
  (code: RefusalCode = 'query/unsupported', what = ''): Rule =>
  (value, gate) => {
    if (!isEmpty(value)) report(gate, code, what === '' ? {} : { what })
  }

export const oneOf =
  (values: readonly Json[], code: RefusalCode = 'query/unsupported'): Rule =>
  (value, gate) => {
    if (!values.includes(value)) report(gate, code, { what: wordOf(value) })
  }

export const expression: Rule = (value, gate) => {
  if (value !== null) gate.walk.expression(value, gate)
}

export const expressions: Rule = (value, gate) => {
  if (!Array.isArray(value)) return report(gate, 'query/unsupported', { what: 'list' })
  for (const item of value as readonly Json[]) expression(item, gate, {})
}

/** A list of entries, each of a closed shape. */
export const entries =
  (shape: Shape): Rule =>
  (value, gate) => {
    if (!Array.isArray(value)) return report(gate, 'query/unsupported', { what: 'list' })
    for (const item of value as readonly Json[]) gateShape(item, shape, gate)
  }

export const fields =
  (shape: Shape): Rule =>
  (value, gate) => {
    if (value !== null) gateShape(value, shape, gate)
  }

export const tooComplex: NonNullable<Problem['params']> = {
  nodes: gateLimits.nodesMax,
  depth: gateLimits.depthMax,
}

/** Once is enough: everything below is not looked at. */
export const reportTooComplex = (gate: Gate): void => {
  if (!gate.problems.some(({ code }) => code === 'query/too-complex'))
    report(gate, 'query/too-complex', tooComplex)
}

/**
 * Walks an object whose every key must stand in its shape: a key nobody knows may carry meaning that a newer engine
 * gives it, so it is refused (I3).
 */
export const gateShape = (value: Json, shape: Shape, gate: Gate): void => {
  if (!isObject(value)) return report(gate, 'query/unsupported', { what: 'syntax' })
  gate.nodes += 1
  gate.depth += 1
  const outer = gate.at
  gate.at = offsetOf(value) ?? outer
  if (gate.nodes > gateLimits.nodesMax || gate.depth > gateLimits.depthMax) {
    reportTooComplex(gate)
  } else
    for (const key in value) {
      const part = value[key] ?? null
      const rule = own(shape, key)
      if (rule !== undefined) rule(part, gate, value)
      else if (!isEmpty(part)) report(gate, 'query/unsupported', { what: key })
    }
  gate.at = outer
  gate.depth -= 1
}

/** One key of an ORDER BY. */
export const orderShape: Shape = {
  type: oneOf(['ASCENDING', 'DESCENDING', 'ORDER_DEFAULT']),
  null_order: oneOf(['NULLS FIRST', 'NULLS LAST', 'ORDER_DEFAULT']),
  expression,
}

export const table: Rule = (value, gate) => {
  if (value !== null) gate.walk.table(value, gate)
}

export const query: Rule = (value, gate) => gate.walk.query(value, gate)

/** A statement as it stands in a subquery: `{ node, named_param_map }`. */
export const statement = fields({
  node: query,
  named_param_map: (value, gate, owner) => {
    // Each parameter was met where it stands, unless it stands where nobody looks.
    if (!gate.problems.some(({ code }) => code === 'query/parameter'))
      absent('query/parameter')(value, gate, owner)
  },
})
