import * as z from 'zod'
import { digestSchema } from '../policies/name.ts'
import { refusalSchema } from '../policies/refusal.ts'
import type { Action } from '../policies/roles.ts'
import { accountOperations, accountSchema } from './door/account.ts'
import { agreementOperations } from './door/agreement.ts'
import { datasetOperations } from './door/dataset.ts'
import { logOperations } from './door/log.ts'
import { policyOperations } from './door/policy.ts'
import { pullOperations } from './door/pull.ts'
import { submissionOperations } from './door/submission.ts'
import { tokenOperations } from './door/token.ts'

export type { Account } from './door/account.ts'
export type { SuiteName } from './door/log.ts'
export { replayOutcomes, type Replay } from './door/policy.ts'
export type { Check, SubmissionView } from './door/submission.ts'

/**
 * The sandbox's only door: every operation the keeper answers, with what goes in and what comes out, by subject in
 * `door/`. Both ends parse both. `api` knows the sandbox by this file alone. Names are the actions of
 * `policies/roles.ts`.
 */
export const operations = {
  ...accountOperations,
  ...datasetOperations,
  ...pullOperations,
  ...policyOperations,
  ...agreementOperations,
  ...tokenOperations,
  ...submissionOperations,
  ...logOperations,
} as const satisfies Record<Action, { input: z.ZodType; output: z.ZodType }>

export type Operations = typeof operations
export type Input<A extends Action> = z.input<Operations[A]['input']>
export type Output<A extends Action> = z.output<Operations[A]['output']>

/** A request to the keeper: whose key (its SHA-256), what, and the input. */
export const requestSchema = z.strictObject({
  id: z.int(),
  keyDigest: digestSchema,
  action: z.enum(Object.keys(operations) as [Action, ...Action[]]),
  input: z.unknown(),
})
export const replySchema = z.union([
  z.strictObject({ id: z.int(), ok: z.literal(true), value: z.unknown() }),
  z.strictObject({ id: z.int(), ok: z.literal(false), refusals: z.array(refusalSchema) }),
])
export type Request = z.infer<typeof requestSchema>
export type Reply = z.infer<typeof replySchema>

/** The keeper's first message, before any reply: it serves, or it will not and why, or (`init`) it has made a home. */
export const noticeSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('ready') }),
  z.strictObject({ kind: z.literal('refused'), refusals: z.array(refusalSchema) }),
  z.strictObject({
    kind: z.literal('initialised'),
    /** Key of the first administrator, shown here once. */
    key: z.string(),
    account: accountSchema,
  }),
])
export type Notice = z.infer<typeof noticeSchema>
/** Asks the keeper to finish what it does and to exit with 0. */
export const stopSchema = z.strictObject({ kind: z.literal('stop') })
