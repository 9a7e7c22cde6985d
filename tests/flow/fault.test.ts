import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Entry } from '../../sandbox/log/entry.ts'
import {
  checkAfterCrash,
  eventually,
  freeze,
  goneAll,
  happens,
  isGone,
  readLog,
  signal,
  verifiedLog,
} from '../support/crash.ts'
import {
  agreementName,
  need,
  openTestDomain,
  policyName,
  preparedHome,
  setHome,
  writeCity,
  type TestDomain,
} from '../support/domain.ts'

/** A keeper whose children are killed, and whose files are changed under it. */
let prepared: Awaited<ReturnType<typeof preparedHome>>
let domain: TestDomain
const failureMs = 2600

beforeAll(async () => {
  prepared = await preparedHome()
  setHome(prepared.home, {
    checker: { size: 1, timeoutMs: 1500 },
    runner: { size: 3, peopleSize: 2, timeoutMs: 1000, graceMs: 100 },
    failureMs,
  })
  domain = await openTestDomain(prepared.home, prepared.keys)
})
afterAll(async () => {
  await domain.stop()
  prepared.remove()
})

const counted = (column: string, table = 'ent_registry'): string =>
  `select ${column}, count(*) as n from ${table} group by ${column}`

/** Submits as the bank and answers at once. */
const submit = async (sql: string, door: 'noise' | 'people' = 'noise') =>
  need(
    await domain.call(domain.keys.bank, 'submission/create', {
      submission: { kind: 'query', agreement: agreementName, door, sql },
      waitMs: 0,
    }),
  )
const show = async (id: string) =>
  need(await domain.call(domain.keys.bank, 'submission/show', { id, waitMs: 20_000 }))

const sizeOf = async (): Promise<number> => (await verifiedLog(domain)).length

test('a checker killed while it reads a text turns it down, and the next text meets a new one', async () => {
  const from = await sizeOf()
  const checkers = await freeze(domain.keeper, 'checker-process', 2)
  const asked = domain.ask(counted('district'))
  await happens(domain, 'submission/received', from)
  signal(checkers, 'SIGKILL')
  expect(await asked).toMatchObject({
    state: 'refused',
    cost: [],
    refusals: [{ code: 'query/too-complex' }],
  })
  expect(await domain.ask(counted('district'))).toMatchObject({ state: 'released' })
})

test('a text that takes a checker too long is turned down, and its checker is killed', async () => {
  const checkers = await freeze(domain.keeper, 'checker-process', 2)
  const view = await domain.ask(counted('status'))
  expect(view).toMatchObject({ state: 'refused', refusals: [{ code: 'query/too-complex' }] })
  // The composer, which never meets a text, was stopped too and is still there.
  await eventually(() => (checkers.filter(isGone).length === 1 ? true : undefined))
  signal(checkers, 'SIGCONT')
  expect(await domain.ask(counted('status'))).toMatchObject({ state: 'released' })
})

test('a publisher killed during an ingest leaves nothing half done', async () => {
  const known = await verifiedLog(domain)
  const before = readdirSync(join(prepared.home, 'vault'))
  await writeCity(join(prepared.home, '..', 'city'))
  const file = 'tax_declaration.csv'
  copyFileSync(join(prepared.home, '..', 'city', file), join(prepared.home, 'inbox', file))
  const ingested = domain.call(domain.keys.operator, 'dataset/ingest', {
    dataset: 'tax_declaration',
    policy: policyName,
    file,
  })
  await eventually(() => readdirSync(join(prepared.home, 'staging'))[0])
  signal(await freeze(domain.keeper, 'publisher-process'), 'SIGKILL')
  expect(await ingested).toMatchObject({ refusals: [{ code: 'source/publishing-failed' }] })
  await checkAfterCrash(domain, known)
  expect(readdirSync(join(prepared.home, 'vault'))).toEqual(before)
  expect(existsSync(join(prepared.home, 'inbox', file))).toBe(true)
})

const sha256Of = (path: string): string =>
  createHash('sha256').update(readFileSync(path)).digest('hex')

/** Where the current version of a dataset lies. */
const publishedFile = (entries: readonly Entry[], dataset: string): string => {
  const versions = entries.filter(
    ({ event, subject }) => event === 'version/published' && subject.id === dataset,
  )
  const digest = versions.at(-1)?.detail['fileDigest']
  const folder = join(prepared.home, 'published')
  const found = readdirSync(folder).find((name) => sha256Of(join(folder, name)) === digest)
  return join(folder, found ?? 'none')
}

/** All that the log says of one submission: how long after its start, which event, and why a run failed. */
const storyOf = (entries: readonly Entry[], id: string) => {
  const started = entries.find(({ event, subject }) => event === 'run/started' && subject.id === id)
  return entries
    .filter(({ subject }) => subject.id === id || subject.id === started?.detail['run'])
    .map(({ timeMs, event, detail }) => ({
      afterMs: timeMs - (started?.timeMs ?? 0),
      event,
      fault: detail['fault'],
    }))
}

const lastOf = (entries: readonly Entry[], id: string) => storyOf(entries, id).slice(-2)

/** Committed at the fixed time: not earlier, and at most a little later on a busy machine. */
const atFailure = (afterMs: number): boolean => afterMs >= failureMs && afterMs < failureMs + 1500

test('runs that fail, whatever the reason, cannot be told apart by their author, and at the people door not from one that is held', async () => {
  const known = await verifiedLog(domain)
  const tax = publishedFile(known, 'tax_declaration')
  const districts = publishedFile(known, 'districts')
  const kept = readFileSync(tax)
  const flipped = Buffer.from(kept)
  flipped[kept.length >> 1] = (flipped[kept.length >> 1] ?? 0) ^ 1
  writeFileSync(tax, flipped)
  rmSync(districts)
  const submitted = await Promise.all([
    submit(counted('is_zero', 'tax_declaration')),
    submit('select name from districts'),
    submit(counted('is_zero', 'tax_declaration'), 'people'),
    submit(counted('district'), 'people'),
  ])
  const views = await Promise.all(submitted.map(({ id }) => show(id)))
  const plain = views.map((view, index) => ({
    ...view,
    id: '',
    submission: '',
    receivedMs: 0,
    // Counted from its receipt: the log is one for everybody.
    logIndex: view.logIndex - (submitted[index]?.logIndex ?? 0),
    cost: view.cost.length,
  }))
  writeFileSync(tax, kept)
  const [changed, gone, failed, held] = plain
  expect(changed).toMatchObject({ state: 'failed', refusals: [{ code: 'run/not-released' }] })
  expect({ ...gone, cost: changed?.cost, logIndex: changed?.logIndex }).toEqual(changed)
  expect(held).toMatchObject({ state: 'held', refusals: [] })
  expect(failed).toEqual(held)
  const entries = await verifiedLog(domain)
  const lasts = submitted.map(({ id }) => lastOf(entries, id))
  for (const last of lasts) for (const { afterMs } of last) expect(atFailure(afterMs)).toBe(true)
  expect(lasts.map((last) => last.map(({ event }) => event))).toEqual([
    ['run/ended', 'submission/failed'],
    ['run/ended', 'submission/failed'],
    ['run/ended', 'submission/failed'],
    ['run/ended', 'result/held'],
  ])
  // Who reads the log knows why.
  expect(lasts.map(([ended]) => ended?.fault)).toEqual(['file', 'file', 'file', undefined])
  // And its author gets no proof of an entry that would tell the one from the other.
  for (const { seq, event, subject } of entries) {
    if (!submitted.slice(2).some(({ id }) => id === subject.id)) continue
    const proof = await domain.call(domain.keys.bank, 'log/prove', { index: seq })
    expect(proof.ok, event).toBe(!['result/held', 'submission/failed'].includes(event))
  }
  // Nothing was written meanwhile: the growth of the log is public.
  for (const { id } of submitted)
    for (const { afterMs } of storyOf(entries, id))
      expect(afterMs <= 0 || atFailure(afterMs)).toBe(true)
})

test('a run whose runner is killed fails like any other, and the next one meets a new runner', async () => {
  const from = await sizeOf()
  const runners = await freeze(domain.keeper, 'runner-process', 4)
  const { id } = await submit(counted('industry'))
  await happens(domain, 'run/started', from)
  signal(runners, 'SIGKILL')
  expect(await show(id)).toMatchObject({
    state: 'failed',
    refusals: [{ code: 'run/not-released' }],
  })
  await goneAll(runners)
  const last = lastOf(await verifiedLog(domain), id)
  expect(last[0]).toMatchObject({ event: 'run/ended', fault: 'died' })
  expect(last.every(({ afterMs }) => atFailure(afterMs))).toBe(true)
  expect(await domain.ask(counted('industry'))).toMatchObject({ state: 'released' })
})

test('a held result waits for reviewers also behind the next keeper', async () => {
  await domain.stop()
  domain = await openTestDomain(prepared.home, prepared.keys)
  const { reviewer } = domain.keys
  const { held } = need(await domain.call(reviewer, 'review/list', {}))
  expect(held).toHaveLength(1)
  const shown = need(await domain.call(reviewer, 'review/show', { id: held[0]?.id ?? '' }))
  expect(shown.result.rows.length).toBeGreaterThan(0)
})

test('a published file set back to an earlier version is not read, and not published from', async () => {
  const known = await verifiedLog(domain)
  const earlier = publishedFile(known, 'ent_registry')
  const input = { dataset: 'ent_registry', policy: policyName }
  need(await domain.call(domain.keys.operator, 'dataset/ingest', input))
  copyFileSync(earlier, publishedFile(await verifiedLog(domain), 'ent_registry'))
  const view = await domain.ask(counted('enterprise_type'))
  expect(view).toMatchObject({ state: 'failed', refusals: [{ code: 'run/not-released' }] })
  expect(lastOf((await readLog(domain, 0)).entries, view.id)[0]?.fault).toBe('file')
  for (const name of readdirSync(join(prepared.home, 'vault')))
    writeFileSync(join(prepared.home, 'vault', name), 'something else')
  expect(await domain.call(domain.keys.operator, 'dataset/ingest', input)).toMatchObject({
    refusals: [{ code: 'domain/file-changed', params: { dataset: 'ent_registry' } }],
  })
})
