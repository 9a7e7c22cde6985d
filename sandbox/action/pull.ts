import { unknownName } from '../../policies/check-policy.ts'
import { parseDocument } from '../../policies/document.ts'
import { accepted, refused, type Outcome } from '../../policies/outcome.ts'
import { checkPull, pullSchema, type Pull } from '../../policies/pull.ts'
import { refuse, type Refusal } from '../../policies/refusal.ts'
import { datasetNamed, datasets, policyNamed } from '../catalogue.ts'
import type { Domain } from '../domain.ts'
import type { Account, Output } from '../door.ts'
import { look, nextLookMs } from '../pull.ts'
import { currentDocument, policyNames } from '../state/documents.ts'
import { countPulled, pullStatus, setPull, switchPull } from '../state/pulls.ts'
import { actorOf } from './account.ts'

export const setPullOf = (
  { state }: Domain,
  who: Account,
  { text }: { readonly text: string },
): Outcome<Output<'pull/set'>> => {
  const parsed = parseDocument(text, pullSchema, (pull) => checkNames(state, pull))
  if (!parsed.ok) return parsed
  return state.commit((tx) => {
    const put = setPull(tx, parsed.value, actorOf(who))
    if (!put.ok) return put
    const { name, digest, seq } = put.value
    return accepted({ name, digest, logIndex: seq })
  })
}

/** Among the datasets that are registered, and the policies that are published. */
const checkNames = ({ reader }: Domain['state'], pull: Pull): readonly Refusal[] => {
  const names = datasets(reader).map(({ dataset }) => dataset)
  if (!names.includes(pull.pull)) return [unknownName('dataset', 'pull', pull.pull, names)]
  const policies = policyNames(reader).flatMap((name) => policyNamed(reader, name)?.value ?? [])
  return checkPull(pull, policies)
}

export const switchPullOf = (
  domain: Domain,
  who: Account,
  input: { readonly dataset: string; readonly isPaused: boolean },
): Outcome<Output<'pull/switch'>> => {
  const found = pullOf(domain, input.dataset)
  if (found === undefined) return notFound
  const switched = domain.state.commit((tx) => switchPull(tx, input, actorOf(who)))
  return switched.ok ? accepted(viewOf(domain, found)) : switched
}

export const lookNow = async (
  domain: Domain,
  _: Account,
  { dataset }: { readonly dataset: string },
): Promise<Outcome<Output<'pull/look'>>> => {
  const found = pullOf(domain, dataset)
  if (found === undefined) return notFound
  const looked = await look(domain, found.pull)
  if (!looked.ok) return looked
  const { versions, refusals } = looked.value
  return accepted({
    versions: [...versions],
    refusals: [...refusals],
    pull: viewOf(domain, found),
  })
}

const notFound = refused(refuse('access/not-found', { thing: 'pull' }))

type Found = { readonly pull: Pull; readonly digest: string }

const pullOf = ({ state }: Domain, dataset: string): Found | undefined => {
  const stored = currentDocument(state.reader, 'pull', dataset)
  return stored && { pull: pullSchema.parse(JSON.parse(stored.json)), digest: stored.digest }
}

type View = Output<'pull/switch'>

/** The pull of a dataset, undefined where it has none. */
export const showPull = (domain: Domain, dataset: string): View | undefined => {
  const found = datasetNamed(domain.state.reader, dataset) && pullOf(domain, dataset)
  return found && viewOf(domain, found)
}

const viewOf = (domain: Domain, { pull, digest }: Found): View => {
  const { reader } = domain.state
  const status = pullStatus(reader, pull.pull)
  if (status === undefined) throw new Error('a pull without its status')
  const nextMs = nextLookMs(domain, pull)
  return {
    pull,
    digest,
    isPaused: status.isPaused,
    ...(nextMs !== undefined && { nextMs }),
    files: countPulled(reader, pull.pull),
    failures: status.failures,
    ...(status.problem && { problem: status.problem }),
  }
}
