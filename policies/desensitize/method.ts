import * as z from 'zod'
import { dataTypeOf, type DatasetColumn } from '../dataset.ts'
import { refuse, type Refusal } from '../refusal.ts'
import type { DataType } from '../relation/type.ts'
import { bucket, bucketSchema } from './bucket.ts'
import { clip, clipSchema } from './clip.ts'
import { dateTruncate, dateTruncateSchema } from './date-truncate.ts'
import { mask, maskSchema } from './mask.ts'
import { prefix, prefixSchema } from './prefix.ts'
import { round, roundSchema } from './round.ts'
import { suppress, suppressSchema } from './suppress.ts'

/** One step of a column's desensitization 脱敏, done by the publisher before anything is queried; a file a method. */
export const desensitizationSchema = z.discriminatedUnion('method', [
  bucketSchema,
  clipSchema,
  dateTruncateSchema,
  maskSchema,
  prefixSchema,
  roundSchema,
  suppressSchema,
])
export type Desensitization = z.infer<typeof desensitizationSchema>

/**
 * What a method is. `sql` and `text` do the same thing: SQL for the engine, and plainly on canonical text for those who
 * want to see or test what it does. Both keep the type, and `sql` has a value or NULL for every value of it.
 */
type Method<Step> = {
  readonly takes: (type: DataType) => boolean
  /** Parameters that the column's type does not hold exactly. */
  readonly unfit: (step: Step, type: DataType) => readonly (string | number | boolean)[]
  /** Whether a value can become NULL. */
  readonly makesNull: boolean
  readonly sql: (step: Step, type: DataType, input: string) => string
  readonly text: (step: Step, type: DataType, text: string) => string | null
}

const methods: {
  [Name in Desensitization['method']]: Method<Extract<Desensitization, { method: Name }>>
} = {
  bucket,
  clip,
  'date-truncate': dateTruncate,
  mask,
  prefix,
  round,
  suppress,
}

const methodOf = (step: Desensitization): Method<Desensitization> =>
  methods[step.method] as Method<Desensitization>

/**
 * The value a column is published with, as a SQL expression over `columnSql`, of the column's own engine type; NULL
 * stays NULL. A lambda over a list of one binds each step's input to a name (no column's name begins with `_`), since a
 * method names its input many times and steps within steps would grow without bound.
 */
export const desensitizeSql = (
  column: DatasetColumn,
  steps: readonly Desensitization[],
  columnSql: string,
): string => {
  const type = dataTypeOf(column)
  return steps.reduce((input, step) => {
    const body = methodOf(step).sql(step, type, '__value')
    return `list_transform([${input}], lambda __value: ${body})[1]`
  }, columnSql)
}

/** The same on canonical text (plain decimals with the type's digits, ISO dates): for previews and tests. */
export const desensitizeText = (
  column: DatasetColumn,
  steps: readonly Desensitization[],
  text: string | null,
): string | null => {
  const type = dataTypeOf(column)
  return steps.reduce<string | null>(
    (input, step) => (input === null ? null : methodOf(step).text(step, type, input)),
    text,
  )
}

/** Whether these steps can make NULL of a value, so that a column without NULL is published as one with it. */
export const makesNull = (steps: readonly Desensitization[]): boolean =>
  steps.some((step) => methodOf(step).makesNull)

/** Every step that this column's type does not take, or whose parameters it cannot hold. `place` is told as it is. */
export const checkDesensitization = (
  column: DatasetColumn,
  steps: readonly Desensitization[],
  place: string = column.name,
): readonly Refusal[] => {
  const type = dataTypeOf(column)
  return steps.flatMap((step, position) => {
    const { takes, unfit } = methodOf(step)
    const shared = {
      where: `${place}.desensitize.${position}`,
      method: step.method,
      type: column.type,
    }
    if (!takes(type)) {
      const allowed = Object.entries(methods).filter(([, method]) => method.takes(type))
      const names = allowed.map(([name]) => name).join(', ')
      return [refuse('source/method-not-for-type', { ...shared, allowed: names })]
    }
    return unfit(step, type).map((value) =>
      refuse('source/method-parameter', {
        ...shared,
        value: typeof value === 'boolean' ? String(value) : value,
      }),
    )
  })
}
