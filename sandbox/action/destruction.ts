import { refused, accepted, type Outcome } from '../../policies/outcome.ts'
import { refuse } from '../../policies/refusal.ts'
import { finishDestruction } from '../destroy.ts'
import type { Domain } from '../domain.ts'
import type { Account, Output } from '../door.ts'
import {
  approveDestruction as begin,
  destructionOf,
  proposeDestruction as putUp,
} from '../state/destructions.ts'
import { entryAt } from '../state/log.ts'
import { versionOf, type StoredVersion } from '../state/versions.ts'
import { actorOf } from './account.ts'

type Named = { readonly dataset: string; readonly version: string }

const found = ({ state }: Domain, { dataset, version: digest }: Named): Outcome<StoredVersion> => {
  const version = versionOf(state.reader, digest)
  return version?.dataset === dataset
    ? accepted(version)
    : refused(refuse('access/not-found', { thing: 'version' }))
}

/** Puts the destruction of a version up; nothing happens to it before another operator approves. */
export const proposeDestruction = (
  domain: Domain,
  who: Account,
  input: Named & { readonly reason: string },
): Outcome<Output<'destruction/propose'>> => {
  const { reason, ...named } = input
  const version = found(domain, named)
  if (!version.ok) return version
  return domain.state.commit((tx) => {
    const put = putUp(tx, { version: version.value, reason }, actorOf(who))
    return put.ok ? accepted({ ...named, logIndex: put.value }) : put
  })
}

/** Approves and carries out; the answer comes when the certificate is in the log. */
export const approveDestruction = async (
  domain: Domain,
  who: Account,
  named: Named,
): Promise<Outcome<Output<'destruction/approve'>>> => {
  const version = found(domain, named)
  if (!version.ok) return version
  const { state } = domain
  return domain.publishing.take(async () => {
    const begun = state.commit((tx) => begin(tx, version.value, actorOf(who)))
    if (!begun.ok) return begun
    const destruction = destructionOf(state.reader, named.version)
    if (destruction === undefined) throw new Error('a destruction that was begun is not there')
    const certified = await finishDestruction(domain, destruction)
    if (!certified.ok) return certified
    const certificate = entryAt(state.reader, certified.value)?.body ?? ''
    return accepted({ ...named, certificate, logIndex: certified.value })
  })
}
