import { copyFileSync, existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Entry } from '../../sandbox/log/entry.ts'
import {
  checkAfterCrash,
  eventsOf,
  eventually,
  freeze,
  goneAll,
  happens,
  isGone,
  killKeeper,
  signal,
  verifiedLog,
} from '../support/crash.ts'
import {
  agreementName,
  need,
  openTestDomain,
  policyName,
  preparedHome,
  writeCity,
  type KeptDomain,
  type Prepared,
} from '../support/domain.ts'

/** One home for the whole file: each test kills what the one before left running, and the next question must work. */
let prepared: Prepared
let domain: KeptDomain
let known: readonly Entry[] = []

beforeAll(async () => {
  prepared = await preparedHome()
  domain = await openTestDomain(prepared.home, prepared.keys)
})
afterAll(async () => {
  await domain.stop()
  prepared.remove()
})

const submission = (column: string) => ({
  kind: 'query' as const,
  agreement: agreementName,
  sql: `select ${column}, count(*) as n from ent_registry group by ${column}`,
})

/** Submits as the bank, answers at once. */
const submit = (column: string, idempotencyKey: string) =>
  domain.call(domain.keys.bank, 'submission/create', {
    submission: submission(column),
    idempotencyKey,
    waitMs: 0,
  })
const show = async (id: string) =>
  need(await domain.call(domain.keys.bank, 'submission/show', { id, waitMs: 10_000 }))

/** Kills the keeper, opens the home again, and checks all that must hold whatever the moment was. */
const crash = async (): Promise<void> => {
  await killKeeper(domain)
  domain = await openTestDomain(prepared.home, prepared.keys)
  known = await checkAfterCrash(domain, known)
}

const start = async (): Promise<void> => {
  known = await verifiedLog(domain)
}

test('a keeper killed while a text is checked goes on with it, and its key finds it again', async () => {
  await start()
  await freeze(domain.keeper, 'checker-process', 2)
  void submit('district', 'first')
  const { subject } = await happens(domain, 'submission/received', known.length)
  await crash()
  const again = need(await submit('district', 'first'))
  expect(again.id).toBe(subject.id)
  expect(await show(subject.id)).toMatchObject({ state: 'released' })
  expect(eventsOf(await verifiedLog(domain), subject.id)).toEqual([
    'submission/received',
    'ledger/charged',
    'run/started',
    'result/protected',
    'result/released',
  ])
})

test('a keeper killed during a run has failed it: the charge stands and nothing of it is released', async () => {
  await start()
  await freeze(domain.keeper, 'runner-process', 2)
  const { id } = need(await submit('status', 'second'))
  await happens(domain, 'run/started', known.length)
  await crash()
  const view = await show(id)
  expect(view).toMatchObject({ state: 'failed', refusals: [{ code: 'run/not-released' }] })
  expect(view.cost.map(({ kind }) => kind)).toEqual(['enterprise', 'person'])
  expect(eventsOf(known, id)).toEqual([
    'submission/received',
    'ledger/charged',
    'run/started',
    'submission/failed',
  ])
  expect(await domain.call(domain.keys.bank, 'result/fetch', { id })).toMatchObject({ ok: false })
  expect(need(await submit('status', 'second')).id).toBe(id)
  expect(await domain.ask(submission('status'))).toMatchObject({ state: 'released' })
})

test('a keeper killed between a run and its release has released nothing of it', async () => {
  await start()
  const runners = await freeze(domain.keeper, 'runner-process', 2)
  const { id } = need(await submit('industry', 'third'))
  await happens(domain, 'run/started', known.length)
  const composers = await freeze(domain.keeper, 'checker-process', 2)
  signal(runners, 'SIGCONT')
  await eventually(() => (runners.some(isGone) ? true : undefined))
  await crash()
  expect(composers.every(isGone)).toBe(true)
  expect(await show(id)).toMatchObject({ state: 'failed' })
  expect(eventsOf(known, id)).not.toContain('result/protected')
})

test('a keeper killed before an earlier result was given again still gives it, free and once', async () => {
  const first = await domain.ask(submission('enterprise_type'))
  await start()
  const { id, state } = need(await submit('enterprise_type', 'fourth'))
  expect(state).toBe('running')
  await crash()
  expect(await show(id)).toMatchObject({ state: 'released', digest: first.digest, cost: [] })
  const { record } = need(await domain.call(domain.keys.bank, 'result/fetch', { id }))
  expect(JSON.parse(record)).toMatchObject({ submission: id, reused: true, cost: [] })
})

test('a keeper killed during an ingest leaves nothing half done, and the file can be ingested again', async () => {
  await writeCity(join(prepared.home, '..', 'city'))
  const file = 'ent_registry.csv'
  copyFileSync(join(prepared.home, '..', 'city', file), join(prepared.home, 'inbox', file))
  const before = await start().then(() => readdirSync(join(prepared.home, 'vault')))
  const input = { dataset: 'ent_registry', policy: policyName, file }
  void domain.call(domain.keys.operator, 'dataset/ingest', input)
  await eventually(() => readdirSync(join(prepared.home, 'staging'))[0])
  const publishers = await freeze(domain.keeper, 'publisher-process')
  await crash()
  await goneAll(publishers)
  expect(readdirSync(join(prepared.home, 'vault'))).toEqual(before)
  expect(existsSync(join(prepared.home, 'inbox', file))).toBe(true)
  const again = need(await domain.call(domain.keys.operator, 'dataset/ingest', input))
  expect(again.rows).toBe(2000)
  // A new version is new data: the question is charged and run again.
  const view = await domain.ask(submission('enterprise_type'))
  expect(view.state).toBe('released')
  expect(view.cost).not.toEqual([])
})

test('a keeper that is asked to stop lets a run finish, and one that waits goes on with the next keeper', async () => {
  await start()
  const running = need(await submit('district', 'fifth'))
  const waiting = need(await submit('status', 'sixth'))
  await domain.stop()
  domain = await openTestDomain(prepared.home, prepared.keys)
  known = await checkAfterCrash(domain, known)
  expect(eventsOf(known, running.id)).toContain('result/released')
  expect(await show(waiting.id)).toMatchObject({ state: 'released' })
})
