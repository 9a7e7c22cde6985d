import * as z from 'zod'
import { canonicalJson, digestOf } from '../policies/canonical.ts'
import { cubeSchema } from '../policies/query/cube.ts'
import { deriveFrom, type Derived } from '../policies/query/derived.ts'
import { resultSchema, type Result } from '../policies/result.ts'
import { compose } from './compose.ts'
import { systemActor, type Domain } from './domain.ts'
import { insist } from './insist.ts'
import { commitTo } from './log/entry.ts'
import { keyOf, type Question } from './question.ts'
import { recordOf } from './record.ts'
import { deriveResult, releaseResult, releasesTo, resultOf } from './state/results.ts'
import { isWaiting, type StoredSubmission } from './state/submissions.ts'
import { until, wake } from './wait.ts'

/** What a record of an earlier release says of what its answer can be added up to. */
const recordSchema = z.object({
  policy: z.object({ digest: z.string() }),
  data: z.array(z.object({ dataset: z.string(), version: z.string().nullable() })),
  cube: cubeSchema,
  run: z.string(),
  afterMs: z.number().min(0).max(3_600_000),
})
type Record = z.infer<typeof recordSchema>

/** Most earlier releases that are looked through, the newest first. */
const releasesMax = 500

type Source = Derived & {
  readonly submission: string
  readonly digest: string
  readonly record: Record
}

/**
 * Finds a release to the same organisation under the same agreement, of the same data under the same policy, that holds
 * the answer. Nobody gets what another one was released.
 */
export const derivedAnswer = (
  { state: { reader } }: Domain,
  submission: Pick<StoredSubmission, 'organisation' | 'agreement' | 'spec'>,
  question: Question,
): Source | undefined => {
  if (question.plan.door !== 'noise') return undefined
  for (const release of releasesTo(reader, submission, releasesMax)) {
    const record = recordSchema.safeParse(JSON.parse(release.record)).data
    if (record === undefined || !isOfSame(record, question)) continue
    const stored = resultOf(reader, release.digest)
    if (stored === undefined) continue
    const result = resultSchema.parse(JSON.parse(Buffer.from(stored.bytes).toString('utf8')))
    const isFree = submission.spec.rho === 0
    const derived = deriveFrom(question.plan, { cube: record.cube, result }, isFree)
    if (derived !== undefined)
      return { ...derived, submission: release.submission, digest: release.digest, record }
  }
  return undefined
}

const isOfSame = (record: Record, { plan, policy, versions }: Question): boolean =>
  record.policy.digest === policy.digest &&
  Object.keys(plan.reads).every((name) =>
    record.data.some(
      ({ dataset, version }) => dataset === name && version === versions[name]?.digest,
    ),
  )

/**
 * Answers from an earlier release, as late as that one left: what is computed is computed from what its reader has. The
 * answer, its record and the log name the release. Where no answer is composed nothing has happened, and false is
 * answered.
 */
export const giveDerived = async (
  domain: Domain,
  submission: StoredSubmission,
  question: Question,
  source: Source,
): Promise<boolean> => {
  const startMs = domain.world.steadyMs()
  const composed = await compose(domain, question.plan, [source.table])
  if (composed === undefined) return false
  const result: Result = {
    ...composed,
    notes: [
      ...composed.notes,
      { note: 'from-release', params: { submission: source.submission, cells: source.cells } },
      ...(source.cells > 1 ? [{ note: 'from-listed-cells', params: {} }] : []),
    ],
  }
  const bytes = Buffer.from(canonicalJson(result))
  const digest = digestOf(result)
  const { run, afterMs } = source.record
  const plan = { ...question.plan, cost: [] }
  const { cube: _, ...own } = recordOf(submission, {
    question: { ...question, plan },
    digest,
    run,
    afterMs,
  })
  const from = { submission: source.submission, result: source.digest }
  const made = {
    submission: submission.id,
    digest,
    // Not the question's own key: an equal question of somebody else is not answered with this one's releases.
    question: digestOf({ question: keyOf(question), from }),
    bytes,
    commitment: commitTo(domain.world, bytes).commitment,
    source: source.submission,
  }
  await until(domain, startMs + afterMs)
  await insist(domain, (tx) => {
    if (!isWaiting(tx, submission.id)) return
    deriveResult(tx, made, systemActor)
    releaseResult(
      tx,
      { submission: submission.id, record: canonicalJson({ ...own, derivedFrom: from }) },
      systemActor,
    )
  })
  wake(domain, submission.id)
  return true
}
