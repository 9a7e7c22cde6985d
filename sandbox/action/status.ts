import { mayDo } from '../../policies/roles.ts'
import { accepted, type Outcome } from '../../policies/outcome.ts'
import type { Domain } from '../domain.ts'
import type { Account, Output } from '../door.ts'
import { overdueDatasets } from '../freshness.ts'

/** Which datasets are overdue is told to those who see the catalogue; how many, to all who see the status. */
export const showStatus = (domain: Domain, who: Account): Outcome<Output<'domain/status'>> => {
  const overdue = overdueDatasets(domain)
  return accepted({
    version: '0.1.0',
    suite: domain.signer.suite.name,
    logSize: domain.state.last().end.edge.size,
    waiting: domain.checkers.waiting() + domain.places.waiting() + domain.publishing.waiting(),
    running: domain.places.working(),
    overdue: overdue.length,
    ...(mayDo(who.role, 'catalogue/list') && { overdueDatasets: [...overdue] }),
    isolation: { ...domain.isolation },
    inbox: domain.home.inbox,
  })
}
