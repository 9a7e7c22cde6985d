import { literal, truth } from './build.ts'
import { exprText } from './digest.ts'
import { mapParts, typeOf, type Comparison, type Expr } from './expression.ts'
import { sameType } from './type.ts'
import { narrowLiteral } from './narrow.ts'

/**
 * The normal form of an expression: equal questions are written in many ways. Literals stand on the right, negations
 * inside, conjunctions and lists are flat, sorted and without repetition, `=` alternatives are lists. Every step keeps
 * the value for every row, NULL included (three-valued logic: NOT (a < b) is a >= b also where it is NULL).
 */
export const normal = (expr: Expr): Expr => {
  const inner = mapParts(expr, normal)
  switch (inner.op) {
    case 'compare':
      return normalCompare(inner)
    case 'not':
      return negate(inner.input)
    case 'and':
    case 'or':
      return normalJunction(inner)
    case 'in':
      return normalIn(inner)
    case 'case':
      return normalCase(inner)
    case 'tryCast':
      return sameType(typeOf(inner.input), inner.type) ? inner.input : inner
    case 'call':
      return normalCall(inner)
    case 'column':
    case 'literal':
    case 'isNull':
      return inner
  }
}

type Of<Op extends Expr['op']> = Extract<Expr, { op: Op }>

const mirrored: Record<Comparison, Comparison> = {
  '=': '=',
  '<>': '<>',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
  distinct: 'distinct',
  notDistinct: 'notDistinct',
}

const opposite: Record<Comparison, Comparison> = {
  '=': '<>',
  '<>': '=',
  '<': '>=',
  '<=': '>',
  '>': '<=',
  '>=': '<',
  distinct: 'notDistinct',
  notDistinct: 'distinct',
}

/** A literal stands on the right, in the type of the other side where it has one there; else the smaller text is left. */
const normalCompare = (expr: Of<'compare'>): Expr => {
  const swap =
    expr.left.op === 'literal' ||
    (expr.right.op !== 'literal' && exprText(expr.left) > exprText(expr.right))
  const turned: Of<'compare'> = swap
    ? { ...expr, left: expr.right, right: expr.left, kind: mirrored[expr.kind] }
    : expr
  const narrowed = narrowLiteral(turned.left, turned.right)
  const { left, right } = narrowed ?? turned
  if (right.op === 'literal' && right.value === null) {
    if (turned.kind === 'distinct' || turned.kind === 'notDistinct')
      return { op: 'isNull', input: left, negated: turned.kind === 'distinct', ...placeOf(expr) }
    return literal(null, { id: 'BOOLEAN' })
  }
  return { ...turned, left, right }
}

const placeOf = (expr: Expr): { readonly at?: number } =>
  expr.at === undefined ? {} : { at: expr.at }

const negate = (expr: Expr): Expr => {
  switch (expr.op) {
    case 'not':
      return expr.input
    case 'compare':
      return normalCompare({ ...expr, kind: opposite[expr.kind] })
    case 'isNull':
      return { ...expr, negated: !expr.negated }
    case 'in':
      return { ...expr, negated: !expr.negated }
    case 'and':
    case 'or':
      return normalJunction({
        ...expr,
        op: expr.op === 'and' ? 'or' : 'and',
        args: expr.args.map(negate),
      })
    case 'literal':
      return expr.value === null ? expr : truth(expr.value !== 'true')
    case 'call':
      return negatedLike(expr) ?? { op: 'not', input: expr, ...placeOf(expr) }
    case 'column':
    case 'case':
    case 'tryCast':
      return { op: 'not', input: expr, ...placeOf(expr) }
  }
}

const likes: Readonly<Record<string, string>> = {
  '~~': '!~~',
  '~~*': '!~~*',
  like_escape: 'not_like_escape',
  ilike_escape: 'not_ilike_escape',
}

const negatedLike = (expr: Of<'call'>): Expr | undefined => {
  const forward = likes[expr.name]
  const back = Object.keys(likes).find((name) => likes[name] === expr.name)
  const name = forward ?? back
  return name === undefined ? undefined : { ...expr, name }
}

const normalJunction = (expr: Of<'and' | 'or'>): Expr => {
  const absorbing = expr.op === 'and' ? 'false' : 'true'
  const flat = expr.args.flatMap((arg) => (arg.op === expr.op ? arg.args : [arg]))
  const parts = merged(flat, expr.op)
  const isWord = (part: Expr, word: string): boolean => part.op === 'literal' && part.value === word
  if (parts.some((part) => isWord(part, absorbing))) return truth(absorbing === 'true')
  const neutral = absorbing === 'true' ? 'false' : 'true'
  const kept = sortedOnce(parts.filter((part) => !isWord(part, neutral)))
  const [only] = kept
  if (only === undefined) return truth(neutral === 'true')
  return kept.length === 1 ? only : { ...expr, args: kept }
}

const sortedOnce = (exprs: readonly Expr[]): readonly Expr[] => {
  const byText = new Map(exprs.map((expr) => [exprText(expr), expr]))
  return [...byText.keys()].sort().map((text) => byText.get(text) as Expr)
}

/** `x = a OR x IN (b, c)` is `x IN (a, b, c)`; `x <> a AND x <> b` is `x NOT IN (a, b)`. */
const merged = (parts: readonly Expr[], op: 'and' | 'or'): readonly Expr[] => {
  const lists = new Map<string, Of<'in'>>()
  const rest: Expr[] = []
  for (const part of parts) {
    const list = asList(part, op)
    const key = list === undefined ? '' : exprText(list.input)
    const before = lists.get(key)
    if (list === undefined) rest.push(part)
    else
      lists.set(
        key,
        before === undefined ? list : { ...before, list: [...before.list, ...list.list] },
      )
  }
  return [...rest, ...[...lists.values()].map(normalIn)]
}

const asList = (part: Expr, op: 'and' | 'or'): Of<'in'> | undefined => {
  const negated = op === 'and'
  if (part.op === 'in') return part.negated === negated ? part : undefined
  if (part.op !== 'compare' || part.right.op !== 'literal') return undefined
  if (part.kind !== (negated ? '<>' : '=')) return undefined
  return { op: 'in', input: part.left, list: [part.right], negated, ...placeOf(part) }
}

const normalIn = (expr: Of<'in'>): Expr => {
  const pairs = expr.list.map((item) => narrowLiteral(expr.input, item))
  const [first] = pairs
  const all = first !== undefined && pairs.every((pair) => pair !== undefined)
  const input = all ? first.left : expr.input
  const list = sortedOnce(all ? pairs.map((pair) => pair.right) : expr.list)
  const [only] = list
  if (list.length === 1 && only !== undefined)
    return normalCompare({
      op: 'compare',
      kind: expr.negated ? '<>' : '=',
      left: input,
      right: only,
      ...placeOf(expr),
    })
  return { ...expr, input, list }
}

/** Conditions that are constant decide at once. */
const normalCase = (expr: Of<'case'>): Expr => {
  const open: { when: Expr; value: Expr }[] = []
  for (const { when, value } of expr.whens) {
    if (when.op !== 'literal') open.push({ when, value })
    else if (when.value === 'true') return withElse(expr, open, value)
  }
  return withElse(expr, open, expr.otherwise)
}

const withElse = (
  expr: Of<'case'>,
  whens: readonly { readonly when: Expr; readonly value: Expr }[],
  otherwise: Expr,
): Expr => (whens.length === 0 ? otherwise : { ...expr, whens, otherwise })

/** Addition and multiplication of numbers of one type do not mind the order of their arguments. */
const normalCall = (expr: Of<'call'>): Expr => {
  const [left, right] = expr.args
  if ((expr.name !== '+' && expr.name !== '*') || left === undefined || right === undefined)
    return expr
  const alike = sameType(typeOf(left), typeOf(right))
  return alike && exprText(left) > exprText(right) ? { ...expr, args: [right, left] } : expr
}
