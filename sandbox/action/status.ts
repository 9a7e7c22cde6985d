import { accepted, type Outcome } from '../../policies/outcome.ts'
import type { Domain } from '../domain.ts'
import type { Output } from '../door.ts'

export const showStatus = (domain: Domain): Outcome<Output<'domain/status'>> =>
  accepted({
    version: '0.1.0',
    suite: domain.signer.suite.name,
    logSize: domain.state.last().end.edge.size,
    waiting: domain.checkers.waiting() + domain.places.waiting() + domain.publishing.waiting(),
    running: domain.places.working(),
    isolation: { ...domain.isolation },
    inbox: domain.home.inbox,
  })
