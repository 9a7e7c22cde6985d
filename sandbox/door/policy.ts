import * as z from 'zod'
import { digestSchema, nameSchema } from '../../policies/name.ts'
import { refusalSchema } from '../../policies/refusal.ts'
import { doorSchema } from '../../policies/submission.ts'
import {
  amountSchema,
  documentSchema,
  empty,
  forecastShape,
  idSchema,
  storedDocumentSchema,
  timeSchema,
} from './field.ts'

/** What a text comes to under one policy: refused, or allowed at a cost, in so many cells, with noise so wide. */
const decisionSchema = z.union([
  z.strictObject({ refusals: z.array(refusalSchema).min(1) }),
  z.strictObject({
    cost: z.array(z.strictObject({ kind: nameSchema, cost: amountSchema })),
    ...forecastShape,
  }),
])

/**
 * How a past submission would come out otherwise, what lets more out first: allowed where it was refused, refused where it
 * was allowed, allowed at another cost, at the same cost with another answer (noise, groups, bounds, floors, or what is
 * done to a column), refused for other reasons or at other places.
 */
export const replayOutcomes = [
  'now-allowed',
  'now-refused',
  'other-cost',
  'other-answer',
  'refused-otherwise',
] as const

const replaySchema = z.strictObject({
  /** Submissions looked at, the newest first, and how many of them would come to the same. */
  submissions: z.int(),
  same: z.int(),
  /** No checker was free to read them. */
  undecided: z.int(),
  /** Every outcome in turn, also one that nothing has. */
  changed: z.array(
    z.strictObject({
      outcome: z.enum(replayOutcomes),
      submissions: z.int(),
      /** Equal submissions of one day are one question. */
      questions: z.int(),
      /** The newest questions, each as it was submitted last, and how often it was. */
      examples: z.array(
        z.strictObject({
          id: idSchema,
          organisation: nameSchema,
          /** The beginning of its text. */
          text: z.string().max(200),
          door: doorSchema,
          times: z.int().min(1),
          before: decisionSchema,
          after: decisionSchema,
        }),
      ),
    }),
  ),
})
export type Replay = z.infer<typeof replaySchema>

export const policyOperations = {
  /** A text that a second operator approves. `base`: digest of the text it was made from, where there is one. */
  'policy/propose': {
    input: documentSchema.extend({ base: digestSchema.optional() }),
    output: storedDocumentSchema,
  },
  'policy/approve': {
    input: z.strictObject({ policy: nameSchema, digest: digestSchema }),
    output: storedDocumentSchema,
  },
  'policy/list': {
    input: empty,
    output: z.strictObject({
      policies: z.array(
        z.strictObject({
          policy: nameSchema,
          /** Of the current text, and of one that waits for approval. */
          digest: digestSchema.optional(),
          proposed: digestSchema.optional(),
        }),
      ),
    }),
  },
  /** The current text of a policy, as canonical JSON. */
  'policy/show': {
    input: z.strictObject({ policy: nameSchema }),
    output: z.strictObject({ policy: nameSchema, digest: digestSchema, document: z.string() }),
  },
  /** What happened to a policy, the newest last, and the text that waits for approval. */
  'policy/history': {
    input: z.strictObject({ policy: nameSchema }),
    output: z.strictObject({
      policy: nameSchema,
      history: z.array(
        z.strictObject({
          event: z.enum(['policy/proposed', 'policy/published']),
          digest: digestSchema,
          account: nameSchema,
          timeMs: timeSchema,
          logIndex: z.int(),
        }),
      ),
      proposal: z
        .strictObject({ digest: digestSchema, account: nameSchema, document: z.string() })
        .optional(),
    }),
  },
  /** A policy's text against the current one of its name: differences, agreements that would not fit, past decisions. */
  'policy/diff': {
    input: documentSchema.extend({
      replay: z.int().min(0).max(500).default(0),
      /** How many questions of each outcome are shown. */
      examples: z.int().min(0).max(50).default(5),
    }),
    output: z.strictObject({
      policy: nameSchema,
      /** Digest of the current text; absent where there is none. */
      from: digestSchema.optional(),
      to: digestSchema,
      changes: z.array(
        z.strictObject({
          change: z.string().max(64),
          effect: z.enum(['looser', 'tighter', 'other']),
          params: z.record(z.string(), z.union([z.string(), z.number()])),
        }),
      ),
      agreements: z.array(
        z.strictObject({ agreement: nameSchema, refusals: z.array(refusalSchema).min(1) }),
      ),
      replay: replaySchema,
    }),
  },
} as const
