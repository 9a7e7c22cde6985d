import type { Agreement } from '../policies/agreement.ts'
import { digestOf } from '../policies/canonical.ts'
import type { Dataset } from '../policies/dataset.ts'
import { accepted, refused, type Outcome } from '../policies/outcome.ts'
import type { Policy } from '../policies/policy.ts'
import { fromNano, toNano } from '../policies/privacy/amount.ts'
import { visibleColumns } from '../policies/published.ts'
import { decide } from '../policies/query/decide.ts'
import type { Plan } from '../policies/query/plan.ts'
import { refuse } from '../policies/refusal.ts'
import { assertSound } from '../policies/relation/sound.ts'
import type { Tree } from '../policies/relation/tree.ts'
import type { Submission } from '../policies/submission.ts'
import { agreementNamed, datasetNamed, policyNamed, readable, type Named } from './catalogue.ts'
import type { Domain } from './domain.ts'
import type { Account } from './door.ts'
import { positionOf } from './query/position.ts'
import { checkerAnswerSchema } from './run/checker-protocol.ts'
import { runsUsed } from './state/submissions.ts'
import type { StoredVersion } from './state/versions.ts'

/** Under what a submission is judged: its agreement and policy, and what of which datasets it can see. */
export type Terms = {
  readonly agreement: Named<Agreement>
  readonly policy: Named<Policy>
  readonly datasets: Readonly<Record<string, Dataset>>
  readonly versions: Readonly<Record<string, StoredVersion>>
  readonly rhoNano: number
}

/** A submission that may run: the question as understood, and the plan. */
export type Question = Terms & { readonly tree: Tree; readonly plan: Plan }

/**
 * Finds the terms of a submission or refuses. An agreement of another organisation and none at all look alike; a dataset
 * without a version under this policy is not there.
 */
export const termsOf = (
  domain: Domain,
  who: Pick<Account, 'organisation'>,
  submission: Submission,
): Outcome<Terms> => {
  const { reader } = domain.state
  const { door, agreement: name } = submission
  const agreement = agreementNamed(reader, name)
  const policy = agreement && policyNamed(reader, agreement.value.policy)
  if (agreement?.value.organisation !== who.organisation || policy === undefined)
    return refused(refuse('access/not-found', { thing: 'agreement' }))
  const today = dateOf(domain)
  if (today < agreement.value.from || today > agreement.value.until)
    return refused(refuse('submission/agreement-not-in-force', { agreement: name }))
  if (!agreement.value.doors.includes(door) || !policy.value.doors.includes(door))
    return refused(refuse('submission/door-not-agreed', { agreement: name, door }))
  const { runsMax } = agreement.value
  if (runsUsed(reader, name) >= runsMax)
    return refused(refuse('submission/runs-exhausted', { agreement: name, max: runsMax }))
  const rho = submission.rho ?? policy.value.question.rho
  const rhoNano = wholeNano(rho)
  if (rhoNano === undefined)
    return refused(refuse('submission/malformed', { where: 'rho', problem: 'a multiple of 1e-9' }))
  if (rhoNano > toNano(policy.value.question.rhoMax))
    return refused(
      refuse('budget/exceeds-question', {
        asked: fromNano(rhoNano),
        max: policy.value.question.rhoMax,
      }),
    )
  return accepted({ agreement, policy, rhoNano, ...readableOf(domain, agreement, policy) })
}

const wholeNano = (rho: number): number | undefined => {
  try {
    return toNano(rho)
  } catch {
    return undefined
  }
}

/** ISO date of today, in UTC. */
const dateOf = ({ world }: Domain): string => new Date(world.nowMs()).toISOString().slice(0, 10)

const readableOf = (
  { state: { reader } }: Domain,
  agreement: Named<Agreement>,
  policy: Named<Policy>,
): Pick<Terms, 'datasets' | 'versions'> => {
  const datasets: Record<string, Dataset> = {}
  const versions: Record<string, StoredVersion> = {}
  for (const name of Object.keys(agreement.value.datasets)) {
    const dataset = datasetNamed(reader, name)
    const version = readable(reader, name, policy.digest)
    if (dataset === undefined || version === undefined) continue
    datasets[name] = dataset.value
    versions[name] = version
  }
  return { datasets, versions }
}

/** Names a question together with all that decides its answer: what it does not read does not. */
export const keyOf = ({ plan, policy, versions }: Question): string =>
  digestOf({
    question: plan.question,
    policy: policy.digest,
    versions: Object.keys(plan.reads)
      .map((dataset) => versions[dataset]?.digest ?? '')
      .sort(),
  })

/**
 * Checks a submission under its terms: a checker reads the text into a tree, then every rule is asked here. The checker
 * meets hostile text and is not believed: its tree is parsed, typed and ruled on in this process, and one that no text
 * becomes is an incident. Touches no data.
 */
export const understand = async (
  domain: Domain,
  terms: Terms,
  submission: Submission,
): Promise<Outcome<Question>> => {
  const { agreement, policy, datasets, rhoNano } = terms
  const tables = Object.values(datasets).map((dataset) => ({
    dataset: dataset.dataset,
    columns: visibleColumns(dataset, policy.value, agreement.value).map(({ name, type }) => ({
      name,
      type,
    })),
  }))
  const reply = await domain.checkers.ask(
    { ask: 'check', text: submission.sql, tables, today: dateOf(domain) },
    domain.settings.checker.timeoutMs,
  )
  if ('fault' in reply)
    return refused(
      reply.fault === 'busy' ? refuse('run/busy', { seconds: 1 }) : refuse('query/too-complex'),
    )
  const answer = checkerAnswerSchema.parse(reply.answer)
  if (answer.answer === 'refusals') return refused(...answer.refusals)
  if (answer.answer !== 'tree') return refused(refuse('query/too-complex'))
  const { tree } = answer
  assertSound(tree, tables)
  const decided = decide(tree, {
    datasets,
    policy: policy.value,
    door: submission.door,
    rhoNano,
    place: (offset) => positionOf(submission.sql, offset),
  })
  return decided.ok ? accepted({ ...terms, tree, plan: decided.value }) : decided
}
