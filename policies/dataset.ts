import * as z from 'zod'
import { faultsOf } from './dataset-fault.ts'
import { columnNameSchema, nameSchema, titleSchema } from './name.ts'
import { protections, protectionSchema } from './protection.ts'
import { cycleSchema } from './quality.ts'
import { BIGINT, BOOLEAN, DATE, VARCHAR, type DataType } from './relation/type.ts'

/** What a column of a source file holds, after parsing. Money is decimal: floats make sums depend on their order. */
export const columnTypeSchema = z.union([
  z.enum(['text', 'integer', 'date', 'boolean']),
  z
    .string()
    .regex(/^decimal\((?:[1-9]|1[0-8]),(?:[0-9]|1[0-8])\)$/, {
      message: 'a type is text, integer, date, boolean or decimal(width up to 18,scale)',
    })
    .refine(
      (type) => !(scaleOf(type) > widthOf(type)),
      'a decimal has at most as much scale as width',
    ),
])

/** Which check digits, form or code list a text must satisfy: `connectors/standards/`, a file each. */
export const standardSchema = z.enum(['uscc', 'resident-id', 'region', 'industry', 'token'])

/**
 * class: `identifier` names an entity or a person and never leaves ingest (it becomes a surrogate, a token, or nothing);
 * `code` has few public values; `amount` is a number or date about the entity; `text` is free and never published.
 * level: sensitivity 1 to 5 as in JR/T 0197.
 */
const datasetColumnSchema = z.strictObject({
  name: columnNameSchema,
  title: titleSchema.optional(),
  type: columnTypeSchema,
  class: z.enum(['identifier', 'code', 'amount', 'text']),
  level: z.int().min(1).max(5),
  /** What it touches that the law protects (`protection.ts`). */
  tags: z.array(protectionSchema).min(1).max(protections.length).optional(),
  nullable: z.boolean().default(false),
  standard: standardSchema.optional(),
  /** Of the standard `token`: under which agreement the tokens were made. They stand for identifiers of an entity. */
  agreement: nameSchema.optional(),
  /** Of a text: every value there may be, such as the regions of a city. */
  codes: z.array(z.string().min(1).max(128)).min(1).max(5000).optional(),
  /**
   * The column of another dataset that answers for this one, entity by entity (一数一源), and what becomes of a row that says
   * otherwise: it is set aside, or the other's value replaces its own.
   */
  authority: z
    .strictObject({
      dataset: nameSchema,
      column: columnNameSchema,
      otherwise: z.enum(['set-aside', 'replaced']).default('set-aside'),
    })
    .optional(),
  /** Of a date: a day after the day of ingest is a wrong one. */
  past: z.boolean().optional(),
})
export type DatasetColumn = z.infer<typeof datasetColumnSchema>

export const formatSchema = z.enum(['csv', 'json-lines', 'parquet', 'xlsx'])
export const encodingSchema = z.enum(['utf-8', 'gb18030'])

/**
 * What a file of the dataset is. `badRowsMax`: how many of its rows may be left out and set aside (`quarantine.ts`) for
 * what is wrong with them, as a share below 1 or a whole number; the usual 0 refuses a file with a bad row. `sheet` names
 * the sheet of an Excel workbook; absent: its first. Text may be packed by gzip whatever is said here: that can be seen. After `quarantineDays` what was set aside is destroyed; absent: with
 * its version.
 */
const ingestSchema = z.strictObject({
  format: formatSchema.default('csv'),
  encoding: encodingSchema.default('utf-8'),
  sheet: z.string().min(1).max(31).optional(),
  badRowsMax: z.union([z.int().min(0), z.number().gt(0).lt(1)]).default(0),
  quarantineDays: z.int().min(1).max(36_500).optional(),
})

/** The engine's type of a source column. Desensitization never changes a type. */
export const dataTypeOf = (column: DatasetColumn): DataType => {
  if (column.type === 'text') return VARCHAR
  if (column.type === 'integer') return BIGINT
  if (column.type === 'date') return DATE
  if (column.type === 'boolean') return BOOLEAN
  return { id: 'DECIMAL', width: widthOf(column.type), scale: scaleOf(column.type) }
}

/** Of `decimal(width,scale)`. */
function widthOf(type: string): number {
  return Number(type.slice(type.indexOf('(') + 1, type.indexOf(',')))
}
function scaleOf(type: string): number {
  return Number(type.slice(type.indexOf(',') + 1, -1))
}

/**
 * A catalogue entry 数据资源: what a table is, who answers for it and whom its rows are about. One dataset is one table.
 * `entities` maps each kind of entity (enterprise, person) to its identifier column. The first is the unit: the rows
 * of one unit are protected together, and every other kind must be an attribute of it or of the grain.
 * `grain` are the columns that together identify one row; ingest refuses a file that contradicts it.
 */
export const datasetSchema = z
  .strictObject({
    /** Answers stand beside datasets while a question is run, under names of their own (`protectedName`). */
    dataset: nameSchema.refine((name) => !/^protected_\d+$/.test(name), {
      message: 'a name like `protected_0` is kept for answers',
    }),
    title: titleSchema,
    department: titleSchema,
    /** Whose accounts with the role `source` may read what was set aside of its files; absent: nobody's. */
    organisation: nameSchema.optional(),
    entities: z.array(z.strictObject({ kind: nameSchema, column: columnNameSchema })).max(4),
    grain: z.array(columnNameSchema).min(1),
    /** How many days a version is kept after it was published, then it is destroyed; absent: until somebody does it. */
    retentionDays: z.int().min(1).max(36_500).optional(),
    /** How often the department delivers, and the date column that tells how new a delivery is. */
    update: z.strictObject({ cycle: cycleSchema, column: columnNameSchema }).optional(),
    csv: z
      .strictObject({
        delimiter: z.enum([',', ';', '\t', '|']).default(','),
        null: z.array(z.string().max(16)).max(8).default(['']),
      })
      .default({ delimiter: ',', null: [''] }),
    ingest: ingestSchema.prefault({}),
    columns: z.array(datasetColumnSchema).min(1).max(500),
  })
  .check((context) => {
    for (const { path, refusal } of faultsOf(context.value))
      context.issues.push({
        code: 'custom',
        message: refusal.code,
        path: [...path],
        input: context.value,
        params: { refusal },
      })
  })
export type Dataset = z.infer<typeof datasetSchema>
