import {
  booleanDomain,
  boundsOfDomain,
  extract,
  sizeOf,
  singleton,
  truncate,
  unite,
  valuesOf,
  type Domain,
} from './domain.ts'
import type { Expr } from './expression.ts'
import type { ColumnFact } from './fact.ts'
import { callBounds, hull, meet, type Interval } from './interval.ts'
import { learn, nameOf, type Knowledge } from './learn.ts'
import { BOOLEAN, isNumeric, type DataType } from './type.ts'
import { sure } from '../sure.ts'

/** What holds of expressions over one relation: its columns, and what conditions have said. */
export type Scope = { readonly columns: readonly ColumnFact[]; readonly known: Knowledge }

export const scopeOf = (columns: readonly ColumnFact[]): Scope => ({ columns, known: new Map() })

/** The fact of an expression, met with what conditions have said about exactly this expression. */
export const factOf = (expr: Expr, scope: Scope): ColumnFact => {
  const fact = plainFact(expr, scope)
  // Naming an expression costs more than all the rest, and mostly nothing is known.
  if (scope.known.size === 0) return fact
  const learnt = scope.known.get(nameOf(expr))
  if (learnt === undefined) return fact
  const bounds = isNumeric(fact.type) ? meet(fact.bounds, learnt.bounds) : fact.bounds
  const domain = learnt.narrow(fact.domain)
  return {
    ...fact,
    nullable: fact.nullable && !learnt.notNull,
    ...(bounds && { bounds }),
    ...(domain && { domain }),
  }
}

const plainFact = (expr: Expr, scope: Scope): ColumnFact => {
  switch (expr.op) {
    case 'column':
      return sure(scope.columns[expr.index], 'a column')
    case 'literal':
      return literalFact(expr.value, expr.type)
    case 'call':
      return callFact(expr, scope)
    case 'case':
      return caseFact(expr, scope)
    case 'tryCast':
      return castFact(expr, scope)
    case 'in':
      return truth([expr.input, ...expr.list], scope)
    case 'isNull':
      return { ...truth([expr.input], scope), nullable: false }
    case 'not':
      return truth([expr.input], scope)
    case 'and':
    case 'or':
      return truth(expr.args, scope)
    case 'compare':
      return {
        ...truth([expr.left, expr.right], scope),
        ...((expr.kind === 'distinct' || expr.kind === 'notDistinct') && { nullable: false }),
      }
  }
}

/** What every computed value shares: what it is made of. */
const made = (type: DataType, parts: readonly ColumnFact[]): ColumnFact => ({
  type,
  nullable: true,
  key: parts.every((part) => part.key && part.surrogate === undefined),
  ofEntity: parts.every((part) => part.ofEntity),
  sources: [...new Set(parts.flatMap((part) => part.sources))],
})

const truth = (parts: readonly Expr[], scope: Scope): ColumnFact => {
  const facts = parts.map((part) => factOf(part, scope))
  return {
    ...made(BOOLEAN, facts),
    key: facts.every((fact) => fact.surrogate === undefined),
    nullable: facts.some((fact) => fact.nullable),
    domain: booleanDomain,
  }
}

const literalFact = (value: string | null, type: DataType): ColumnFact => {
  const number = value === null || !isNumeric(type) ? Number.NaN : Number(value)
  return {
    ...made(type, []),
    nullable: value === null,
    domain: value === null ? { kind: 'values', values: [] } : singleton(value),
    ...(Number.isFinite(number) && { bounds: { low: number, high: number } }),
    // NULL is in every interval: it never counts. The interval of nothing is left out by `hull` below.
  }
}

const dateParts = new Set(['year', 'quarter', 'month', 'day'])

const callFact = (expr: Expr & { op: 'call' }, scope: Scope): ColumnFact => {
  const facts = expr.args.map((arg) => factOf(arg, scope))
  const domain = callDomain(expr, facts)
  const bounds =
    boundsOfDomain(domain) ??
    callBounds(
      expr.name,
      facts.map((fact) => fact.bounds),
    )
  return {
    ...made(expr.type, facts),
    ...(expr.name === 'coalesce' && { nullable: facts.every((fact) => fact.nullable) }),
    ...(domain && { domain }),
    ...(bounds && isNumeric(expr.type) && { bounds }),
  }
}

const callDomain = (
  { name, args, type }: Expr & { op: 'call' },
  facts: readonly ColumnFact[],
): Domain | undefined => {
  if (type.id === 'BOOLEAN') return booleanDomain
  const [first, second] = args
  if (dateParts.has(name)) return extract(facts[0]?.domain, name)
  if (first?.op === 'literal' && first.value !== null && second !== undefined) {
    if (name === 'date_trunc') return truncated(facts[1]?.domain, first.value)
    if (name === 'date_part') return extract(facts[1]?.domain, first.value)
  }
  if (name === 'coalesce') return facts.map((fact) => fact.domain).reduce(unite)
  return undefined
}

/** The engine truncates to a timestamp. */
const truncated = (domain: Domain | undefined, part: string): Domain | undefined => {
  const cut = truncate(domain, part)
  return cut && { ...cut, midnight: true }
}

/**
 * Each value is seen under its own condition and under the failure of the earlier ones; so a CASE that cuts a value off
 * at two literals is bounded by them. A CASE whose values are literals may be a key whatever its conditions are about:
 * it says no more than they do.
 */
const caseFact = (expr: Expr & { op: 'case' }, scope: Scope): ColumnFact => {
  const values: ColumnFact[] = []
  const conditions: ColumnFact[] = []
  let known = scope.known
  for (const { when, value } of expr.whens) {
    conditions.push(factOf(when, { ...scope, known }))
    values.push(branch(value, { ...scope, known: learn(known, when, true) }))
    known = learn(known, when, false)
  }
  values.push(branch(expr.otherwise, { ...scope, known }))
  const real = values.filter((value) => !isNothing(value))
  const domain = real
    .map((value) => value.domain)
    .reduce<Domain | undefined>(unite, { kind: 'values', values: [] })
  const bounds = real.length === 0 ? undefined : real.map((value) => value.bounds).reduce(hull)
  const literals = [...expr.whens.map(({ value }) => value), expr.otherwise].every(
    ({ op }) => op === 'literal',
  )
  const clean = conditions.every((fact) => fact.surrogate === undefined)
  return {
    ...made(expr.type, [...conditions, ...values]),
    nullable: values.some((value) => value.nullable),
    key: clean && (literals || [...conditions, ...values].every((fact) => fact.key)),
    ...(domain && sizeOf(domain) > 0 && { domain }),
    ...(bounds && isNumeric(expr.type) && { bounds }),
  }
}

const branch = (value: Expr, scope: Scope): ColumnFact => factOf(value, scope)

/** The NULL literal: it adds nothing to bounds and domains. */
const isNothing = (fact: ColumnFact): boolean =>
  fact.domain?.kind === 'values' && fact.domain.values.length === 0

const castFact = (expr: Expr & { op: 'tryCast' }, scope: Scope): ColumnFact => {
  const from = factOf(expr.input, scope)
  const to = expr.type
  const bounds: Interval | undefined =
    isNumeric(from.type) && isNumeric(to) ? from.bounds : undefined
  const domain = castDomain(from, to)
  return {
    ...made(to, [from]),
    nullable: from.nullable || !widens(from.type, to),
    ...(bounds && { bounds }),
    ...(domain && { domain }),
  }
}

const exactDigits = (type: DataType): number =>
  ({ TINYINT: 3, SMALLINT: 5, INTEGER: 10, BIGINT: 19, HUGEINT: 39 })[type.id as 'BIGINT'] ?? 0

/** Every value of `from` is a value of `to`. */
const widens = (from: DataType, to: DataType): boolean => {
  if (to.id === 'DOUBLE') return isNumeric(from)
  if (from.id === 'DECIMAL')
    return (
      to.id === 'DECIMAL' &&
      to.scale >= from.scale &&
      to.width - to.scale >= from.width - from.scale
    )
  if (to.id === 'DECIMAL') return exactDigits(from) > 0 && to.width - to.scale >= exactDigits(from)
  if (exactDigits(from) > 0) return exactDigits(to) >= exactDigits(from)
  return from.id === to.id || (from.id === 'DATE' && to.id === 'TIMESTAMP')
}

/** Kept where the text of every value stays the same. */
const castDomain = (from: ColumnFact, to: DataType): Domain | undefined => {
  const { domain } = from
  if (domain === undefined || sizeOf(domain) === 0) return domain
  if (from.type.id === 'DATE' && to.id === 'TIMESTAMP')
    return domain.kind === 'days' ? { ...domain, midnight: true } : undefined
  if (from.type.id === to.id && to.id !== 'DECIMAL') return domain
  if (exactDigits(from.type) > 0 && exactDigits(to) > 0) return domain
  if (
    to.id === 'VARCHAR' &&
    (exactDigits(from.type) > 0 || from.type.id === 'DATE') &&
    sizeOf(domain) <= 10_000
  )
    return { kind: 'values', values: valuesOf(domain) }
  return undefined
}
