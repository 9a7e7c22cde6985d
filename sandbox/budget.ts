import type { Agreement } from '../policies/agreement.ts'
import type { Policy } from '../policies/policy.ts'
import { fromFemto, fromNano, toFemto, toNano } from '../policies/privacy/amount.ts'
import type { Amount, LimitOf } from './state/ledger.ts'

/**
 * What the lines of the ledger may spend in their lives: the domain's line of each kind by the policy, the agreement's
 * by the agreement. Datasets and organisations are recorded and have no limit of their own yet.
 */
export const limitsOf =
  (agreement: Agreement, policy: Policy): LimitOf =>
  ({ scope, kind }) => {
    if (scope === 'agreement')
      return { rhoNano: toNano(agreement.rho), deltaFemto: toFemto(agreement.delta) }
    const ledger = scope === 'domain' ? policy.kinds[kind]?.ledger : undefined
    return ledger && { rhoNano: toNano(ledger.rho), deltaFemto: toFemto(ledger.delta) }
  }

/** Rho of a question that names none, in 1e-9. */
export const usualCost = (policy: Policy): number => toNano(policy.question.rho)

/** An amount as people write it. */
export const shownAmount = ({ rhoNano, deltaFemto }: Amount): { rho: number; delta: number } => ({
  rho: fromNano(rhoNano),
  delta: fromFemto(deltaFemto),
})
