import * as z from 'zod'
import { BOOLEAN, dataTypeSchema, type DataType } from './type.ts'

/** Byte offset in the submitted text of what an expression was written as; no part of its meaning or digest. */
type Placed = { readonly at?: number | undefined }

export type Comparison = '=' | '<>' | '<' | '<=' | '>' | '>=' | 'distinct' | 'notDistinct'

/**
 * An expression over the columns of one relation. Every expression is total: it has a value or NULL for every row, and
 * never raises. `call.name` stands in the function table (`functions.ts`), which says how totality is reached.
 * A literal carries its value as canonical text: integers and decimals in plain decimal notation, doubles as the
 * shortest text that reads back, dates as ISO, booleans as `true` and `false`; null is the NULL of its type.
 */
export type Expr =
  | (Placed & { readonly op: 'column'; readonly index: number; readonly type: DataType })
  | (Placed & { readonly op: 'literal'; readonly value: string | null; readonly type: DataType })
  | (Placed & {
      readonly op: 'call'
      readonly name: string
      readonly args: readonly Expr[]
      readonly type: DataType
    })
  | (Placed & {
      readonly op: 'case'
      readonly whens: readonly { readonly when: Expr; readonly value: Expr }[]
      readonly otherwise: Expr
      readonly type: DataType
    })
  | (Placed & { readonly op: 'tryCast'; readonly input: Expr; readonly type: DataType })
  | (Placed & {
      readonly op: 'in'
      readonly input: Expr
      readonly list: readonly Expr[]
      readonly negated: boolean
    })
  | (Placed & { readonly op: 'isNull'; readonly input: Expr; readonly negated: boolean })
  | (Placed & { readonly op: 'not'; readonly input: Expr })
  | (Placed & { readonly op: 'and' | 'or'; readonly args: readonly Expr[] })
  | (Placed & {
      readonly op: 'compare'
      readonly kind: Comparison
      readonly left: Expr
      readonly right: Expr
    })

const at = { at: z.int().min(0).optional() }
const comparisonSchema = z.enum(['=', '<>', '<', '<=', '>', '>=', 'distinct', 'notDistinct'])

export const exprSchema: z.ZodType<Expr> = z.lazy(() =>
  z.discriminatedUnion('op', [
    z.strictObject({ op: z.literal('column'), index: z.int().min(0), type: dataTypeSchema, ...at }),
    z.strictObject({
      op: z.literal('literal'),
      value: z.string().max(65_536).nullable(),
      type: dataTypeSchema,
      ...at,
    }),
    z.strictObject({
      op: z.literal('call'),
      name: z.string().max(64),
      args: z.array(exprSchema),
      type: dataTypeSchema,
      ...at,
    }),
    z.strictObject({
      op: z.literal('case'),
      whens: z.array(z.strictObject({ when: exprSchema, value: exprSchema })).min(1),
      otherwise: exprSchema,
      type: dataTypeSchema,
      ...at,
    }),
    z.strictObject({ op: z.literal('tryCast'), input: exprSchema, type: dataTypeSchema, ...at }),
    z.strictObject({
      op: z.literal('in'),
      input: exprSchema,
      list: z.array(exprSchema).min(1),
      negated: z.boolean(),
      ...at,
    }),
    z.strictObject({ op: z.literal('isNull'), input: exprSchema, negated: z.boolean(), ...at }),
    z.strictObject({ op: z.literal('not'), input: exprSchema, ...at }),
    z.strictObject({ op: z.literal('and'), args: z.array(exprSchema).min(2), ...at }),
    z.strictObject({ op: z.literal('or'), args: z.array(exprSchema).min(2), ...at }),
    z.strictObject({
      op: z.literal('compare'),
      kind: comparisonSchema,
      left: exprSchema,
      right: exprSchema,
      ...at,
    }),
  ]),
)

/** The type of an expression's value; predicates are BOOLEAN. */
export const typeOf = (expr: Expr): DataType => ('type' in expr ? expr.type : BOOLEAN)

/** The expression with each of its parts replaced; the parts of an expression are the expressions directly in it. */
export const mapParts = (expr: Expr, change: (part: Expr) => Expr): Expr => {
  switch (expr.op) {
    case 'column':
    case 'literal':
      return expr
    case 'call':
    case 'and':
    case 'or':
      return { ...expr, args: expr.args.map(change) }
    case 'case':
      return {
        ...expr,
        whens: expr.whens.map(({ when, value }) => ({ when: change(when), value: change(value) })),
        otherwise: change(expr.otherwise),
      }
    case 'tryCast':
    case 'isNull':
    case 'not':
      return { ...expr, input: change(expr.input) }
    case 'in':
      return { ...expr, input: change(expr.input), list: expr.list.map(change) }
    case 'compare':
      return { ...expr, left: change(expr.left), right: change(expr.right) }
  }
}

/** The expressions directly in an expression. */
export const partsOf = (expr: Expr): readonly Expr[] => {
  switch (expr.op) {
    case 'column':
    case 'literal':
      return []
    case 'call':
    case 'and':
    case 'or':
      return expr.args
    case 'case':
      return [...expr.whens.flatMap(({ when, value }) => [when, value]), expr.otherwise]
    case 'tryCast':
    case 'isNull':
    case 'not':
      return [expr.input]
    case 'in':
      return [expr.input, ...expr.list]
    case 'compare':
      return [expr.left, expr.right]
  }
}

/** The expression over other columns: each column replaced by what `column` says. */
export const replaceColumns = (expr: Expr, column: (index: number, type: DataType) => Expr): Expr =>
  expr.op === 'column'
    ? column(expr.index, expr.type)
    : mapParts(expr, (part) => replaceColumns(part, column))

/** The expression with its columns moved by a number of positions. */
export const shiftColumns = (expr: Expr, by: number): Expr =>
  by === 0
    ? expr
    : replaceColumns(expr, (index, type) => ({ op: 'column', index: index + by, type }))

/** Which columns an expression refers to. */
export const columnsIn = (expr: Expr): ReadonlySet<number> =>
  expr.op === 'column'
    ? new Set([expr.index])
    : new Set(partsOf(expr).flatMap((part) => [...columnsIn(part)]))
