import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stringify } from 'yaml'
import type { Plan, NoiseStage } from '../../../policies/query/plan.ts'
import type { Outcome } from '../../../policies/outcome.ts'
import type { Action } from '../../../policies/roles.ts'
import type { Cell } from '../../../policies/result.ts'
import type { Input, Output, SubmissionView } from '../../../sandbox/door.ts'
import type { Domain } from '../../../sandbox/domain.ts'
import { runnerRequestSchema } from '../../../sandbox/run/runner-protocol.ts'
import {
  makeHomeFrom,
  need,
  openTestDomain,
  personas,
  type Keys,
  type TestDomain,
} from '../../support/domain.ts'
import { openInside, type Inside } from '../../support/inside.ts'
import { datasets, policy, rows } from './canaries.ts'
import { withStage, type Trial } from './trial.ts'

/** Datasets of canaries that are published here as departments deliver them. */
const served = ['trial', 'holding'] as const
const agreement = {
  agreement: 'audit',
  organisation: personas.bank[1],
  scenario: 'audit',
  purpose: 'audit',
  policy: policy.policy,
  doors: ['noise'],
  datasets: { trial: ['cell', 'word', 'amount', 'wealth'], holding: ['cell', 'amount'] },
  rho: 10,
  delta: 1e-3,
  runsMax: 1000,
  from: '2025-01-01',
  until: '2029-12-31',
}

/** Rows of a file, in the order of its columns: each canary's number, a place where rows of one have places, and the rest. */
const fileOf = (dataset: (typeof served)[number]): string => {
  const lines = rows[dataset]!.map(([unit = '', ...rest], at) => [unit, String(at), ...rest])
  const header = datasets[dataset]!.columns.map(({ name }) => name)
  return [header, ...lines].map((line) => `${line.join(',')}\n`).join('')
}

export type ServedHome = { readonly home: string; readonly keys: Keys }

/** A home with canaries, filled through a keeper's process and a publisher's. */
export const makeServed = async (folder: string): Promise<ServedHome> => {
  const home = join(folder, 'home')
  const keys = await makeHomeFrom(home, async ({ call, keys: { operator, approver } }) => {
    for (const name of served)
      need(await call(operator, 'dataset/register', { text: stringify(datasets[name]) }))
    const only = {
      ...policy,
      datasets: Object.fromEntries(served.map((name) => [name, policy.datasets[name]])),
    }
    const { name, digest } = need(await call(operator, 'policy/propose', { text: stringify(only) }))
    need(await call(approver, 'policy/approve', { policy: name, digest }))
    need(await call(operator, 'agreement/sign', { text: stringify(agreement) }))
    for (const dataset of served) {
      const file = `${dataset}.csv`
      writeFileSync(join(home, 'inbox', file), fileOf(dataset))
      need(await call(operator, 'dataset/ingest', { dataset, policy: policy.policy, file }))
    }
  })
  return { home, keys }
}

type Call = <A extends Action>(
  as: string,
  action: A,
  input: Input<A>,
) => Promise<Outcome<Output<A>>>
type Ask = (sql: string, rho: number) => Promise<SubmissionView>

let asked = 0

/** Answers of released results in place of those of the gate; notes what the ledger was charged for each kind. */
const answering = (
  trial: Trial,
  sql: string,
  keys: Keys,
  { call, ask }: { call: Call; ask: Ask },
) => {
  const charged: Record<string, number>[] = []
  const answer: Trial['answer'] = async () => {
    // Each time another question, of the same rows: an equal one would be the same answer.
    const text = sql.replace(' group by', ` where amount > -${1000 + (asked += 1)} group by`)
    const view = await ask(text, 0.5)
    if (view.state !== 'released') throw new Error(JSON.stringify(view))
    charged.push(Object.fromEntries(view.cost.map(({ kind, cost }) => [kind, cost.rho])))
    const { result } = need(await call(keys.bank, 'result/fetch', { id: view.id }))
    return new Map(result.rows.map(([key, ...cells]): [string, Cell[]] => [key as string, cells]))
  }
  return { trial: { ...trial, answer } satisfies Trial, charged }
}

export type Served = ReturnType<typeof answering> & { readonly close: () => Promise<void> }

/** A keeper's process with its checkers and runners. */
export const openServed = async (
  trial: Trial,
  sql: string,
  { home, keys }: ServedHome,
): Promise<Served> => {
  const domain: TestDomain = await openTestDomain(home, keys)
  const ask: Ask = (text, rho) => domain.ask({ sql: text, agreement: agreement.agreement, rho })
  return { ...answering(trial, sql, keys, { call: domain.call, ask }), close: domain.stop }
}

/** A keeper in this process that hands its runners' processes a plan with a fault, in a copy of the home. */
export const openFaulty = async (
  trial: Trial,
  sql: string,
  { home, keys }: ServedHome,
  fault: (stage: NoiseStage) => NoiseStage,
): Promise<Served> => {
  const copy = `${home}-faulty`
  mkdirSync(copy)
  execFileSync('cp', ['-a', `${home}/.`, copy])
  const remove = (): void => void execFileSync('rm', ['-r', copy])
  const inside: Inside = await openInside({ home: copy, keys, remove })
  const runners: Domain['runners'] = {
    ...inside.domain.runners,
    ask: (message, timeoutMs) => {
      const request = runnerRequestSchema.parse(message)
      const plan: Plan = withStage(request.plan, fault)
      return inside.domain.runners.ask({ ...request, plan }, timeoutMs)
    },
  }
  const ask: Ask = (text, rho) =>
    inside.ask({ sql: text, agreement: agreement.agreement, rho }, { runners })
  const close = (): Promise<void> => Promise.resolve(inside.close())
  return { ...answering(trial, sql, keys, { call: inside.call, ask }), close }
}
