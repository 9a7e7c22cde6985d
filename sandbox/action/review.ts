import { accepted, refused, type Outcome } from '../../policies/outcome.ts'
import { refuse } from '../../policies/refusal.ts'
import { resultSchema } from '../../policies/result.ts'
import { agreementNamed } from '../catalogue.ts'
import type { Domain } from '../domain.ts'
import type { Account, Output } from '../door.ts'
import { unseal } from '../sealed.ts'
import { resultOf } from '../state/results.ts'
import { submissionOf, submissionsIn, type StoredSubmission } from '../state/submissions.ts'
import { actorOf } from './account.ts'

type Held = Output<'review/list'>['held'][number]

/** Results that wait for reviewers. Nobody reviews what the own organisation asked (I10). */
export const listHeld = (domain: Domain, who: Account): Outcome<Output<'review/list'>> =>
  accepted({
    held: submissionsIn(domain.state.reader, 'held')
      .filter(({ organisation }) => organisation !== who.organisation)
      .map((submission) => entryOf(domain, submission)),
  })

const entryOf = ({ state: { reader } }: Domain, submission: StoredSubmission): Held => ({
  id: submission.id,
  organisation: submission.organisation,
  account: submission.account,
  purpose: agreementNamed(reader, submission.agreement)?.value.purpose ?? '',
  sql: submission.spec.sql,
  digest: submission.result ?? '',
  heldMs: submission.changedMs,
})

/** One held result as it would leave, and the evidence beside it. Every view is an entry, written before it is shown. */
export const showHeld = (
  domain: Domain,
  who: Account,
  { id }: { readonly id: string },
): Outcome<Output<'review/show'>> => {
  const submission = submissionOf(domain.state.reader, id)
  const digest = submission?.result
  const stored = digest ? resultOf(domain.state.reader, digest) : undefined
  const isTheirs = submission?.state === 'held' && submission.organisation !== who.organisation
  if (submission === undefined || !isTheirs || !stored?.evidence)
    return refused(refuse('access/not-found', { thing: 'held result' }))
  const viewed = domain.state.commit((tx) =>
    accepted(
      tx.log({
        actor: actorOf(who),
        event: 'review/viewed',
        subject: { type: 'submission', id },
        detail: {},
      }),
    ),
  )
  if (!viewed.ok) return viewed
  const open = (what: string, sealed: Uint8Array): string =>
    Buffer.from(unseal(domain.keyring, `${what} ${stored.digest}`, sealed)).toString('utf8')
  return accepted({
    ...entryOf(domain, submission),
    result: resultSchema.parse(JSON.parse(open('result', stored.bytes))),
    evidence: open('evidence', stored.evidence),
  })
}
