import { createHash } from 'node:crypto'
import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { SubmissionView } from '../../sandbox/door.ts'
import type { Entry } from '../../sandbox/log/entry.ts'
import {
  childrenOf,
  eventually,
  freeze,
  happens,
  isGone,
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
  type KeptDomain,
  type Prepared,
} from '../support/domain.ts'

/*
 * After a run, whatever is not released looks alike to its author (I5). Five runs side by side: at the noise door over a
 * file of which one byte is changed, over one set back to an earlier version, and one whose runner is killed; at the
 * people door one over a file that is gone, and one that is held.
 */
const failureMs = 3700
let prepared: Prepared
let domain: KeptDomain
let entries: readonly Entry[]
const runs: Record<string, { first: SubmissionView; last: SubmissionView }> = {}

beforeAll(async () => {
  prepared = await preparedHome()
  setHome(prepared.home, {
    runner: { size: 3, peopleSize: 2, timeoutMs: 1500, graceMs: 200 },
    failureMs,
  })
  domain = await openTestDomain(prepared.home, prepared.keys)
  const submitted = await spoilRuns()
  for (const [name, first] of Object.entries(submitted))
    runs[name] = { first, last: await show(first.id) }
  entries = await verifiedLog(domain)
})
afterAll(async () => {
  await domain.stop()
  prepared.remove()
})

const counted = (column: string, table = 'ent_registry'): string =>
  `select ${column}, count(*) as n from ${table} group by ${column}`

const submit = async (sql: string, door: 'noise' | 'people' = 'noise'): Promise<SubmissionView> =>
  need(
    await domain.call(domain.keys.bank, 'submission/create', {
      submission: { kind: 'query', agreement: agreementName, door, sql },
      waitMs: 0,
    }),
  )
const show = async (id: string): Promise<SubmissionView> =>
  need(await domain.call(domain.keys.bank, 'submission/show', { id, waitMs: 20_000 }))

const sha256Of = (path: string): string =>
  createHash('sha256').update(readFileSync(path)).digest('hex')

/** Where the current version of a dataset lies. */
const publishedFile = async (dataset: string): Promise<string> => {
  const versions = (await verifiedLog(domain)).filter(
    ({ event, subject }) => event === 'version/published' && subject.id === dataset,
  )
  const digest = versions.at(-1)?.detail['fileDigest']
  const folder = join(prepared.home, 'published')
  const found = readdirSync(folder).find((name) => sha256Of(join(folder, name)) === digest)
  return join(folder, found ?? 'none')
}

/** Submits, and waits until the runners have given what they had to give; the keeper tells it later. */
const submitAll = async (
  ...asked: readonly (() => Promise<SubmissionView>)[]
): Promise<SubmissionView[]> => {
  const before = childrenOf(domain.keeper, 'runner-process')
  const submitted = await Promise.all(asked.map((ask) => ask()))
  await eventually(() => (before.filter(isGone).length === asked.length ? true : undefined))
  return submitted
}

const spoilRuns = async (): Promise<Record<string, SubmissionView>> => {
  const input = { dataset: 'districts', policy: policyName }
  const earlier = await publishedFile('districts')
  need(await domain.call(domain.keys.operator, 'dataset/ingest', input))
  copyFileSync(earlier, await publishedFile('districts'))
  const tax = await publishedFile('tax_declaration')
  const bytes = readFileSync(tax)
  const middle = bytes.length >> 1
  bytes[middle] = (bytes[middle] ?? 0) ^ 1
  writeFileSync(tax, bytes)
  const [changed, setBack] = await submitAll(
    () => submit(counted('is_zero', 'tax_declaration')),
    () => submit('select name from districts'),
  )
  rmSync(tax)
  const [gone, held] = await submitAll(
    () => submit(counted('is_zero', 'tax_declaration'), 'people'),
    () => submit(counted('district'), 'people'),
  )
  const { length } = await verifiedLog(domain)
  const runners = await freeze(domain.keeper, 'runner-process', 5)
  const killed = await submit(counted('industry'))
  await happens(domain, 'run/started', length)
  signal(runners, 'SIGKILL')
  return { changed, setBack, killed, gone, held } as Record<string, SubmissionView>
}

/** What its author sees of it, without what is each submission's own. The log is one for everybody. */
const seenOf = (name: string) => {
  const { first, last } = runs[name]!
  const { state, refusals, digest, cost, logIndex } = last
  return { state, refusals, digest, isCharged: cost.length > 0, grown: logIndex - first.logIndex }
}

/** All that the log says of it: how long after its start, which event, and why it failed. */
const storyOf = (name: string) => {
  const { id } = runs[name]!.first
  const started = entries.find(({ event, subject }) => event === 'run/started' && subject.id === id)
  return entries
    .filter(({ subject }) => subject.id === id || subject.id === started?.detail['run'])
    .map(({ seq, timeMs, event, detail }) => ({
      seq,
      afterMs: timeMs - (started?.timeMs ?? 0),
      event,
      fault: detail['fault'],
    }))
}
const names = ['changed', 'setBack', 'killed', 'gone', 'held']

describe('runs that released nothing', () => {
  test('at the noise door are failed, charged, with one code', () => {
    const plain = { state: 'failed', refusals: [{ code: 'run/not-released' }] }
    for (const name of ['changed', 'killed'])
      expect(seenOf(name), name).toMatchObject({ ...plain, isCharged: true })
    // A question about public rows alone costs nothing.
    expect(seenOf('setBack')).toMatchObject({ ...plain, isCharged: false })
    expect(runs['changed']!.last.refusals).toEqual(runs['killed']!.last.refusals)
  })

  test('at the people door are held, whether they failed or not', () => {
    expect(seenOf('held')).toMatchObject({ state: 'held', refusals: [], digest: undefined })
    expect(seenOf('gone').state).toBe('held')
    const { grown: _, ...held } = seenOf('held')
    expect(seenOf('gone')).toMatchObject(held)
  })

  test('at the people door are watched alike: nothing more is told, and no end', async () => {
    const watch = async (name: string) => {
      const { id } = runs[name]!.first
      const watched = need(await domain.call(domain.keys.bank, 'submission/watch', { id }))
      return { ...watched, events: watched.events.map(({ event }) => event) }
    }
    expect(await watch('gone')).toEqual({
      events: ['submission/received', 'ledger/charged', 'run/started'],
      isOver: false,
    })
    expect(await watch('held')).toEqual(await watch('gone'))
    expect((await watch('changed')).events.at(-1)).toBe('submission/failed')
  })

  test('end at one fixed time with two entries, and the log does not grow by them before', () => {
    for (const name of names) {
      const story = storyOf(name)
      const late = story.filter(({ afterMs }) => afterMs > 0)
      expect(late, name).toHaveLength(2)
      // Not earlier, and a little later only where the machine is busy.
      for (const { afterMs } of late) {
        expect(afterMs, name).toBeGreaterThanOrEqual(failureMs)
        expect(afterMs, name).toBeLessThan(failureMs + 2000)
      }
    }
  })

  test('are told apart by those who read the log', () => {
    const lasts = names.map((name) => storyOf(name).slice(-2))
    expect(lasts.map(([ended]) => ended?.fault)).toEqual([
      'file',
      'file',
      'died',
      'file',
      undefined,
    ])
    expect(lasts.map(([, last]) => last?.event)).toEqual([
      ...Array.from({ length: 4 }, () => 'submission/failed'),
      'result/held',
    ])
  })

  test('give their author no proof of an entry that would tell which it was', async () => {
    for (const name of ['gone', 'held'])
      for (const { seq, event } of storyOf(name)) {
        const proof = await domain.call(domain.keys.bank, 'log/prove', { index: seq })
        const isTold = ['submission/received', 'ledger/charged', 'run/started'].includes(event)
        expect(proof.ok, event).toBe(isTold)
      }
    for (const name of ['gone', 'held']) {
      const place = storyOf(name).find(({ event }) => event === 'run/started')?.seq
      expect(runs[name]!.last.logIndex).toBe(place)
    }
  })
})

test('after a runner was killed the next question meets a new one', async () => {
  expect(await domain.ask({ sql: counted('industry') })).toMatchObject({ state: 'released' })
})

test('a held result waits for reviewers also behind the next keeper', async () => {
  await domain.stop()
  domain = await openTestDomain(prepared.home, prepared.keys)
  const { reviewer } = domain.keys
  const { held } = need(await domain.call(reviewer, 'review/list', {}))
  expect(held.map(({ id }) => id)).toEqual([runs['held']!.first.id])
  const shown = need(await domain.call(reviewer, 'review/show', { id: held[0]?.id ?? '' }))
  expect(shown.result.rows.length).toBeGreaterThan(0)
})
