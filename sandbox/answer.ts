import type * as z from 'zod'
import { refused, type Outcome } from '../policies/outcome.ts'
import { refuse } from '../policies/refusal.ts'
import { mayDo, type Action } from '../policies/roles.ts'
import { showAccount, createAccount } from './action/account.ts'
import { issueSecondKey, listKeys, revokeKeyOf, setTerm } from './action/key.ts'
import { listAgreements, signAgreement } from './action/agreement.ts'
import { listCatalogue, registerDataset, showDataset } from './action/dataset.ts'
import { approveDestruction, proposeDestruction } from './action/destruction.ts'
import { ingestDataset } from './action/ingest.ts'
import {
  exportLog,
  listLog,
  proveConsistency,
  proveLog,
  showBundle,
  showCheckpoint,
  showTile,
} from './action/log.ts'
import {
  approvePolicy,
  diffPolicy,
  listPolicies,
  proposePolicy,
  showHistory,
  showPolicy,
} from './action/policy.ts'
import { lookNow, setPullOf, switchPullOf } from './action/pull.ts'
import { showQuarantine } from './action/quarantine.ts'
import { fetchResult } from './action/result.ts'
import { listHeld, showHeld } from './action/review.ts'
import { showStatus } from './action/status.ts'
import {
  checkSubmission,
  createSubmission,
  listSubmissions,
  showSubmission,
  watchSubmission,
  withdrawSubmission,
} from './action/submission.ts'
import { makeTokens } from './action/token.ts'
import type { Domain } from './domain.ts'
import { operations, type Account, type Operations, type Output, type Request } from './door.ts'
import { accountOfKey } from './state/keys.ts'

/** What an action is given: the domain, who asks, and the parsed input. */
type Handler<A extends Action> = (
  domain: Domain,
  who: Account,
  input: z.output<Operations[A]['input']>,
) => Outcome<Output<A>> | Promise<Outcome<Output<A>>>

const handlers: { readonly [A in Action]: Handler<A> } = {
  'account/show': showAccount,
  'account/create': createAccount,
  'account/term': setTerm,
  'key/issue': issueSecondKey,
  'key/list': listKeys,
  'key/revoke': revokeKeyOf,
  'catalogue/list': listCatalogue,
  'dataset/register': registerDataset,
  'dataset/ingest': ingestDataset,
  'dataset/show': showDataset,
  'quarantine/show': showQuarantine,
  'pull/set': setPullOf,
  'pull/switch': switchPullOf,
  'pull/look': lookNow,
  'destruction/propose': proposeDestruction,
  'destruction/approve': approveDestruction,
  'policy/propose': proposePolicy,
  'policy/approve': approvePolicy,
  'policy/list': listPolicies,
  'policy/show': showPolicy,
  'policy/history': showHistory,
  'policy/diff': diffPolicy,
  'agreement/sign': signAgreement,
  'agreement/list': listAgreements,
  'token/make': makeTokens,
  'submission/check': checkSubmission,
  'submission/create': createSubmission,
  'submission/list': listSubmissions,
  'submission/show': showSubmission,
  'submission/watch': watchSubmission,
  'submission/withdraw': withdrawSubmission,
  'result/fetch': fetchResult,
  'review/list': listHeld,
  'review/show': showHeld,
  'log/checkpoint': showCheckpoint,
  'log/list': listLog,
  'log/prove': proveLog,
  'log/consistency': proveConsistency,
  'log/bundle': showBundle,
  'log/tile': showTile,
  'log/export': exportLog,
  'domain/status': showStatus,
}

/** Answers one request. A bug becomes an incident; nothing is thrown. */
export const answer = async (domain: Domain, request: Request): Promise<Outcome<unknown>> => {
  try {
    return await act(domain, request)
  } catch (error) {
    const incident = domain.world.id()
    domain.report(incident, error)
    return refused(refuse('internal/failure', { incident }))
  }
}

/** Whose key, may they, is the input sound, then the action. */
const act = async (domain: Domain, request: Request): Promise<Outcome<unknown>> => {
  const who = accountOfKey(domain.state.reader, request.keyDigest, domain.world.nowMs())
  if (who === undefined) return refused(refuse('access/unauthenticated'))
  const { action } = request
  if (!mayDo(who.role, action))
    return refused(refuse('access/not-allowed', { role: who.role, action }))
  const input = operations[action].input.safeParse(request.input)
  if (!input.success) return refused(...malformed(input.error))
  const handler = handlers[action] as (
    d: Domain,
    w: Account,
    i: unknown,
  ) => Outcome<unknown> | Promise<Outcome<unknown>>
  return toldTo(who, await handler(domain, who, input.data))
}

/** What ails the domain's own files is for those who run it; to everybody else it does not answer at present. */
const toldTo = ({ role }: Account, outcome: Outcome<unknown>): Outcome<unknown> =>
  outcome.ok ||
  role === 'operator' ||
  role === 'administrator' ||
  !outcome.refusals.some(({ code }) => /^(state|domain)\//.test(code))
    ? outcome
    : refused(refuse('run/unavailable', { seconds: 60 }))

/** The first problems of an input, each with its place. */
const malformed = (error: z.ZodError) =>
  error.issues.slice(0, 20).map((issue) =>
    refuse('submission/malformed', {
      where: issue.path.join('.').slice(0, 200) || 'input',
      problem: issue.message.slice(0, 200),
    }),
  )
