import * as z from 'zod'
import { events } from '../../policies/event.ts'
import { columnNameSchema, digestSchema, nameSchema } from '../../policies/name.ts'
import { refusalSchema } from '../../policies/refusal.ts'
import { resultSchema } from '../../policies/result.ts'
import { doorSchema, submissionSchema } from '../../policies/submission.ts'
import { amountSchema, empty, forecastShape, idSchema, page, timeSchema } from './field.ts'
import { inclusionSchema } from './log.ts'

/** Everything about a question except numbers of the data: what `check` answers. */
const checkSchema = z.strictObject({
  accepted: z.boolean(),
  refusals: z.array(refusalSchema),
  /** The question as the domain understands it, one step a line. */
  understood: z.array(z.string()).optional(),
  columns: z.array(z.strictObject({ dataset: nameSchema, column: columnNameSchema })).optional(),
  door: doorSchema.optional(),
  /** Level 1 to 5 of what the question works on. */
  level: z.int().optional(),
  cells: forecastShape.cells,
  cost: z
    .array(z.strictObject({ kind: nameSchema, cost: amountSchema, questionsLeft: z.int() }))
    .optional(),
  widths: forecastShape.widths.optional(),
  /** An equal question was answered before: the answer will be the same, at no cost. */
  reuse: z.boolean().optional(),
})
export type Check = z.infer<typeof checkSchema>

/** States an author can see. Between charge and release everything is `running` (I5). */
const visibleStates = [
  'refused',
  'running',
  'withdrawn',
  'held',
  'released',
  'declined',
  'failed',
] as const

/** What was charged for a submission, of each kind of entity, and what its agreement has left now. */
const budgetSchema = z.strictObject({
  agreement: nameSchema,
  kinds: z.array(
    z.strictObject({
      kind: nameSchema,
      cost: amountSchema,
      left: amountSchema,
      questionsLeft: z.int(),
    }),
  ),
})

const submissionViewSchema = z.strictObject({
  id: idSchema,
  submission: submissionSchema,
  account: nameSchema,
  organisation: nameSchema,
  state: z.enum(visibleStates),
  receivedMs: timeSchema,
  refusals: z.array(refusalSchema),
  cost: z.array(z.strictObject({ kind: nameSchema, cost: amountSchema })),
  budget: budgetSchema.optional(),
  /** Digest of the released result. */
  digest: digestSchema.optional(),
  /** Place in the log of the last entry about this submission that its author can see. */
  logIndex: z.int(),
})
export type SubmissionView = z.infer<typeof submissionViewSchema>

const releaseSchema = z.strictObject({
  id: idSchema,
  result: resultSchema,
  /** Canonical JSON of `result`: its SHA-256 is `digest`. */
  bytes: z.string(),
  digest: digestSchema,
  /** The release record: submission, agreement, versions, policy, cost, engine; canonical JSON. */
  record: z.string(),
  inclusion: inclusionSchema,
  budget: budgetSchema.optional(),
})

const heldSchema = z.strictObject({
  id: idSchema,
  organisation: nameSchema,
  account: nameSchema,
  purpose: z.string(),
  sql: z.string(),
  digest: digestSchema,
  heldMs: timeSchema,
})

export const submissionOperations = {
  'submission/check': { input: submissionSchema, output: checkSchema },
  'submission/create': {
    input: z.strictObject({
      submission: submissionSchema,
      idempotencyKey: z.string().min(1).max(255).optional(),
      /** Answer when the submission has come to rest, or after this long. */
      waitMs: z.int().min(0).max(60_000).default(0),
    }),
    output: submissionViewSchema,
  },
  'submission/list': {
    input: z.strictObject(page),
    output: z.strictObject({
      submissions: z.array(submissionViewSchema),
      next: z.int().optional(),
    }),
  },
  'submission/show': {
    input: z.strictObject({ id: idSchema, waitMs: z.int().min(0).max(60_000).default(0) }),
    output: submissionViewSchema,
  },
  /** Entries of the log about a submission that its author may see, as soon as there are some after `after`. */
  'submission/watch': {
    input: z.strictObject({
      id: idSchema,
      after: z.int().min(0).optional(),
      waitMs: z.int().min(0).max(60_000).default(0),
    }),
    output: z.strictObject({
      events: z.array(
        z.strictObject({ event: z.enum(events), logIndex: z.int(), timeMs: timeSchema }),
      ),
      /** Nothing more will happen to it. */
      isOver: z.boolean(),
    }),
  },
  'submission/withdraw': { input: z.strictObject({ id: idSchema }), output: submissionViewSchema },
  'result/fetch': { input: z.strictObject({ id: idSchema }), output: releaseSchema },
  'review/list': { input: empty, output: z.strictObject({ held: z.array(heldSchema) }) },
  'review/show': {
    input: z.strictObject({ id: idSchema }),
    /** The output as it would leave, and the evidence beside it; every view is a log entry. */
    output: heldSchema.extend({ result: resultSchema, evidence: z.string() }),
  },
} as const
