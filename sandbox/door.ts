import * as z from 'zod'
import { datasetSchema, encodingSchema, formatSchema } from '../policies/dataset.ts'
import { columnNameSchema, digestSchema, nameSchema, titleSchema } from '../policies/name.ts'
import { qualitySchema } from '../policies/quality.ts'
import { badRowSchema } from '../policies/quarantine.ts'
import { refusalSchema } from '../policies/refusal.ts'
import { resultSchema } from '../policies/result.ts'
import { roles, type Action } from '../policies/roles.ts'
import { doorSchema, submissionSchema } from '../policies/submission.ts'
import { asideSchema, factsSchema } from './facts.ts'

/**
 * The sandbox's only door: every operation the keeper answers, with what goes in and what comes out. Both ends parse
 * both. `api` knows the sandbox by this file alone.
 */
const organisation = nameSchema
const idSchema = z.uuid()
const timeSchema = z.int().min(0)

export const accountSchema = z.strictObject({
  account: nameSchema,
  organisation,
  role: z.enum(roles),
  expiresMs: timeSchema,
})
export type Account = z.infer<typeof accountSchema>

/** A catalogue document as text: YAML, at most 1 MB. */
const documentSchema = z.strictObject({ text: z.string().min(1).max(1_000_000) })
const storedDocumentSchema = z.strictObject({
  name: nameSchema,
  digest: digestSchema,
  logIndex: z.int(),
})

export const amountSchema = z.strictObject({ rho: z.number(), delta: z.number() })

const catalogueColumnSchema = z.strictObject({
  name: columnNameSchema,
  title: titleSchema.optional(),
  type: z.string(),
  nullable: z.boolean(),
  use: z.enum(['entity', 'dimension', 'measure']),
  kind: nameSchema.optional(),
  /** What the publisher did to it, in order. */
  desensitized: z.array(z.string()),
  domain: z.string().optional(),
  clamp: z.tuple([z.number(), z.number()]).optional(),
})
export const catalogueSchema = z.strictObject({
  datasets: z.array(
    z.strictObject({
      dataset: nameSchema,
      title: titleSchema,
      department: titleSchema,
      entities: z.array(nameSchema),
      version: digestSchema.optional(),
      columns: z.array(catalogueColumnSchema),
    }),
  ),
})

/** One line of the ledger: what may be spent in a scope, and what is. `questionsLeft` at the policy's usual rho. */
export const ledgerLineSchema = z.strictObject({
  scope: z.enum(['domain', 'dataset', 'organisation', 'agreement']),
  name: z.string(),
  kind: nameSchema,
  limit: amountSchema,
  spent: amountSchema,
  questionsLeft: z.int(),
})

export const agreementViewSchema = z.strictObject({
  agreement: nameSchema,
  organisation,
  scenario: z.string(),
  purpose: z.string(),
  policy: nameSchema,
  doors: z.array(doorSchema),
  datasets: z.record(nameSchema, z.array(columnNameSchema)),
  levelMax: z.int().optional(),
  from: z.string(),
  until: z.string(),
  runsLeft: z.int(),
  ledger: z.array(ledgerLineSchema),
})

/** Everything about a question except numbers of the data: what `check` answers. */
export const checkSchema = z.strictObject({
  accepted: z.boolean(),
  refusals: z.array(refusalSchema),
  /** The question as the domain understands it, one step a line. */
  understood: z.array(z.string()).optional(),
  columns: z.array(z.strictObject({ dataset: nameSchema, column: columnNameSchema })).optional(),
  door: doorSchema.optional(),
  /** Level 1 to 5 of what the question works on. */
  level: z.int().optional(),
  /** Number of cells of a public grid; absent where groups appear above a threshold. */
  cells: z.int().optional(),
  cost: z
    .array(z.strictObject({ kind: nameSchema, cost: amountSchema, questionsLeft: z.int() }))
    .optional(),
  /** For each measure of the answer, the standard deviation of its noise where it is known before the run. */
  widths: z.array(z.strictObject({ name: z.string(), sd: z.number() })).optional(),
  /** An equal question was answered before: the answer will be the same, at no cost. */
  reuse: z.boolean().optional(),
})
export type Check = z.infer<typeof checkSchema>

/** States an author can see. Between charge and release everything is `running` (I5). */
export const visibleStates = [
  'refused',
  'running',
  'held',
  'released',
  'declined',
  'failed',
] as const

export const submissionViewSchema = z.strictObject({
  id: idSchema,
  submission: submissionSchema,
  account: nameSchema,
  organisation,
  state: z.enum(visibleStates),
  receivedMs: timeSchema,
  refusals: z.array(refusalSchema),
  cost: z.array(z.strictObject({ kind: nameSchema, cost: amountSchema })),
  /** Digest of the released result. */
  digest: digestSchema.optional(),
  /** Place in the log of the last entry about this submission that its author can see. */
  logIndex: z.int(),
})
export type SubmissionView = z.infer<typeof submissionViewSchema>

const inclusionSchema = z.strictObject({
  index: z.int(),
  size: z.int(),
  /** Hex hashes from the leaf's sibling to the root. */
  path: z.array(digestSchema),
  /** The entry's canonical JSON. */
  entry: z.string(),
  /** The signed checkpoint the proof leads to. */
  checkpoint: z.string(),
})

export const releaseSchema = z.strictObject({
  id: idSchema,
  result: resultSchema,
  /** Canonical JSON of `result`: its SHA-256 is `digest`. */
  bytes: z.string(),
  digest: digestSchema,
  /** The release record: submission, agreement, versions, policy, cost, engine; canonical JSON. */
  record: z.string(),
  inclusion: inclusionSchema,
})

export const heldSchema = z.strictObject({
  id: idSchema,
  organisation,
  account: nameSchema,
  purpose: z.string(),
  sql: z.string(),
  digest: digestSchema,
  heldMs: timeSchema,
})

export const logEntrySchema = z.strictObject({
  index: z.int(),
  entry: z.string(),
  leafHash: digestSchema,
})

/** What a text would have come to under one policy: refused, or allowed at a cost. */
const decisionSchema = z.union([
  z.strictObject({ refusals: z.array(refusalSchema).min(1) }),
  z.strictObject({ cost: z.array(z.strictObject({ kind: nameSchema, cost: amountSchema })) }),
])

const replaySchema = z.strictObject({
  /** Submissions looked at, the newest first, and how many of them would come to the same. */
  submissions: z.int(),
  same: z.int(),
  /** No checker was free to read them. */
  undecided: z.int(),
  /** Each question once: the newest submission of it, and how many there were. */
  changed: z.array(
    z.strictObject({
      id: idSchema,
      organisation,
      /** The beginning of its text. */
      text: z.string().max(200),
      door: doorSchema,
      times: z.int().min(1),
      before: decisionSchema,
      after: decisionSchema,
    }),
  ),
})
export type Replay = z.infer<typeof replaySchema>

const empty = z.strictObject({})
const page = { cursor: z.int().min(0).optional(), limit: z.int().min(1).max(200).default(50) }

/** Every operation: input, and the value of its outcome. Names are the actions of `policies/roles.ts`. */
export const operations = {
  'account/show': { input: empty, output: accountSchema },
  'account/create': {
    input: z.strictObject({
      account: nameSchema,
      organisation,
      role: z.enum(roles),
      days: z.int().min(1).max(1096),
    }),
    /** The key is shown here once and stored as its SHA-256. */
    output: z.strictObject({ account: accountSchema, key: z.string() }),
  },
  'catalogue/list': {
    input: z.strictObject({ agreement: nameSchema.optional() }),
    output: catalogueSchema,
  },
  'dataset/register': { input: documentSchema, output: storedDocumentSchema },
  'dataset/ingest': {
    input: z.strictObject({
      dataset: nameSchema,
      policy: nameSchema,
      /** A file of the inbox; absent: the raw version that is there already, published under this policy. */
      file: z.string().max(255).optional(),
      /** What the file is to the rows that are stored: all there is, more of them, or more and what takes their place. */
      mode: z.enum(['replace', 'append', 'upsert']).default('replace'),
      /** What the file is, where it is another than the dataset says. */
      format: formatSchema.optional(),
      encoding: encodingSchema.optional(),
    }),
    output: z.strictObject({
      dataset: nameSchema,
      version: digestSchema,
      rows: z.int(),
      columns: z.array(z.strictObject({ name: z.string(), nulls: z.int() })),
      /** What of the file was set aside, where something was. */
      quality: qualitySchema,
      quarantine: asideSchema.optional(),
      logIndex: z.int(),
    }),
  },
  /** The dataset as it is registered now, and its last versions with what was counted of them. */
  'dataset/show': {
    input: z.strictObject({ dataset: nameSchema }),
    output: z.strictObject({
      dataset: datasetSchema,
      digest: digestSchema,
      versions: z.array(
        z.strictObject({
          version: digestSchema,
          policy: nameSchema,
          publishedMs: timeSchema,
          /** Whether it is what a question under this policy reads now. */
          isCurrent: z.boolean(),
          facts: factsSchema,
          logIndex: z.int(),
        }),
      ),
    }),
  },
  /** Rows of a file that were set aside, as the file has them; `cursor` is the `next` of the page before. */
  'quarantine/show': {
    input: z.strictObject({
      dataset: nameSchema,
      /** Absent: the last version. */
      version: digestSchema.optional(),
      ...page,
    }),
    output: z.strictObject({
      dataset: nameSchema,
      version: digestSchema,
      bad: z.array(badRowSchema),
      next: z.int().optional(),
      logIndex: z.int(),
    }),
  },
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
    input: documentSchema.extend({ replay: z.int().min(0).max(500).default(0) }),
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
  'agreement/sign': { input: documentSchema, output: storedDocumentSchema },
  'agreement/list': {
    input: empty,
    output: z.strictObject({ agreements: z.array(agreementViewSchema) }),
  },
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
  'result/fetch': { input: z.strictObject({ id: idSchema }), output: releaseSchema },
  'review/list': { input: empty, output: z.strictObject({ held: z.array(heldSchema) }) },
  'review/show': {
    input: z.strictObject({ id: idSchema }),
    /** The output as it would leave, and the evidence beside it; every view is a log entry. */
    output: heldSchema.extend({ result: resultSchema, evidence: z.string() }),
  },
  'log/checkpoint': {
    input: empty,
    output: z.strictObject({ checkpoint: z.string(), verifier: z.string() }),
  },
  'log/list': {
    input: z.strictObject(page),
    output: z.strictObject({ entries: z.array(logEntrySchema), next: z.int().optional() }),
  },
  'log/prove': { input: z.strictObject({ index: z.int().min(0) }), output: inclusionSchema },
  /** A stretch of an export's lines; the client joins them (`sandbox/log/verify.ts` reads the file). */
  'log/export': {
    input: z.strictObject({ from: z.int().min(0), size: z.int().min(0).optional() }),
    output: z.strictObject({ lines: z.array(z.string()), next: z.int().optional() }),
  },
  'domain/status': {
    input: empty,
    output: z.strictObject({
      version: z.string(),
      logSize: z.int(),
      waiting: z.int(),
      running: z.int(),
      /** Open defences of this machine: network namespace, address-space limit. */
      isolation: z.record(z.string(), z.boolean()),
      inbox: z.string(),
    }),
  },
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
