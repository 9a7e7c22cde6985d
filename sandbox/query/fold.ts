import { literal } from '../../policies/relation/build.ts'
import { exprText } from '../../policies/relation/digest.ts'
import { mapParts, partsOf, typeOf, type Expr } from '../../policies/relation/expression.ts'
import { checkConstants, checkMeasureConstants } from '../../policies/relation/functions.ts'
import { typeSql } from '../../policies/relation/type.ts'
import { castText } from './constant.ts'
import { emitExpr } from './emit.ts'
import type { Problem } from './gate-rule.ts'
import { doubleText } from './lower-expression.ts'
import { exprsOf, mapExprs, push, rebuild, type Graph, type WorkNode } from './work.ts'

/** Values of constant SQL expressions as text, in order. */
export type Evaluate = (expressions: readonly string[]) => Promise<readonly (string | null)[]>

/** Values of constant expressions by their text. */
type Known = ReadonlyMap<string, string | null>

/**
 * Computes every constant expression once, before any data is seen. A literal that is no value of the type it is cast
 * to, and a constant that has none, are refused with their place: at run time they would be a silent NULL.
 */
export const foldConstants = async (
  graph: Graph,
  evaluate: Evaluate,
): Promise<{ readonly graph: Graph; readonly problems: readonly Problem[] }> => {
  const simple = everywhere(graph, (expr) => bottomUp(expr, foldCast))
  const casts = outermost(simple, (expr) => expr.op === 'tryCast' && expr.input.op === 'literal')
  const read = await valuesOf(casts, evaluate)
  const unread = casts.flatMap((expr) => unreadable(expr, read))
  if (unread.length > 0) return { graph: simple, problems: unread }

  const typed = everywhere(simple, (expr) => bottomUp(expr, (part) => known(part, read)))
  const constants = outermost(typed, (expr) => expr.op !== 'literal' && isConstant(expr))
  const values = await valuesOf(constants, evaluate)
  const computed = everywhere(typed, (expr) => topDown(expr, (part) => known(part, values)))
  const valueless = constants.flatMap((expr) => withoutValue(expr, values))
  return { graph: computed, problems: [...valueless, ...constantProblems(computed)] }
}

const everywhere = (graph: Graph, change: (expr: Expr) => Expr): Graph =>
  rebuild(graph, (node, into) => push(into, mapExprs(node, change)))

const bottomUp = (expr: Expr, change: (expr: Expr) => Expr): Expr =>
  change(mapParts(expr, (part) => bottomUp(part, change)))

const topDown = (expr: Expr, change: (expr: Expr) => Expr): Expr => {
  const changed = change(expr)
  return changed === expr ? mapParts(expr, (part) => topDown(part, change)) : changed
}

const placed = (value: Expr, expr: Expr): Expr =>
  expr.at === undefined ? value : { ...value, at: expr.at }

/** Casts of literals that need no engine; NULL is NULL in every type. */
const foldCast = (expr: Expr): Expr => {
  if (expr.op !== 'tryCast' || expr.input.op !== 'literal') return expr
  const { value, type } = expr.input
  const text = value === null ? null : castText(value, type, expr.type)
  return text === undefined ? expr : placed(literal(text, expr.type), expr)
}

/** The distinct outermost expressions for which a test holds. */
const outermost = (graph: Graph, test: (expr: Expr) => boolean): readonly Expr[] => {
  const found = new Map<string, Expr>()
  const visit = (expr: Expr): void => {
    if (test(expr)) found.set(exprText(expr), expr)
    else for (const part of partsOf(expr)) visit(part)
  }
  for (const node of graph.nodes) for (const expr of exprsOf(node)) visit(expr)
  return [...found.values()]
}

const isConstant = (expr: Expr): boolean => expr.op !== 'column' && partsOf(expr).every(isConstant)

const valuesOf = async (exprs: readonly Expr[], evaluate: Evaluate): Promise<Known> => {
  if (exprs.length === 0) return new Map()
  const values = await evaluate(exprs.map((expr) => emitExpr(expr, noColumn)))
  return new Map(
    exprs.map((expr, index) => [exprText(expr), canonical(expr, values[index] ?? null)]),
  )
}

const noColumn = (): string => {
  throw new Error('a constant refers to no column')
}

const canonical = (expr: Expr, value: string | null): string | null =>
  value !== null && typeOf(expr).id === 'DOUBLE' ? doubleText(value) : value

const known = (expr: Expr, values: Known): Expr => {
  if (values.size === 0 || expr.op === 'literal' || expr.op === 'column') return expr
  const value = values.get(exprText(expr))
  return value === undefined ? expr : placed(literal(value, typeOf(expr)), expr)
}

const unreadable = (expr: Expr, values: Known): readonly Problem[] => {
  if (expr.op !== 'tryCast' || expr.input.op !== 'literal') return []
  if (expr.input.value === null || values.get(exprText(expr)) !== null) return []
  const params = { value: expr.input.value.slice(0, 100), type: typeSql(expr.type) }
  return [{ code: 'query/literal', params, at: expr.input.at ?? expr.at }]
}

/** Strict functions of constants that are not NULL, and without a value: a division by zero, a number out of range. */
const withoutValue = (expr: Expr, values: Known): readonly Problem[] => {
  const strict = (expr.op === 'call' && expr.name !== 'coalesce') || expr.op === 'tryCast'
  if (!strict || values.get(exprText(expr)) !== null || mentionsNull(expr)) return []
  return [{ code: 'query/constant', at: expr.at }]
}

const mentionsNull = (expr: Expr): boolean =>
  (expr.op === 'literal' && expr.value === null) || partsOf(expr).some(mentionsNull)

/** What must be a constant by now and is none, or one beyond its bounds. */
const constantProblems = (graph: Graph): readonly Problem[] =>
  graph.nodes.flatMap((node) => [
    ...exprsOf(node).flatMap(callProblems),
    ...aggregateProblems(node),
  ])

const callProblems = (expr: Expr): readonly Problem[] => {
  const problem = checkConstants(expr)
  const inner = partsOf(expr).flatMap(callProblems)
  return problem === undefined || inner.length > 0 ? inner : [{ ...problem, at: expr.at }]
}

const aggregateProblems = (node: WorkNode): readonly Problem[] => {
  const measures = node.op === 'aggregate' ? node.measures : node.op === 'window' ? node.exprs : []
  return measures.flatMap((measure) => {
    const problem = checkMeasureConstants(measure, node.op === 'window' ? 'window' : 'aggregate')
    return problem === undefined ? [] : [{ ...problem, at: measure.at }]
  })
}
