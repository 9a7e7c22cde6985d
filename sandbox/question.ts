import type { Agreement } from '../policies/agreement.ts'
import { digestOf } from '../policies/canonical.ts'
import type { Dataset } from '../policies/dataset.ts'
import { accepted, refused, type Outcome } from '../policies/outcome.ts'
import type { Policy } from '../policies/policy.ts'
import type { Plan } from '../policies/query/plan.ts'
import { rhoAsked } from '../policies/query/terms.ts'
import { refuse } from '../policies/refusal.ts'
import type { Tree } from '../policies/relation/tree.ts'
import type { Submission } from '../policies/submission.ts'
import { agreementNamed, datasetNamed, policyNamed, readable, type Named } from './catalogue.ts'
import { dateOf, type Domain } from './domain.ts'
import type { Account } from './door.ts'
import type { checkText } from './query/check.ts'
import { judge, tablesOf } from './query/judge.ts'
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
export type Question = Terms & {
  readonly tree: Tree
  readonly plan: Plan
  /** Of what it works on; absent where it reads no column. */
  readonly level?: number
}

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
  const { agreement: name } = submission
  const agreement = agreementNamed(reader, name)
  const policy = agreement && policyNamed(reader, agreement.value.policy)
  if (agreement?.value.organisation !== who.organisation || policy === undefined)
    return refused(refuse('access/not-found', { thing: 'agreement' }))
  const rhoNano = rhoAsked(
    submission,
    { agreement: agreement.value, policy: policy.value },
    dateOf(domain),
  )
  if (!rhoNano.ok) return rhoNano
  const { runsMax } = agreement.value
  if (runsUsed(reader, name) >= runsMax)
    return refused(refuse('submission/runs-exhausted', { agreement: name, max: runsMax }))
  return accepted({
    agreement,
    policy,
    rhoNano: rhoNano.value,
    ...readableOf(domain, agreement, policy),
  })
}

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
  const grounds = {
    ...terms,
    agreement: terms.agreement.value,
    policy: terms.policy.value,
  }
  const tree = await readText(domain, {
    text: submission.sql,
    tables: tablesOf(grounds),
    today: dateOf(domain),
  })
  if (!tree.ok) return tree
  const judged = judge(tree.value, submission, grounds)
  return judged.ok ? accepted({ ...terms, tree: tree.value, ...judged.value }) : judged
}

/** What a checker makes of a text: its tree, or why it is none. */
export const readText = async (
  domain: Pick<Domain, 'checkers' | 'settings'>,
  question: Parameters<typeof checkText>[0],
): Promise<Outcome<Tree>> => {
  const reply = await domain.checkers.ask(
    { ask: 'check', ...question },
    domain.settings.checker.timeoutMs,
  )
  if ('fault' in reply)
    return refused(
      reply.fault === 'busy' ? refuse('run/busy', { seconds: 1 }) : refuse('query/too-complex'),
    )
  const answer = checkerAnswerSchema.parse(reply.answer)
  if (answer.answer === 'refusals') return refused(...answer.refusals)
  return answer.answer === 'tree' ? accepted(answer.tree) : refused(refuse('query/too-complex'))
}
