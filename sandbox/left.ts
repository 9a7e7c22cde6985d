import type { Agreement } from '../policies/agreement.ts'
import type { Policy } from '../policies/policy.ts'
import { limitsOf, shownAmount, usualCost } from './budget.ts'
import { agreementNamed, policyNamed } from './catalogue.ts'
import type { SubmissionView } from './door.ts'
import type { Reader } from './state/database.ts'
import { leftOf, spentOn, type Amount } from './state/ledger.ts'

/** What an agreement may still spend on a kind: the least of its own line and the domain's. */
export const leftOfKind = (
  reader: Reader,
  { agreement, policy }: { readonly agreement: Agreement; readonly policy: Policy },
  kind: string,
): Amount => {
  const limitOf = limitsOf(agreement, policy)
  const left = [
    { scope: 'domain', name: 'domain', kind },
    { scope: 'agreement', name: agreement.agreement, kind },
  ].map((line) => {
    const known = line as Parameters<typeof spentOn>[1]
    return leftOf(limitOf(known) ?? { rhoNano: 0, deltaFemto: 0 }, spentOn(reader, known))
  })
  return {
    rhoNano: Math.min(...left.map(({ rhoNano }) => rhoNano)),
    deltaFemto: Math.min(...left.map(({ deltaFemto }) => deltaFemto)),
  }
}

/** What a submission cost and what is left since, as anybody who sees its agreement's ledger could add up. */
export const budgetOf = (
  reader: Reader,
  name: string,
  cost: SubmissionView['cost'],
): { readonly budget?: NonNullable<SubmissionView['budget']> } => {
  const agreement = agreementNamed(reader, name)?.value
  const policy = agreement && policyNamed(reader, agreement.policy)?.value
  if (agreement === undefined || policy === undefined || cost.length === 0) return {}
  const kinds = cost.map((spent) => {
    const left = leftOfKind(reader, { agreement, policy }, spent.kind)
    const questionsLeft = Math.floor(left.rhoNano / usualCost(policy))
    return { ...spent, left: shownAmount(left), questionsLeft }
  })
  return { budget: { agreement: name, kinds } }
}
