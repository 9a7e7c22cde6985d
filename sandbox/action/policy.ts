import { digestOf } from '../../policies/canonical.ts'
import { checkAgreement } from '../../policies/check-agreement.ts'
import { checkPolicy } from '../../policies/check-policy.ts'
import { changesOf } from '../../policies/diff.ts'
import { parseDocument } from '../../policies/document.ts'
import { accepted, type Outcome } from '../../policies/outcome.ts'
import { policySchema } from '../../policies/policy.ts'
import { allAgreements, datasets, policyNamed } from '../catalogue.ts'
import type { Domain } from '../domain.ts'
import type { Account, Output } from '../door.ts'
import { replay } from '../replay.ts'
import { putDocument } from '../state/documents.ts'
import { actorOf } from './account.ts'

/** Publishes a policy. Data ingested under an earlier text of it is not readable until it is published under this one. */
export const publishPolicy = (
  domain: Domain,
  who: Account,
  { text }: { readonly text: string },
): Outcome<Output<'policy/publish'>> => {
  const known = datasets(domain.state.reader)
  const parsed = parseDocument(text, policySchema, (policy) => checkPolicy(policy, known))
  if (!parsed.ok) return parsed
  const name = parsed.value.policy
  return domain.state.commit((tx) => {
    const put = putDocument(tx, { kind: 'policy', name, value: parsed.value }, actorOf(who))
    return put.ok ? accepted({ name, digest: put.value.digest, logIndex: put.value.seq }) : put
  })
}

/** A policy's text against the current one of its name. Changes nothing and touches no data. */
export const diffPolicy = async (
  domain: Domain,
  _: Account,
  { text, replay: count }: { readonly text: string; readonly replay: number },
): Promise<Outcome<Output<'policy/diff'>>> => {
  const { reader } = domain.state
  const known = datasets(reader)
  const parsed = parseDocument(text, policySchema, (policy) => checkPolicy(policy, known))
  if (!parsed.ok) return parsed
  const after = parsed.value
  const before = policyNamed(reader, after.policy)
  const agreements = allAgreements(reader).filter(({ policy }) => policy === after.policy)
  const replayed =
    before && (await replay(domain, agreements, { before: before.value, after }, count))
  if (replayed?.ok === false) return replayed
  return accepted({
    policy: after.policy,
    ...(before && { from: before.digest }),
    to: digestOf(after),
    changes: (before ? changesOf(before.value, after) : []).map((change) => ({
      ...change,
      params: { ...change.params },
    })),
    agreements: agreements.flatMap((agreement) => {
      const refusals = [...checkAgreement(agreement, after)]
      return refusals.length > 0 ? [{ agreement: agreement.agreement, refusals }] : []
    }),
    replay: replayed?.value ?? { submissions: 0, same: 0, undecided: 0, changed: [] },
  })
}
