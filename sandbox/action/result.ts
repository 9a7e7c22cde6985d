import { accepted, refused, type Outcome } from '../../policies/outcome.ts'
import { refuse } from '../../policies/refusal.ts'
import { resultSchema } from '../../policies/result.ts'
import type { Domain } from '../domain.ts'
import type { Account, Output } from '../door.ts'
import { inclusionOf } from '../inclusion.ts'
import { budgetOf } from '../left.ts'
import { releaseOf, resultOf } from '../state/results.ts'
import { viewOf } from '../view.ts'
import { submissionOf } from '../state/submissions.ts'
import { actorOf } from './account.ts'

/** A released result with its record and the proof that its release is in the log. Every fetch is an entry. */
export const fetchResult = (
  domain: Domain,
  who: Account,
  { id }: { readonly id: string },
): Outcome<Output<'result/fetch'>> => {
  const { reader } = domain.state
  const release = releaseOf(reader, id)
  const submission = submissionOf(reader, id)
  if (release === undefined || submission?.organisation !== who.organisation)
    return refused(refuse('access/not-found', { thing: 'result' }))
  const stored = resultOf(reader, release.digest)
  if (stored === undefined) throw new Error('a release without its result')
  const logged = domain.state.commit((tx) =>
    accepted(
      tx.log({
        actor: actorOf(who),
        event: 'result/fetched',
        subject: { type: 'submission', id },
        detail: { digest: release.digest },
      }),
    ),
  )
  if (!logged.ok) return logged
  const bytes = Buffer.from(stored.bytes).toString('utf8')
  return accepted({
    id,
    result: resultSchema.parse(JSON.parse(bytes)),
    bytes,
    digest: release.digest,
    record: release.record,
    inclusion: inclusionOf(domain.state, release.seq),
    ...budgetOf(reader, submission.agreement, viewOf(reader, submission).cost),
  })
}
