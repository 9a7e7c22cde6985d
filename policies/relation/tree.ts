import * as z from 'zod'
import { columnNameSchema, nameSchema } from '../name.ts'
import { exprSchema } from './expression.ts'
import { dataTypeSchema } from './type.ts'

/**
 * The relation tree: the only thing that is ever run. It is a directed acyclic graph kept as a list in which a node's
 * inputs stand before it, so walking the list in order visits inputs first and nothing recurses. A node used twice is
 * one node (a CTE referenced twice).
 *
 * Output columns of each operator, by position:
 * scan: `columns` · values: its columns · filter, sort, limit: as the input · project: `exprs` · inner and left join:
 * left then right · semi and anti: left · mark: left, then one BOOLEAN · aggregate: keys, then measures ·
 * window: input, then `exprs` · union: by position.
 */
const input = z.int().min(0)
const at = { at: z.int().min(0).optional() }

/** A published column, or in a plan's own trees the hidden rank of a kind (`rankColumn` in `published.ts`). */
const scannedSchema = z.union([
  columnNameSchema,
  z
    .string()
    .max(80)
    .regex(/^__rank_[\p{Script=Han}a-z][\p{Script=Han}a-z0-9_-]*$/u),
])

export const joinKinds = ['inner', 'left', 'semi', 'anti', 'nullAwareAnti', 'mark'] as const

/** One side is an expression over the left input, the other over the right input. */
const joinConditionSchema = z.strictObject({
  left: exprSchema,
  right: exprSchema,
  kind: z.enum(['=', '<>', '<', '<=', '>', '>=', 'distinct', 'notDistinct']),
})

/** An aggregate function over the rows of a group; `filter` and `args` are expressions over the input. */
export const measureSchema = z.strictObject({
  name: z.string().max(64),
  args: z.array(exprSchema),
  distinct: z.boolean(),
  filter: exprSchema.optional(),
  type: dataTypeSchema,
  ...at,
})
export type Measure = z.infer<typeof measureSchema>

const sortKeySchema = z.strictObject({
  expr: exprSchema,
  descending: z.boolean(),
  nullsFirst: z.boolean(),
})
export type SortKey = z.infer<typeof sortKeySchema>

const frameBoundSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.enum(['unboundedPreceding', 'currentRow', 'unboundedFollowing']) }),
  z.strictObject({ kind: z.enum(['preceding', 'following']), rows: z.int().min(0).max(100_000) }),
])

const windowExprSchema = z.strictObject({
  name: z.string().max(64),
  args: z.array(exprSchema),
  partitions: z.array(exprSchema),
  orders: z.array(sortKeySchema),
  frame: z.strictObject({
    unit: z.enum(['rows', 'range', 'groups']),
    start: frameBoundSchema,
    end: frameBoundSchema,
  }),
  filter: exprSchema.optional(),
  type: dataTypeSchema,
  ...at,
})
export type WindowExpr = z.infer<typeof windowExprSchema>

export const nodeSchema = z.discriminatedUnion('op', [
  z.strictObject({
    op: z.literal('scan'),
    dataset: nameSchema,
    columns: z.array(z.strictObject({ name: scannedSchema, type: dataTypeSchema })),
    ...at,
  }),
  z.strictObject({
    op: z.literal('values'),
    columns: z.array(z.strictObject({ name: z.string().max(63), type: dataTypeSchema })),
    rows: z.array(z.array(exprSchema)),
    ...at,
  }),
  z.strictObject({ op: z.literal('filter'), input, predicate: exprSchema, ...at }),
  z.strictObject({ op: z.literal('project'), input, exprs: z.array(exprSchema), ...at }),
  z.strictObject({
    op: z.literal('join'),
    kind: z.enum(joinKinds),
    left: input,
    right: input,
    /** All must hold. Empty: every pair (a cross product). */
    on: z.array(joinConditionSchema),
    /** Further predicate over left ++ right; only with inner and left. */
    residual: exprSchema.optional(),
    /** The left side is the one kept in memory, for each row of the right to be looked up in; only with inner and left. */
    build: z.literal('left').optional(),
    ...at,
  }),
  z.strictObject({
    op: z.literal('aggregate'),
    input,
    /** Column positions of the input. */
    keys: z.array(input),
    measures: z.array(measureSchema),
    ...at,
  }),
  z.strictObject({ op: z.literal('union'), inputs: z.array(input).min(2), ...at }),
  z.strictObject({ op: z.literal('window'), input, exprs: z.array(windowExprSchema), ...at }),
  z.strictObject({ op: z.literal('sort'), input, orders: z.array(sortKeySchema).min(1), ...at }),
  z.strictObject({
    op: z.literal('limit'),
    input,
    limit: z.int().min(0).optional(),
    offset: z.int().min(0).optional(),
    ...at,
  }),
])
export type Node = z.infer<typeof nodeSchema>
export type NodeOf<Op extends Node['op']> = Extract<Node, { op: Op }>

/** A whole question: nodes in order, the last of them the answer, and the answer's column names. */
export const treeSchema = z.strictObject({
  nodes: z.array(nodeSchema).min(1).max(4000),
  names: z.array(z.string().max(255)),
})
export type Tree = z.infer<typeof treeSchema>

/** The positions of a node's inputs, in order. */
export const inputsOf = (node: Node): readonly number[] => {
  switch (node.op) {
    case 'scan':
    case 'values':
      return []
    case 'join':
      return [node.left, node.right]
    case 'union':
      return node.inputs
    case 'filter':
    case 'project':
    case 'aggregate':
    case 'window':
    case 'sort':
    case 'limit':
      return [node.input]
  }
}
