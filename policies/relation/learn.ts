import { exprText } from './digest.ts'
import { dayOf, keep, narrow, singleton, type Domain } from './domain.ts'
import { typeOf, type Comparison, type Expr } from './expression.ts'
import { meet, type Interval } from './interval.ts'
import { isNumeric, type DataType } from './type.ts'

/** What a condition has said about one expression. */
type Lesson = {
  readonly notNull: boolean
  readonly bounds?: Interval
  /** The values it may still take, given those it could. */
  readonly narrow: (domain: Domain | undefined) => Domain | undefined
}
/** By `nameOf` of the expression. */
export type Knowledge = ReadonlyMap<string, Lesson>

/** Equal texts are equal expressions of one relation, casts to a wider numeric type left out. */
export const nameOf = (expr: Expr): string => {
  const known = names.get(expr)
  if (known !== undefined) return known
  const name = exprText(bare(expr))
  names.set(expr, name)
  return name
}

/** Every step of a derivation asks for the names of what it stands on, and expressions never change. */
const names = new WeakMap<Expr, string>()

const bare = (expr: Expr): Expr =>
  expr.op === 'tryCast' && isNumeric(expr.type) && keepsOrder(expr) ? bare(expr.input) : expr

/** A cast to more digits keeps a number as it is. */
const keepsOrder = ({ input, type }: Expr & { op: 'tryCast' }): boolean => {
  const from = typeOf(input)
  if (!isNumeric(from)) return false
  return type.id === 'DOUBLE' || (from.id !== 'DOUBLE' && scaleOf(type) >= scaleOf(from))
}

const scaleOf = (type: DataType): number => (type.id === 'DECIMAL' ? type.scale : 0)

const negations: Record<Comparison, Comparison> = {
  '=': '<>',
  '<>': '=',
  '<': '>=',
  '<=': '>',
  '>': '<=',
  '>=': '<',
  distinct: 'notDistinct',
  notDistinct: 'distinct',
}
const mirrors: Partial<Record<Comparison, Comparison>> = {
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
}

/**
 * What follows from a condition being true (`holds`), or from its not being true: false or NULL. In the second case only
 * non-null values are spoken of, which is all that bounds and domains ever do.
 */
export const learn = (known: Knowledge, condition: Expr, holds: boolean): Knowledge => {
  switch (condition.op) {
    case 'and':
      return holds ? condition.args.reduce((so, arg) => learn(so, arg, true), known) : known
    case 'or':
      return holds ? known : condition.args.reduce((so, arg) => learn(so, arg, false), known)
    case 'not':
      // `not x` is true exactly where x is false; where `not x` is not true, x may be NULL: nothing follows.
      return holds ? learnFalse(known, condition.input) : known
    case 'isNull':
      return condition.negated === holds
        ? add(known, condition.input, { notNull: true, narrow: same })
        : known
    case 'in':
      return condition.negated || !holds ? known : learnList(known, condition)
    case 'compare':
      return learnComparison(known, condition, holds)
    case 'column':
    case 'literal':
    case 'call':
    case 'case':
    case 'tryCast':
      return known
  }
}

/** The condition is false, not NULL. Weaker knowledge than could be had, and enough. */
const learnFalse = (known: Knowledge, condition: Expr): Knowledge =>
  condition.op === 'isNull'
    ? learn(known, { ...condition, negated: !condition.negated }, true)
    : learn(known, condition, false)

const same = (domain: Domain | undefined): Domain | undefined => domain

const learnComparison = (
  known: Knowledge,
  { kind, left, right }: Expr & { op: 'compare' },
  holds: boolean,
): Knowledge => {
  if (left.op === 'literal' && right.op !== 'literal')
    return learnComparison(
      known,
      { op: 'compare', kind: mirrors[kind] ?? kind, left: right, right: left },
      holds,
    )
  if (right.op !== 'literal' || right.value === null) return known
  const relation = holds ? kind : negations[kind]
  const notNull = holds && kind !== 'distinct'
  const { value, type } = right
  if (relation === '=' || relation === 'notDistinct') {
    const bounds =
      reach('<=', value, type) && meet(reach('<=', value, type), reach('>=', value, type))
    return add(known, left, {
      notNull,
      ...(bounds && { bounds }),
      narrow: (domain) => (domain ? keep(domain, [value]) : singleton(value)),
    })
  }
  const bounds = reach(relation, value, type)
  if (bounds === undefined) return notNull ? add(known, left, { notNull, narrow: same }) : known
  const cut = (domain: Domain | undefined): Domain | undefined => domain && narrow(domain, bounds)
  return add(known, left, { notNull, bounds, narrow: cut })
}

/** Numbers (days for dates) on this side of a literal; the ends are kept, which is wide enough. */
const reach = (relation: Comparison, value: string, type: DataType): Interval | undefined => {
  const at = type.id === 'DATE' ? dayOf(value) : isNumeric(type) ? Number(value) : Number.NaN
  if (!Number.isFinite(at)) return undefined
  if (relation === '<' || relation === '<=') return { low: -Number.MAX_VALUE, high: at }
  if (relation === '>' || relation === '>=') return { low: at, high: Number.MAX_VALUE }
  return undefined
}

const learnList = (known: Knowledge, { input, list }: Expr & { op: 'in' }): Knowledge => {
  const values = list.map((item) => (item.op === 'literal' ? item.value : null))
  const texts = values.filter((value) => value !== null)
  if (texts.length < values.length) return add(known, input, { notNull: true, narrow: same })
  return add(known, input, {
    notNull: true,
    narrow: (domain) =>
      domain ? keep(domain, texts) : { kind: 'values', values: [...new Set(texts)] },
  })
}

const add = (known: Knowledge, expr: Expr, lesson: Lesson): Knowledge => {
  const name = nameOf(expr)
  const before = known.get(name)
  const bounds = meet(before?.bounds, lesson.bounds)
  return new Map(known).set(name, {
    notNull: lesson.notNull || (before?.notNull ?? false),
    ...(bounds && { bounds }),
    narrow: before ? (domain) => lesson.narrow(before.narrow(domain)) : lesson.narrow,
  })
}
