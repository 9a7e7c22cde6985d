import { digestOf } from '../../policies/canonical.ts'
import { checkAgreement } from '../../policies/check-agreement.ts'
import { checkPolicy } from '../../policies/check-policy.ts'
import { changesOf } from '../../policies/diff.ts'
import { parseDocument } from '../../policies/document.ts'
import { accepted, refused, type Outcome } from '../../policies/outcome.ts'
import { policySchema, type Policy } from '../../policies/policy.ts'
import { refuse } from '../../policies/refusal.ts'
import { allAgreements, datasets, policyNamed } from '../catalogue.ts'
import type { Domain } from '../domain.ts'
import type { Account, Output } from '../door.ts'
import { replay } from '../replay.ts'
import { currentDigest, currentDocument, documentOf, policyNames } from '../state/documents.ts'
import {
  approvePolicy as approve,
  historyOf,
  openProposal,
  proposePolicy as putUp,
} from '../state/proposals.ts'
import { actorOf } from './account.ts'

/** Puts a text of a policy up for approval by another operator. */
export const proposePolicy = (
  domain: Domain,
  who: Account,
  { text, base }: { readonly text: string; readonly base?: string | undefined },
): Outcome<Output<'policy/propose'>> => {
  const known = datasets(domain.state.reader)
  const parsed = parseDocument(text, policySchema, (policy) => checkPolicy(policy, known))
  if (!parsed.ok) return parsed
  const policy = parsed.value
  const proposed = domain.state.commit((tx) => putUp(tx, { policy, base }, actorOf(who)))
  if (!proposed.ok) return proposed
  const { digest, seq } = proposed.value
  return accepted({ name: policy.policy, digest, logIndex: seq })
}

/**
 * Publishes the text of a policy that waits. It is checked again: the catalogue may be another by now. Data ingested under an
 * earlier text is not readable until it is published under this one.
 */
export const approvePolicy = (
  domain: Domain,
  who: Account,
  { policy: name, digest }: { readonly policy: string; readonly digest: string },
): Outcome<Output<'policy/approve'>> => {
  const { reader } = domain.state
  const stored = documentOf(reader, 'policy', digest)
  const refusals = stored === undefined ? [] : checkPolicy(policyIn(stored.json), datasets(reader))
  if (refusals.length > 0) return refused(...refusals)
  const published = domain.state.commit((tx) => approve(tx, { name, digest }, actorOf(who)))
  return published.ok ? accepted({ name, digest, logIndex: published.value }) : published
}

const policyIn = (json: string): Policy => policySchema.parse(JSON.parse(json))

export const listPolicies = ({ state: { reader } }: Domain): Outcome<Output<'policy/list'>> =>
  accepted({
    policies: policyNames(reader).map((policy) => {
      const digest = currentDigest(reader, 'policy', policy)
      const proposal = openProposal(reader, policy)
      return {
        policy,
        ...(digest !== undefined && { digest }),
        ...(proposal && { proposed: proposal.digest }),
      }
    }),
  })

export const showPolicy = (
  { state: { reader } }: Domain,
  _: Account,
  { policy }: { readonly policy: string },
): Outcome<Output<'policy/show'>> => {
  const current = currentDocument(reader, 'policy', policy)
  return current === undefined
    ? refused(refuse('access/not-found', { thing: 'policy' }))
    : accepted({ policy, digest: current.digest, document: current.json })
}

export const showHistory = (
  { state: { reader } }: Domain,
  _: Account,
  { policy }: { readonly policy: string },
): Outcome<Output<'policy/history'>> => {
  const history = historyOf(reader, policy).flatMap(({ event, detail, actor, timeMs, seq }) =>
    event === 'policy/proposed' || event === 'policy/published'
      ? [{ event, digest: String(detail['digest']), account: actor.account, timeMs, logIndex: seq }]
      : [],
  )
  if (history.length === 0) return refused(refuse('access/not-found', { thing: 'policy' }))
  const open = openProposal(reader, policy)
  const document = open && documentOf(reader, 'policy', open.digest)
  return accepted({
    policy,
    history,
    ...(open &&
      document && {
        proposal: { digest: open.digest, account: open.account, document: document.json },
      }),
  })
}

const noReplay = { submissions: 0, same: 0, undecided: 0, changed: [] }

/** A policy's text against the current one of its name. Changes nothing and touches no data. */
export const diffPolicy = async (
  domain: Domain,
  _: Account,
  {
    text,
    replay: submissions,
    examples,
  }: { readonly text: string; readonly replay: number; readonly examples: number },
): Promise<Outcome<Output<'policy/diff'>>> => {
  const { reader } = domain.state
  const known = datasets(reader)
  const parsed = parseDocument(text, policySchema, (policy) => checkPolicy(policy, known))
  if (!parsed.ok) return parsed
  const after = parsed.value
  const before = policyNamed(reader, after.policy)
  const agreements = allAgreements(reader).filter(({ policy }) => policy === after.policy)
  const replayed =
    before &&
    (await replay(domain, agreements, { before: before.value, after }, { submissions, examples }))
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
    replay: replayed?.value ?? noReplay,
  })
}
