import { verdict, type Verdict } from './verdict.ts'

/** Variances and deviations need ten degrees of freedom, from entities with a value (ACRO, UK SRS: 10 passes). */
export const freedomMin = 10n

export const checkDegreesOfFreedom = (entities: bigint, parameters = 1n): Verdict => {
  const freedom = entities - parameters
  return verdict(
    'degrees-of-freedom',
    freedom >= freedomMin ? 'pass' : 'fail',
    String(freedom),
    String(freedomMin),
  )
}
