import * as z from 'zod'
import { nameSchema } from '../name.ts'
import { BOOLEAN, DOUBLE, dataTypeSchema, type DataType } from '../relation/type.ts'
import { treeSchema } from '../relation/tree.ts'
import { doorSchema, type Door } from '../submission.ts'

/** An exact whole number of any size, as text: plans cross process edges and are digested as JSON. */
const wholeSchema = z.string().regex(/^-?(?:0|[1-9]\d{0,120})$/)
const column = z.int().min(0)

/**
 * One noisy integer for each group. What a unit adds to it lies in [low, high], in units of 10^-scale; `squared` is the
 * squared L2 sensitivity of the whole vector of groups for each kind of entity, `sigma2` the variance of its noise.
 */
const mechanismSchema = z.strictObject({
  /**
   * rows: rows counted; units: distinct units; sum: values added up; values: distinct values, of which a unit has at most
   * `high` over all groups; tree: rows counted in every node of a tree, with this noise in each.
   */
  kind: z.enum(['rows', 'units', 'sum', 'values', 'tree']),
  /** Column of the stage's rows that is added up, whose values are counted, or that names the leaf. */
  value: column.optional(),
  /** Column of the stage's rows that must be true for the row to count. */
  flag: column.optional(),
  scale: z.int().min(-40).max(40),
  /** Taken from each value that is not NULL, after adding up: only where one row a unit is proven. */
  centre: wholeSchema.optional(),
  low: wholeSchema,
  high: wholeSchema,
  /** With `tree`: leaf i holds the values from low + i * width on, in units of 10^-scale; a level costs like a figure. */
  tree: z
    .strictObject({
      levels: z.int().min(1).max(8),
      leaves: z.int().min(1).max(65_536),
      width: wholeSchema,
      low: wholeSchema,
    })
    .optional(),
  sensitivity: z.array(z.strictObject({ kind: nameSchema, squared: wholeSchema })).min(1),
  sigma2: z.strictObject({ numerator: wholeSchema, denominator: wholeSchema }),
})
export type Mechanism = z.infer<typeof mechanismSchema>

/** Public bounds of one row's value, and what was subtracted from it, and from its square, before adding up. */
const aboutSchema = z.strictObject({
  low: z.number(),
  high: z.number(),
  centre: z.number(),
  centreOfSquares: z.number(),
})

/** One column of the answer's measures, made from mechanisms. */
const figureSchema = z.strictObject({
  name: z.enum([
    'count',
    'sum',
    'avg',
    'var_samp',
    'var_pop',
    'stddev_samp',
    'stddev_pop',
    'covar_samp',
    'covar_pop',
    'corr',
    'regr_slope',
    'regr_intercept',
    'regr_r2',
    'regr_sxx',
    'regr_sxy',
    'quantile_cont',
    'quantile_disc',
  ]),
  type: dataTypeSchema,
  /**
   * Positions in `mechanisms`: [itself]; avg: [count, centred sum]; var: [count, centred sum, centred squares]; of pairs
   * as `pairs.ts` orders them.
   */
  parts: z.array(z.int().min(0)).min(1).max(6),
  ...aboutSchema.partial().shape,
  /** Of the second argument of a pair. */
  other: aboutSchema.optional(),
  /** Of a quantile. */
  fraction: z.number().min(0).max(1).optional(),
})
export type Figure = z.infer<typeof figureSchema>

const keySchema = z.strictObject({
  column,
  type: dataTypeSchema,
  nullable: z.boolean(),
  /** All values, as canonical literal texts, where the grid is public. */
  values: z.array(z.string().max(65_536)).optional(),
})

const noiseStageSchema = z.strictObject({
  kind: z.literal('noise'),
  /** The private rows: keys, values, flags and the unit's surrogate, by position. Datasets are scanned by name. */
  tree: treeSchema,
  unit: column,
  keys: z.array(keySchema),
  /** True where the row belongs to the question at all; absent: every row does. */
  flag: column.optional(),
  /** One row a unit, or a unit and group, is proven: nothing is grouped by unit. */
  single: z.boolean(),
  /** Keys are the same in all rows of a unit: it is put in one group by construction. */
  oneGroup: z.boolean(),
  groupsMax: z.int().min(1),
  mechanisms: z.array(mechanismSchema).min(1).max(64),
  figures: z.array(figureSchema).max(64),
  /** Absent with a public grid. A group appears where its noisy number of units, `mechanism`, reaches `least`. */
  threshold: z.strictObject({ mechanism: z.int().min(0), least: wholeSchema }).optional(),
})
export type NoiseStage = z.infer<typeof noiseStageSchema>

/**
 * Rows whose figures are checked as one: those for which a condition holds. `value`: what is added up, in units of
 * 10^-scale, NULL where it is out of range; `square`: its square, in units of 10^(-2 scale).
 */
const probeSchema = z.strictObject({
  flag: column.optional(),
  value: column.optional(),
  square: column.optional(),
  scale: z.int().min(-40).max(40),
})
export type Probe = z.infer<typeof probeSchema>

const peopleFigureSchema = z.strictObject({
  name: figureSchema.shape.name,
  type: dataTypeSchema,
  /** Counts entities and not rows. */
  distinct: z.boolean(),
  /** About the rows for which a condition of the text holds, beside those that have a value. */
  filtered: z.boolean(),
  probe: z.int().min(0),
})
export type PeopleFigure = z.infer<typeof peopleFigureSchema>

const peopleStageSchema = z.strictObject({
  kind: z.literal('people'),
  tree: treeSchema,
  unit: column,
  /** Surrogates of every kind of entity in the rows, the unit's first, and the floor of each kind. */
  kinds: z.array(z.strictObject({ kind: nameSchema, column, floor: z.int().min(3) })).min(1),
  keys: z.array(keySchema.extend({ sensitive: z.boolean() })),
  single: z.boolean(),
  /** The first is about all rows of a group. */
  probes: z.array(probeSchema).min(1).max(256),
  figures: z.array(peopleFigureSchema).max(64),
  /**
   * Figures of one group that are equations over the same parts: counts, or sums of one value, under different
   * conditions. `parts`: probes of the smallest parts these conditions make; empty where there is one condition only.
   */
  families: z.array(
    z.strictObject({
      figures: z.array(z.int().min(0)).min(1),
      parts: z.array(z.int().min(0)),
      /** Other sums read the same columns: their differences are not checked, and people are told. */
      overlaps: z.boolean(),
    }),
  ),
  dominance: z.strictObject({ pPercent: z.number(), n: z.int().min(1), kPercent: z.number() }),
  /** Private datasets behind it: answers of several aggregates over one of them are checked together. */
  datasets: z.array(nameSchema),
})
export type PeopleStage = z.infer<typeof peopleStageSchema>

const publicStageSchema = z.strictObject({
  kind: z.literal('public'),
  /** Public rows that the answer needs and that stand in the domain: code lists. */
  tree: treeSchema,
  rowsMax: z.int().min(1),
})
export type PublicStage = z.infer<typeof publicStageSchema>

const stageSchema = z.discriminatedUnion('kind', [
  noiseStageSchema,
  peopleStageSchema,
  publicStageSchema,
])
export type Stage = z.infer<typeof stageSchema>

const noteSchema = z.strictObject({
  note: z.string().max(64),
  params: z.record(z.string(), z.union([z.string().max(400), z.number()])),
})
export type Note = z.infer<typeof noteSchema>

/** The name under which stage `position`'s protected result is scanned; its columns are c0, c1 and so on. */
export const protectedName = (position: number): string => `protected_${position}`
export const isProtectedName = (name: string): boolean => /^protected_\d+$/.test(name)
export const protectedColumn = (position: number): string => `c${position}`

/** What accompanies each figure of a protected result as a column of its own, so that it survives what comes after. */
export type Companion = { readonly suffix: string; readonly type: DataType }
export const companions: Readonly<Record<Door, readonly Companion[]>> = {
  noise: [
    { suffix: 'sd', type: DOUBLE },
    { suffix: 'low', type: DOUBLE },
    { suffix: 'high', type: DOUBLE },
  ],
  people: [{ suffix: 'withheld', type: BOOLEAN }],
}

/** A column of the answer: where `post` has it, and its companions if it is a figure as it was protected. */
const answerColumnSchema = z.strictObject({
  name: z.string().max(255),
  type: dataTypeSchema,
  column,
  companions: z.array(column).max(3).optional(),
})
export type AnswerColumn = z.infer<typeof answerColumnSchema>

/**
 * What will be run, what it will cost and what a reader must know: a function of tree and policy alone. `stages` in
 * order, a later one may scan the protected results of earlier ones; `post` is public and scans them only.
 */
export const planSchema = z.strictObject({
  door: doorSchema,
  stages: z.array(stageSchema).max(32),
  post: treeSchema,
  answer: z.array(answerColumnSchema),
  cost: z.array(
    z.strictObject({ kind: nameSchema, rhoNano: z.int().min(0), deltaFemto: z.int().min(0) }),
  ),
  /** Columns read, by dataset, sorted. */
  reads: z.record(nameSchema, z.array(z.string())),
  notes: z.array(noteSchema),
  /** SHA-256 of the canonical question: tree without positions, door and rho. Equal questions have equal digests. */
  question: z.string().regex(/^[0-9a-f]{64}$/),
})
export type Plan = z.infer<typeof planSchema>
