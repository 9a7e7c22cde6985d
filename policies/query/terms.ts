import { isInForce, type Agreement } from '../agreement.ts'
import { accepted, refused, type Outcome } from '../outcome.ts'
import type { Policy } from '../policy.ts'
import { fromNano, toNano } from '../privacy/amount.ts'
import { refuse } from '../refusal.ts'
import type { Submission } from '../submission.ts'

/**
 * Whether a submission may be asked under an agreement and its policy on a day (ISO date): in force, by a door that both
 * open, within the least and the most that one question may spend. Answers what it spends, in 1e-9 of rho.
 */
export const rhoAsked = (
  { door, rho: asked }: Pick<Submission, 'door' | 'rho'>,
  { agreement, policy }: { readonly agreement: Agreement; readonly policy: Policy },
  today: string,
): Outcome<number> => {
  const { agreement: name, doors } = agreement
  if (!isInForce(agreement, today))
    return refused(refuse('submission/agreement-not-in-force', { agreement: name }))
  if (!doors.includes(door) || !policy.doors.includes(door))
    return refused(refuse('submission/door-not-agreed', { agreement: name, door }))
  const { rho, rhoMax, rhoMin } = policy.question
  // Nothing is spent on a rho of nothing: it is understood as if it were asked as usual, and never run.
  const rhoNano = wholeNano(asked === undefined || asked === 0 ? rho : asked)
  if (rhoNano === undefined)
    return refused(refuse('submission/malformed', { where: 'rho', problem: 'a multiple of 1e-9' }))
  if (rhoNano > toNano(rhoMax))
    return refused(refuse('budget/exceeds-question', { asked: fromNano(rhoNano), max: rhoMax }))
  if (rhoNano < toNano(rhoMin))
    return refused(refuse('budget/below-question', { asked: fromNano(rhoNano), min: rhoMin }))
  return accepted(rhoNano)
}

const wholeNano = (rho: number): number | undefined => {
  try {
    return toNano(rho)
  } catch {
    return undefined
  }
}
