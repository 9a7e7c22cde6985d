import { checkPolicy } from '../../policies/check-policy.ts'
import { parseDocument } from '../../policies/document.ts'
import { accepted, type Outcome } from '../../policies/outcome.ts'
import { policySchema } from '../../policies/policy.ts'
import { datasets } from '../catalogue.ts'
import type { Domain } from '../domain.ts'
import type { Account, Output } from '../door.ts'
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
