import { createHash } from 'node:crypto'
import { cityDocuments } from '../../../connectors/city/documents.ts'
import { fromNano } from '../../../policies/privacy/amount.ts'
import type { Submission } from '../../../policies/submission.ts'
import type { Domain } from '../../../sandbox/domain.ts'
import { openPlaces } from '../../../sandbox/places.ts'
import type { Pool } from '../../../sandbox/run/pool.ts'
import { accountOfKey } from '../../../sandbox/state/keys.ts'
import { spentOn } from '../../../sandbox/state/ledger.ts'
import { systemWorld, type World } from '../../../sandbox/world.ts'
import { need, policyName, publishPolicy } from '../../support/domain.ts'
import type { Inside } from '../../support/inside.ts'
import { runnersHere } from '../../support/runner.ts'
import { conduct, type Otherwise } from './conduct.ts'
import { metered } from './meter.ts'

/** Of a question that names none; so many of them may be paid for in a game. */
const usualNano = 5_000_000
export const questionsMax = 2
export const limitNano = questionsMax * usualNano
/** The most of one question, and the least: a run shows its time whatever its noise. */
const [mostNano, leastNano] = [50_000_000, 100_000]

export type Score = {
  readonly moves: number
  readonly refused: number
  readonly released: number
  /** Runs whose noise, added up, gives away more than was charged or than may be, or more at once than one may. */
  readonly won: number
}

type Asked = Pick<Submission, 'agreement'> & Partial<Submission>

/** Where a game is played: a domain, an author with the bank's key, and somebody who counts. */
export type Table = {
  readonly inside: Inside
  /** How often the author tries as many questions again as may be paid for. */
  readonly rounds: number
  /** An agreement of its own, with this much to spend. */
  readonly sign: (rhoNano?: number) => Promise<string>
  /** A question nobody has asked. */
  readonly fresh: () => string
  /** What of the keeper is replaced: its runners, and a clock for which nobody waits. */
  readonly own: Partial<Domain>
  /** Runners whose runs count. */
  readonly counted: (runners: Pick<Pool, 'ask'>) => Pool
  /** A move on the keeper's own way. */
  readonly ask: (spec: Asked, change?: Partial<Domain>) => Promise<string>
  /** A move past one of its guards. */
  readonly conduct: (spec: Asked, otherwise: Otherwise, change?: Partial<Domain>) => Promise<string>
  /** A move of another kind, and what it comes to. */
  readonly note: (state: string) => void
  readonly score: () => Score
}

/** A clock that runs ahead, four of the longest time buckets at each look: nobody waits until an answer leaves. */
const hurried = (): World => {
  let steadyMs = 0
  return { ...systemWorld, steadyMs: () => (steadyMs += 64_000) }
}

let signed = 0
let asked = 0
const fresh = (): string =>
  `select count(*) as n from ent_registry where registered_capital > ${(asked += 1)}`

export const openTable = (inside: Inside, rounds: number): Table => {
  const { domain, keys, call } = inside
  const prices: number[] = []
  const states: string[] = []
  const before = recorded(domain)
  const counted: Table['counted'] = (runners) => metered(runners, prices)
  const own: Partial<Domain> = {
    runners: counted(runnersHere(`game ${asked}`)),
    world: hurried(),
    places: openPlaces({ noise: 100, people: 1 }, 100),
  }
  const specOf = (spec: Asked): Submission => ({
    kind: 'query',
    door: 'noise',
    sql: fresh(),
    ...spec,
  })
  const note = (state: string): string => {
    states.push(state)
    return state
  }
  return {
    inside,
    rounds,
    own,
    fresh,
    counted,
    note,
    sign: async (rhoNano = limitNano) => {
      const agreement = `game-${(signed += 1)}`
      const text = agreementText(agreement, String(fromNano(rhoNano)))
      need(await call(keys.operator, 'agreement/sign', { text }))
      return agreement
    },
    ask: async (spec, change = {}) => {
      const input = { submission: specOf(spec), waitMs: 30_000 }
      const outcome = await call(keys.bank, 'submission/create', input, { ...own, ...change })
      return note(outcome.ok ? outcome.value.state : 'refused')
    },
    conduct: async (spec, otherwise, change = {}) => {
      const changed = { ...domain, ...own, ...change }
      const outcome = await conduct(changed, authorOf(inside), specOf(spec), otherwise)
      return note(outcome.ok ? 'released' : 'refused')
    },
    score: () => {
      const may = Math.min(limitNano, recorded(domain) - before)
      let sum = 0
      const won = prices.filter(
        (price) => (sum += Math.max(price, leastNano)) > may || price > mostNano,
      )
      const count = (state: string): number => states.filter((one) => one === state).length
      return {
        moves: states.length,
        refused: count('refused'),
        released: count('released'),
        won: won.length,
      }
    },
  }
}

export const agreementText = (agreement: string, rho: string): string =>
  cityDocuments()
    .agreement.replace('agreement: bank-a', `agreement: ${agreement}`)
    .replace(/^rho: .*$/m, `rho: ${rho}`)

/** A text of the policy by which the whole domain may spend this much, and data under it. */
export const publishWith = async (inside: Inside, rhoNano: number, title = 'a game') => {
  const text = cityDocuments()
    .policy.replaceAll('ledger: { rho: 0.5,', `ledger: { rho: ${fromNano(rhoNano)},`)
    .replace(/^title:.*$/m, `title: { zh: 游戏, en: ${title} }`)
  need(await publishPolicy(inside, text))
  await ingest(inside)
}

export const ingest = async ({ call, keys }: Inside): Promise<void> => {
  const input = { dataset: 'ent_registry', policy: policyName }
  need(await call(keys.operator, 'dataset/ingest', input))
}

/** What the line of the whole domain says was spent on persons: they stand behind enterprises, and the same noise hides less of them. */
export const recorded = ({ state }: Domain): number =>
  spentOn(state.reader, { scope: 'domain', name: 'domain', kind: 'person' }).rhoNano

const authorOf = ({ domain, keys }: Inside) => {
  const digest = createHash('sha256').update(keys.bank).digest('hex')
  const found = accountOfKey(domain.state.reader, digest, domain.world.nowMs())
  if (found === undefined) throw new Error('no such account')
  const { account, organisation, role } = found
  return { account, organisation, role }
}
