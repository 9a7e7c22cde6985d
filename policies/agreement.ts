import * as z from 'zod'
import { columnNameSchema, dateSchema, nameSchema } from './name.ts'

/**
 * An authorisation agreement 授权协议: which organisation may ask what of which columns, for which purpose, until when
 * and for how much. What it does not name it does not allow; an empty list means nothing.
 */
export const agreementSchema = z.strictObject({
  agreement: nameSchema,
  organisation: nameSchema,
  scenario: z.string().min(1).max(200),
  purpose: z.string().min(1).max(200),
  policy: nameSchema,
  /** Ceiling: the highest level (1 to 5) of what its questions may work on; absent, any. */
  levelMax: z.int().min(1).max(5).optional(),
  doors: z.array(z.enum(['noise', 'people'])),
  datasets: z.record(nameSchema, z.array(columnNameSchema)),
  /** Most rho this agreement may spend in its life. */
  rho: z.number().min(1e-9).max(10),
  delta: z.number().min(1e-15).max(1e-3),
  runsMax: z.int().min(1).max(1_000_000),
  /** Kinds of entities for whose identifiers its organisation may make tokens; absent, none. */
  tokens: z.array(nameSchema).max(4).optional(),
  /** Most tokens it may make in its life, of all kinds together. */
  tokensMax: z.int().min(1).max(100_000_000).optional(),
  from: dateSchema,
  until: dateSchema,
})
export type Agreement = z.infer<typeof agreementSchema>

/** Where an agreement says no `tokensMax`. */
export const usualTokensMax = 1_000_000

/** Whether an agreement is in force on a day, both ISO dates. */
export const isInForce = ({ from, until }: Agreement, day: string): boolean =>
  from <= day && day <= until
