import { canonicalJson, digestOf } from '../../policies/canonical.ts'
import { digestSchema } from '../../policies/name.ts'
import { accepted, refused, type Outcome } from '../../policies/outcome.ts'
import type { Policy } from '../../policies/policy.ts'
import { refuse, type Refusal } from '../../policies/refusal.ts'
import { entrySchema, type Actor, type Entry } from '../log/entry.ts'
import type { Writer } from './commit.ts'
import type { Reader } from './database.ts'
import { currentDigest, documentOf, keepDocument, makeCurrent } from './documents.ts'
import { entriesOf } from './log.ts'

/**
 * A text of a policy that waits for a second person. The log alone holds it: it is open while it is the last thing that
 * happened to its policy.
 */
export type Proposal = {
  readonly digest: string
  /** Digest of the text it was made from; absent for the first text of a name. */
  readonly base?: string
  readonly account: string
  readonly timeMs: number
  readonly seq: number
}

/** All that happened to a policy, in order. */
export const historyOf = (reader: Reader, name: string): readonly Entry[] =>
  entriesOf(reader, { type: 'policy', id: name }).map(({ body }) =>
    entrySchema.parse(JSON.parse(body)),
  )

export const openProposal = (reader: Reader, name: string): Proposal | undefined => {
  const last = historyOf(reader, name).at(-1)
  if (last?.event !== 'policy/proposed') return undefined
  const { detail, actor, timeMs, seq } = last
  const base = detail['base']
  return {
    digest: digestSchema.parse(detail['digest']),
    ...(base !== undefined && { base: digestSchema.parse(base) }),
    account: actor.account,
    timeMs,
    seq,
  }
}

/**
 * Puts a text up for approval, in place of an earlier one that waits. `base` is what its author started from: another
 * text that became current meanwhile is not lost without anybody noticing.
 */
export const proposePolicy = (
  tx: Writer,
  { policy, base }: { readonly policy: Policy; readonly base?: string | undefined },
  actor: Actor,
): Outcome<Proposal> => {
  const name = policy.policy
  const digest = digestOf(policy)
  const current = currentDigest(tx, 'policy', name)
  const stale = staleness(name, current, base)
  if (stale !== undefined) return refused(stale)
  if (digest === current) return refused(refuse('source/same-text', { policy: name }))
  const seq = tx.log({
    actor,
    event: 'policy/proposed',
    subject: { type: 'policy', id: name },
    detail: { digest, ...(base !== undefined && { base }) },
  })
  keepDocument(tx, { kind: 'policy', name, digest, json: canonicalJson(policy), seq })
  return accepted({
    digest,
    ...(base !== undefined && { base }),
    account: actor.account,
    timeMs: tx.nowMs,
    seq,
  })
}

const staleness = (
  policy: string,
  current: string | undefined,
  base: string | undefined,
): Refusal | undefined => {
  if (current === base) return undefined
  return current !== undefined && base === undefined
    ? refuse('source/base-missing', { policy, digest: current })
    : refuse('source/base-changed', { policy, digest: current ?? '-' })
}

/**
 * Makes the text that waits the current one. Whoever proposed it never approves it (I10), and the digest says what was
 * approved (I8). Answers the place of the entry.
 */
export const approvePolicy = (
  tx: Writer,
  { name, digest }: { readonly name: string; readonly digest: string },
  actor: Actor,
): Outcome<number> => {
  const proposal = openProposal(tx, name)
  if (proposal?.digest !== digest || documentOf(tx, 'policy', digest) === undefined)
    return refused(refuse('access/not-found', { thing: 'proposal' }))
  if (proposal.account === actor.account)
    return refused(refuse('access/own-proposal', { policy: name }))
  const previous = currentDigest(tx, 'policy', name)
  const seq = tx.log({
    actor,
    event: 'policy/published',
    subject: { type: 'policy', id: name },
    detail: {
      digest,
      ...(previous !== undefined && { previous }),
      proposedBy: proposal.account,
      proposal: proposal.seq,
    },
  })
  makeCurrent(tx, { kind: 'policy', name, digest })
  return accepted(seq)
}
