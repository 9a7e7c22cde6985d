import { agreementSchema, type Agreement } from '../../policies/agreement.ts'
import { checkAgreement } from '../../policies/check-agreement.ts'
import { unknownName } from '../../policies/check-policy.ts'
import { parseDocument } from '../../policies/document.ts'
import { accepted, type Outcome } from '../../policies/outcome.ts'
import type { Policy } from '../../policies/policy.ts'
import { limitsOf, shownAmount, usualCost } from '../budget.ts'
import { agreementsOf, policyNamed } from '../catalogue.ts'
import type { Domain } from '../domain.ts'
import type { Account, Output } from '../door.ts'
import { tokensLeft } from './token.ts'
import { currentDocuments, putDocument } from '../state/documents.ts'
import { leftOf, spentOn, type Line } from '../state/ledger.ts'
import { runsUsed } from '../state/submissions.ts'
import { actorOf } from './account.ts'

export const signAgreement = (
  domain: Domain,
  who: Account,
  { text }: { readonly text: string },
): Outcome<Output<'agreement/sign'>> => {
  const { reader } = domain.state
  const parsed = parseDocument(text, agreementSchema, (agreement) => {
    const policy = policyNamed(reader, agreement.policy)
    if (policy !== undefined) return checkAgreement(agreement, policy.value)
    const known = currentDocuments(reader, 'policy').map(({ name }) => name)
    return [unknownName('policy', 'policy', agreement.policy, known)]
  })
  if (!parsed.ok) return parsed
  const name = parsed.value.agreement
  return domain.state.commit((tx) => {
    const put = putDocument(tx, { kind: 'agreement', name, value: parsed.value }, actorOf(who))
    return put.ok ? accepted({ name, digest: put.value.digest, logIndex: put.value.seq }) : put
  })
}

type View = Output<'agreement/list'>['agreements'][number]

export const listAgreements = (domain: Domain, who: Account): Outcome<Output<'agreement/list'>> => {
  const { reader } = domain.state
  const agreements = agreementsOf(reader, who).flatMap((agreement): View[] => {
    const policy = policyNamed(reader, agreement.policy)
    if (policy === undefined) return []
    const { rho: _, delta: __, runsMax, tokensMax: ___, ...shown } = agreement
    return [
      {
        ...shown,
        runsLeft: Math.max(0, runsMax - runsUsed(reader, agreement.agreement)),
        ...(agreement.tokens && { tokensLeft: tokensLeft(reader, agreement) }),
        ledger: ledgerOf(domain, agreement, policy.value),
      },
    ]
  })
  return accepted({ agreements })
}

/** The lines an agreement pays from, and how many usual questions each of them still bears. */
const ledgerOf = (
  { state: { reader } }: Domain,
  agreement: Agreement,
  policy: Policy,
): View['ledger'] => {
  const limitOf = limitsOf(agreement, policy)
  const lines = Object.keys(policy.kinds).flatMap((kind): Line[] => [
    { scope: 'domain', name: 'domain', kind },
    { scope: 'agreement', name: agreement.agreement, kind },
  ])
  return lines.flatMap((line) => {
    const limit = limitOf(line)
    if (limit === undefined) return []
    const spent = spentOn(reader, line)
    const questionsLeft = Math.floor(leftOf(limit, spent).rhoNano / usualCost(policy))
    return [{ ...line, limit: shownAmount(limit), spent: shownAmount(spent), questionsLeft }]
  })
}
