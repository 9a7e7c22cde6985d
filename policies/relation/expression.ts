import * as z from 'zod'
import { dataTypeSchema, type DataType } from './type.ts'

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
