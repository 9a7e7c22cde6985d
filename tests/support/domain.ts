import { execFileSync, fork, type ChildProcess } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { cityOf, copySql } from '../../connectors/city/city.ts'
import { cityDocuments, storyDatasets } from '../../connectors/city/documents.ts'
import { profiles } from '../../connectors/city/profile.ts'
import type { Outcome } from '../../policies/outcome.ts'
import type { Action, Role } from '../../policies/roles.ts'
import type { Submission } from '../../policies/submission.ts'
import type { Input, Output, SubmissionView } from '../../sandbox/door.ts'

export type Asked = Pick<Submission, 'sql'> & Partial<Submission>

/** A domain that answers. */
export type TestDomain = {
  readonly home: string
  readonly keys: Keys
  readonly call: <A extends Action>(
    as: string,
    action: A,
    input: Input<A>,
  ) => Promise<Outcome<Output<A>>>
  /** Submits as the bank's analyst and waits until it has come to rest. */
  readonly ask: (asked: Asked) => Promise<SubmissionView>
  readonly stop: () => Promise<void>
}

/** A domain in real processes: the keeper is a child started from the build, as the server starts it. */
export type KeptDomain = TestDomain & { readonly keeper: ChildProcess }

export const personas = {
  operator: ['ops', 'city-data', 'operator'],
  approver: ['wu-gang', 'city-data', 'operator'],
  bank: ['li-na', 'bank-a', 'analyst'],
  otherBank: ['sun-wei', 'bank-b', 'analyst'],
  reviewer: ['zhou-min', 'tax-bureau', 'reviewer'],
  supervisor: ['inspector', 'city-audit', 'supervisor'],
} as const satisfies Record<string, readonly [string, string, Role]>
export type Keys = Record<keyof typeof personas | 'administrator', string>

export const policyName = 'enterprise-credit'
export const agreementName = /^agreement: *(\S+)/m.exec(cityDocuments().agreement)?.[1] ?? ''
/** Of the prepared home: a small city, three tables of it. */
export const seed = 7
const city = { enterprises: 2000, months: 12 }
const datasets = ['districts', 'ent_registry', 'tax_declaration'] as const

/** Starts the keeper of a home; rejects where it refuses. */
export const openTestDomain = async (home: string, keys: Keys): Promise<KeptDomain> => {
  const { keeper, notice } = await startKeeper(home)
  if (notice.kind !== 'ready') throw new Error(JSON.stringify(notice))
  return speakTo(keeper, home, keys)
}

/** The domain behind a keeper that serves. */
export const speakTo = (keeper: ChildProcess, home: string, keys: Keys): KeptDomain => {
  const waiting = new Map<number, (reply: unknown) => void>()
  keeper.on('message', (reply: { id: number }) => {
    waiting.get(reply.id)?.(reply)
    waiting.delete(reply.id)
  })
  // Who asks a keeper that dies gets no answer, as the server would find.
  keeper.on('exit', () => {
    for (const settle of waiting.values()) settle({ ok: false, refusals: [] })
  })
  let last = 0
  const call: TestDomain['call'] = (as, action, input) =>
    new Promise((settle) => {
      last += 1
      waiting.set(last, settle as (reply: unknown) => void)
      keeper.send({ id: last, keyDigest: keyDigest(as), action, input }, () => undefined)
    })
  const ask: TestDomain['ask'] = async (asked) =>
    need(await call(keys.bank, 'submission/create', askingFor(asked)))
  const stop = async (): Promise<void> => {
    if (keeper.exitCode !== null || keeper.signalCode !== null) return
    const ended = new Promise((settle) => keeper.once('exit', settle))
    keeper.send({ kind: 'stop' })
    await ended
  }
  return { home, keeper, keys, call, ask, stop }
}

export type Notice = {
  readonly kind: string
  readonly key?: string
  readonly refusals?: readonly { code: string }[]
}

/** Starts a keeper and waits for its first message, or its end. */
export const startKeeper = async (
  home: string,
  ...more: string[]
): Promise<{ keeper: ChildProcess; notice: Notice }> => {
  const keeper = fork(resolve('dist/sandbox/keeper.js'), [home, ...more], {
    serialization: 'advanced',
    execArgv: [],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  return { keeper, notice: await firstWord(keeper) }
}

/** The notice a keeper begins with; `ended` where it says nothing. */
export const firstWord = (keeper: ChildProcess): Promise<Notice> =>
  new Promise((settle) => {
    keeper.once('message', (message) => settle(message as Notice))
    keeper.once('exit', () => settle({ kind: 'ended' }))
  })

type Sizes = { readonly checker?: object; readonly runner?: object }

/**
 * Gives a home settings of its own for the next keeper that opens it; where they do not say how many children are kept
 * ready, as few as there can be, since starting one takes a fifth of a second of processor time.
 */
export const setHome = (home: string, settings: Sizes & Readonly<Record<string, unknown>> = {}) => {
  const checker = { size: 1, ...settings.checker }
  const runner = { size: 1, ...settings.runner }
  writeFileSync(join(home, 'settings.json'), JSON.stringify({ ...settings, checker, runner }))
}

/** A question of the bank's analyst, waited for until it has come to rest. */
export const askingFor = (asked: Asked): Input<'submission/create'> => ({
  submission: { kind: 'query', agreement: agreementName, ...asked },
  waitMs: 30_000,
})

export const keyDigest = (key: string): string => createHash('sha256').update(key).digest('hex')

/** The value of an outcome that a test cannot go on without. */
export const need = <T>(outcome: Outcome<T>): T => {
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.refusals))
  return outcome.value
}

export type Prepared = {
  readonly home: string
  readonly keys: Keys
  readonly remove: () => void
}

/** A home of its own with four accounts and a published small city, copied from one that is made once a build. */
export const preparedHome = async (): Promise<Prepared> => {
  const prepared = await prepareOnce()
  const folder = mkdtempSync(join(tmpdir(), 'sluice-test-'))
  const home = join(folder, 'home')
  copyFolder(join(prepared, 'home'), home)
  const keys = JSON.parse(readFileSync(join(prepared, 'keys.json'), 'utf8')) as Keys
  return { home, keys, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** With modes and times, which Node's own copy does not keep for folders. */
export const copyFolder = (from: string, to: string): void =>
  void execFileSync('cp', ['-a', from, to])

/** Kept beside the dependencies, named by the build it was made with; made again after each build that changed. */
const prepareOnce = async (): Promise<string> => {
  const cache = resolve('dist/.test-homes')
  const folder = join(cache, buildDigest())
  if (existsSync(folder)) return folder
  mkdirSync(cache, { recursive: true })
  for (const old of readdirSync(cache)) rmSync(join(cache, old), { recursive: true, force: true })
  const making = mkdtempSync(join(tmpdir(), 'sluice-making-'))
  await makeHome(making)
  try {
    copyFolder(making, `${folder}.${process.pid}`)
    renameSync(`${folder}.${process.pid}`, folder)
  } catch (error) {
    if (!existsSync(folder)) throw error
  } finally {
    rmSync(making, { recursive: true, force: true })
  }
  return folder
}

const buildDigest = (): string => {
  const hash = createHash('sha256').update(readFileSync(import.meta.filename))
  for (const room of ['policies', 'connectors', 'sandbox'])
    for (const name of readdirSync(join('dist', room), {
      recursive: true,
      encoding: 'utf8',
    }).sort()) {
      const path = join('dist', room, name)
      if (name.endsWith('.js')) hash.update(path).update(readFileSync(path))
    }
  for (const name of readdirSync('connectors/city/documents').sort())
    hash.update(String(statSync(join('connectors/city/documents', name)).mtimeMs))
  return hash.digest('hex').slice(0, 20)
}

const makeHome = async (folder: string): Promise<void> => {
  const keys = await makeHomeFrom(join(folder, 'home'), async (domain) =>
    publishCity(domain, join(folder, 'city')),
  )
  writeFileSync(join(folder, 'keys.json'), JSON.stringify(keys))
  rmSync(join(folder, 'city'), { recursive: true })
}

/** A new home with four accounts; `fill` registers and publishes what is to be in it. */
export const makeHomeFrom = async (
  home: string,
  fill: (domain: TestDomain) => Promise<void>,
  suite = 'intl',
): Promise<Keys> => {
  const { notice } = await startKeeper(home, 'init', suite)
  setHome(home)
  const keys = { administrator: notice.key ?? '' } as Keys
  const domain = await openTestDomain(home, keys)
  for (const [name, [account, organisation, role]] of Object.entries(personas)) {
    const input = { account, organisation, role, days: 30 }
    const made = need(await domain.call(keys.administrator, 'account/create', input))
    keys[name as keyof Keys] = made.key
  }
  await fill(domain)
  await domain.stop()
  return keys
}

const publishCity = async (domain: TestDomain, folder: string): Promise<void> => {
  await writeCity(folder)
  await publishFiles(domain, folder)
}

/** Proposes a text of a policy as one operator and approves it as another. */
export const publishPolicy = async (
  { call, keys }: Pick<TestDomain, 'call' | 'keys'>,
  text: string,
): Promise<Outcome<Output<'policy/approve'>>> => {
  const policy = /^policy: *(\S+)/m.exec(text)?.[1] ?? ''
  const current = await call(keys.operator, 'policy/show', { policy })
  const base = current.ok ? { base: current.value.digest } : {}
  const proposed = await call(keys.operator, 'policy/propose', { text, ...base })
  if (!proposed.ok) return proposed
  const { name, digest } = proposed.value
  return call(keys.approver, 'policy/approve', { policy: name, digest })
}

/** The city's documents, and of its datasets the files in a folder. */
export const publishFiles = async (domain: TestDomain, folder: string): Promise<void> => {
  const { operator } = domain.keys
  const documents = cityDocuments()
  for (const { text } of documents.datasets)
    need(await domain.call(operator, 'dataset/register', { text }))
  need(await publishPolicy(domain, documents.policy))
  need(await domain.call(operator, 'agreement/sign', { text: documents.agreement }))
  for (const dataset of datasets) {
    copyFileSync(join(folder, `${dataset}.csv`), join(domain.home, 'inbox', `${dataset}.csv`))
    const input = { dataset, policy: policyName, file: `${dataset}.csv` }
    need(await domain.call(operator, 'dataset/ingest', input))
  }
}

/** The prepared home's source files, as departments would deliver them. */
export const writeCity = async (folder: string, profile = city): Promise<void> => {
  mkdirSync(folder, { recursive: true })
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  const { setup, table } = cityOf({ ...profiles.ci, ...profile }, seed)
  for (const sql of setup) await connection.run(sql)
  for (const dataset of storyDatasets)
    await connection.run(copySql(table(dataset), join(folder, `${dataset}.csv`)))
  connection.closeSync()
  instance.closeSync()
}
