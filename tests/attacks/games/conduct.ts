import { accepted, refused, type Outcome } from '../../../policies/outcome.ts'
import { toNano } from '../../../policies/privacy/amount.ts'
import { refuse } from '../../../policies/refusal.ts'
import type { Submission } from '../../../policies/submission.ts'
import { limitsOf } from '../../../sandbox/budget.ts'
import { systemActor, type Domain } from '../../../sandbox/domain.ts'
import { endingOf } from '../../../sandbox/ending.ts'
import { execute } from '../../../sandbox/execute.ts'
import { insist } from '../../../sandbox/insist.ts'
import type { Actor } from '../../../sandbox/log/entry.ts'
import { termsOf, understand, type Question } from '../../../sandbox/question.ts'
import { recover } from '../../../sandbox/recover.ts'
import type { Writer } from '../../../sandbox/state/commit.ts'
import {
  chargeSubmission,
  leftOf,
  linesOf,
  reserve,
  spentLines,
  type Charge,
  type LimitOf,
} from '../../../sandbox/state/ledger.ts'
import { startRun } from '../../../sandbox/state/runs.ts'
import {
  moveSubmission,
  receiveSubmission,
  takeStep,
  type StoredSubmission,
} from '../../../sandbox/state/submissions.ts'
import { need } from '../../support/domain.ts'
import { digest } from '../../support/flow.ts'

/** What is otherwise than in `sandbox/flow.ts`. With nothing here, every guard of a charge is in. */
export type Otherwise = {
  /** Rho is taken as it is asked, whatever the least and the most of a question are. */
  readonly isAnyRho?: boolean
  readonly costs?: (domain: Domain, question: Question) => Charge['costs']
  /** What the line is named by that the agreement would name. */
  readonly payer?: (question: Question) => string
  readonly limits?: (usual: LimitOf) => LimitOf
  /** The balance is looked at when the question is received, and not where it is charged. */
  readonly isReadBefore?: boolean
  readonly isChargedLast?: boolean
  /** The keeper ends between a run, or its release, and what would be committed then. */
  readonly isKilled?: boolean
}

type Asked = {
  readonly domain: Domain
  readonly submission: StoredSubmission
  readonly question: Question
  readonly otherwise: Otherwise
}

/**
 * A question from its receipt to its release by the keeper's own steps, put together without one of the guards between
 * them. Earlier answers are not looked for.
 */
export const conduct = async (
  domain: Domain,
  by: Actor,
  spec: Submission,
  otherwise: Otherwise = {},
): Promise<Outcome<unknown>> => {
  const { submission } = need(
    domain.state.commit((tx) =>
      receiveSubmission(
        tx,
        { id: domain.world.id(), digest: digest('d1'), spec, agreement: spec.agreement, ...by },
        by,
      ),
    ),
  )
  const outcome = await go(domain, submission, otherwise)
  if (!outcome.ok) {
    const step = { id: submission.id, to: 'refused', refusals: outcome.refusals } as const
    domain.state.commit((tx) => accepted(moveSubmission(tx, step, systemActor)))
  }
  return outcome
}

const go = async (
  domain: Domain,
  submission: StoredSubmission,
  otherwise: Otherwise,
): Promise<Outcome<unknown>> => {
  const before = spentLines(domain.state.reader)
  const question = await understoodAs(domain, submission, otherwise)
  if (!question.ok) return question
  const asked = { domain, submission, question: question.value, otherwise }
  if (otherwise.isReadBefore && !canPay(asked, before)) return refused(refuse('budget/exhausted'))
  const run = domain.world.id()
  const begun = domain.state.commit((tx) => {
    const charged = otherwise.isChargedLast
      ? accepted(takeStep(tx, { id: submission.id, to: 'charged' }))
      : chargeFirst(tx, asked)
    return charged.ok
      ? accepted(startRun(tx, { run, submission: submission.id }, systemActor))
      : charged
  })
  return begun.ok ? finish(asked, run) : begun
}

const understoodAs = (
  domain: Domain,
  { spec, organisation }: StoredSubmission,
  { isAnyRho }: Otherwise,
): Promise<Outcome<Question>> => {
  const { rho, ...usual } = spec
  const terms = need(termsOf(domain, { organisation }, isAnyRho ? usual : spec))
  const rhoNano = isAnyRho && rho !== undefined ? toNano(rho) : terms.rhoNano
  return understand(domain, { ...terms, rhoNano }, spec)
}

const chargeFor = ({ domain, submission, question, otherwise }: Asked): Charge => ({
  costs: otherwise.costs?.(domain, question) ?? question.plan.cost,
  datasets: Object.keys(question.plan.reads),
  organisation: submission.organisation,
  agreement: otherwise.payer?.(question) ?? submission.agreement,
})

const limitFor = ({ question, otherwise }: Asked): LimitOf => {
  const usual = limitsOf(question.agreement.value, question.policy.value)
  return otherwise.limits?.(usual) ?? usual
}

const noLimit: LimitOf = () => ({ rhoNano: Number.MAX_SAFE_INTEGER, deltaFemto: 1e15 })

const chargeFirst = (tx: Writer, asked: Asked): Outcome<number> =>
  chargeSubmission(
    tx,
    {
      id: asked.submission.id,
      charge: chargeFor(asked),
      limitOf: asked.otherwise.isReadBefore ? noLimit : limitFor(asked),
    },
    systemActor,
  )

/** By what was read before: the same comparison, outside of the transaction that pays. */
const canPay = (asked: Asked, before: ReturnType<typeof spentLines>): boolean =>
  linesOf(chargeFor(asked)).every((line) => {
    const limit = limitFor(asked)(line)
    const spent = before.find(
      ({ scope, name, kind }) => scope === line.scope && name === line.name && kind === line.kind,
    )
    return (
      limit === undefined ||
      line.rhoNano <= leftOf(limit, spent ?? { rhoNano: 0, deltaFemto: 0 }).rhoNano
    )
  })

const finish = async (asked: Asked, run: string): Promise<Outcome<unknown>> => {
  const { domain, submission, question, otherwise } = asked
  const ran = await execute(domain, question)
  const { change } = endingOf(domain, submission, { question, ran, run, elapsedMs: 0 })
  const { isKilled, isChargedLast } = otherwise
  // With the charge last a release comes before it, and what a keeper does not live to commit is the charge.
  if (isChargedLast || !isKilled) await insist(domain, change)
  if (isKilled) return recover(domain)
  if (isChargedLast) {
    const subject = { type: 'submission', id: submission.id }
    const by = { actor: systemActor, subject, detail: {} }
    domain.state.commit((tx) => reserve(tx, chargeFor(asked), limitFor(asked), by))
  }
  return accepted(undefined)
}
