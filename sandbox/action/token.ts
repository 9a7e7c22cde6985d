import { normalise } from '../../connectors/standards/normal.ts'
import { standards } from '../../connectors/standards/standard.ts'
import { isInForce, usualTokensMax, type Agreement } from '../../policies/agreement.ts'
import { standardsOf } from '../../policies/check-registration.ts'
import { accepted, refused, type Outcome } from '../../policies/outcome.ts'
import { refuse, type Refusal } from '../../policies/refusal.ts'
import { agreementsOf, datasets } from '../catalogue.ts'
import { dateOf, type Domain } from '../domain.ts'
import { registerDigest, tokenIdentity, tokensOf } from '../domain/token.ts'
import type { Account, Output } from '../door.ts'
import type { Reader } from '../state/database.ts'
import { areOver, noteTokens, tokensMade } from '../state/tokens.ts'
import { actorOf } from './account.ts'

type Asked = {
  readonly agreement: string
  readonly kind: string
  readonly identifiers: readonly string[]
}

/** How many identifiers that are none are told, each with its place. */
const toldMax = 20

/**
 * Tokens for identifiers, by their normal form. The answer depends on the text, the agreement and its key alone: nothing is
 * looked up, so a token is no sign that the domain knows whom it stands for.
 */
export const makeTokens = (
  domain: Domain,
  who: Account,
  { agreement: name, kind, identifiers }: Asked,
): Outcome<Output<'token/make'>> => {
  const { state, keyring } = domain
  const agreement = agreementsOf(state.reader, who).find((each) => each.agreement === name)
  if (agreement === undefined) return refused(refuse('access/not-found', { thing: 'agreement' }))
  const normal = identifiers.map((identifier) => normalise(identifier))
  const made = identifiers.length
  const refusals = refusalsOf(domain, agreement, kind, normal)
  if (refusals.length > 0) return refused(...refusals)
  const key = keyring.obtain(tokenIdentity(name, kind))
  const hmacKey = keyring.obtain(`surrogate/${kind}`)
  const noted = state.commit((tx) =>
    accepted(
      noteTokens(
        tx,
        { agreement: name, kind, made, generation: keyring.generation() },
        actorOf(who),
      ),
    ),
  )
  if (!noted.ok) return noted
  const digests = normal.map((identifier) => registerDigest(hmacKey, identifier))
  return accepted({
    tokens: [...tokensOf({ suite: keyring.suite, key }, digests)],
    left: tokensLeft(domain.state.reader, agreement),
    logIndex: noted.value,
  })
}

/** Why none is made: not in force, not agreed, too many, or some that are no identifiers. */
const refusalsOf = (
  domain: Domain,
  agreement: Agreement,
  kind: string,
  identifiers: readonly string[],
): readonly Refusal[] => {
  const { agreement: name, tokens = [], tokensMax: max = usualTokensMax } = agreement
  const isOver = areOver(domain.state.reader, name, kind)
  if (isOver || !isInForce(agreement, dateOf(domain)))
    return [refuse('submission/agreement-not-in-force', { agreement: name })]
  const known = standardsOf(kind, datasets(domain.state.reader))
  if (!tokens.includes(kind) || known.length === 0)
    return [refuse('submission/tokens-not-agreed', { agreement: name, kind })]
  const left = tokensLeft(domain.state.reader, agreement)
  if (identifiers.length > left)
    return [refuse('submission/tokens-exhausted', { agreement: name, max, left })]
  const params = { kind, standards: known.join(', ') }
  return identifiers
    .flatMap((identifier, at) => (known.some((each) => standards[each].is(identifier)) ? [] : [at]))
    .slice(0, toldMax)
    .map((at) => refuse('submission/identifier-malformed', params, { line: at + 1, column: 1 }))
}

/** How many more tokens an agreement allows. */
export const tokensLeft = (
  reader: Reader,
  { agreement, tokensMax = usualTokensMax }: Agreement,
): number => Math.max(0, tokensMax - tokensMade(reader, agreement))
