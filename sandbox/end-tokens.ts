import { accepted, type Outcome } from '../policies/outcome.ts'
import { agreementNamed } from './catalogue.ts'
import { dateOf, systemActor, type Domain } from './domain.ts'
import { tokenIdentity } from './domain/token.ts'
import { certifyTokens, livingTokens } from './state/tokens.ts'

/**
 * Tokens end with their agreement (I11): on the day after its last, their keys are forgotten and what wraps all others is
 * replaced, then that is certified. Each step may be done again by the keeper after one that ended on the way. Throws where
 * a key would still be found.
 */
export const endTokens = (domain: Domain): Outcome<undefined> => {
  const { state, keyring } = domain
  const today = dateOf(domain)
  const over = livingTokens(state.reader).filter(
    ({ agreement }) => today > (agreementNamed(state.reader, agreement)?.value.until ?? ''),
  )
  const identities = over.map(({ agreement, kind }) => tokenIdentity(agreement, kind))
  const gone = keyring.destroy(identities)
  if (!gone.ok) return gone
  if (identities.some((identity) => keyring.find(identity) !== undefined))
    throw new Error('a destroyed key is there')
  if (over.length === 0) return accepted(undefined)
  const generation = keyring.generation()
  return state.commit((tx) => {
    for (const about of over) certifyTokens(tx, { ...about, generation }, systemActor)
    return accepted(undefined)
  })
}
