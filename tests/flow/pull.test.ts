import { linkSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Entry } from '../../sandbox/log/entry.ts'
import { eventually, freeze, killKeeper, verifiedLog } from '../support/crash.ts'
import {
  need,
  openTestDomain,
  preparedHome,
  publishPolicy,
  type KeptDomain,
  type Prepared,
} from '../support/domain.ts'

/** One home for the whole file; every test begins with what the one before left. */
let prepared: Prepared
let domain: KeptDomain
const title = '{ zh: 门店, en: shops }'
const documentsOf = (dataset: string) => ({
  dataset: `dataset: ${dataset}
title: ${title}
department: ${title}
entities: [{ kind: shop, column: licence }]
grain: [licence]
columns:
  - { name: licence, type: text, class: identifier, level: 3 }
  - { name: staff, type: integer, class: amount, level: 2 }
`,
  policy: `policy: ${dataset}-open
title: ${title}
doors: [noise]
kinds: { shop: { floor: 3, ledger: { rho: 1, delta: 1.0e-6 } } }
question: { rho: 0.05, rhoMax: 0.2, delta: 1.0e-8 }
datasets:
  ${dataset}:
    contribution: { rowsMax: 1, groupsMax: 1 }
    columns: { staff: { use: measure, clamp: [0, 20] } }
`,
})
const pullOf = (dataset: string, more: string, mode = 'append') =>
  `pull: ${dataset}\npolicy: ${dataset}-open\nfolder: [${dataset}]\nfiles: "day-*.csv"\nmode: ${mode}\n${more}\n`
const atNight = 'schedule: { daily: "03:30" }\nquietSeconds: 0'

const register = async (dataset: string): Promise<void> => {
  const documents = documentsOf(dataset)
  need(await domain.call(domain.keys.operator, 'dataset/register', { text: documents.dataset }))
  need(await publishPolicy(domain, documents.policy))
  mkdirSync(join(domain.home, 'inbox', dataset))
}
const put = (dataset: string, name: string, ...rows: readonly string[]): void =>
  writeFileSync(join(domain.home, 'inbox', dataset, name), `licence,staff\n${rows.join('\n')}\n`)
const set = async (text: string) => domain.call(domain.keys.operator, 'pull/set', { text })
/** Looks now, after whatever the domain does by itself. */
const look = (dataset: string) =>
  eventually(async () => {
    const outcome = await domain.call(domain.keys.operator, 'pull/look', { dataset })
    const isBusy = !outcome.ok && outcome.refusals[0]?.code === 'run/busy'
    return isBusy || (outcome.ok && outcome.value.refusals[0]?.code === 'run/busy')
      ? undefined
      : need(outcome)
  })
const show = async (dataset: string) =>
  need(await domain.call(domain.keys.operator, 'dataset/show', { dataset }))
const rowsOf = async (dataset: string): Promise<number[]> =>
  (await show(dataset)).versions.map(({ facts }) => facts.rows).toReversed()
const eventsOf = (entries: readonly Entry[], id: string): string[] =>
  entries
    .filter(({ subject, event }) => subject.id === id && /^(pull|version)/.test(event))
    .map(({ event }) => event)

beforeAll(async () => {
  prepared = await preparedHome()
  domain = await openTestDomain(prepared.home, prepared.keys)
  await register('shops')
})
afterAll(async () => {
  await domain.stop()
  prepared.remove()
})

test('a pull is of a dataset that is registered and a policy that publishes it, and of operators alone', async () => {
  expect(await set(pullOf('none', atNight))).toMatchObject({
    refusals: [{ code: 'source/unknown-name' }],
  })
  const wrong = pullOf('shops', atNight).replace('shops-open', 'enterprise-credit')
  expect(await set(wrong)).toMatchObject({ refusals: [{ code: 'source/unknown-name' }] })
  expect(await domain.call(domain.keys.bank, 'pull/look', { dataset: 'shops' })).toMatchObject({
    refusals: [{ code: 'access/not-allowed' }],
  })
  expect(await domain.call(domain.keys.operator, 'pull/look', { dataset: 'shops' })).toMatchObject({
    refusals: [{ code: 'access/not-found' }],
  })
})

test('new files are taken in the order of their names, each content once (S1-02)', async () => {
  put('shops', 'day-2.csv', 'b,2')
  put('shops', 'day-1.csv', 'a,1')
  put('shops', 'other.csv', 'z,9')
  put('shops', '.day-3.csv', 'y,9')
  symlinkSync(
    join(domain.home, 'inbox', 'shops', 'other.csv'),
    join(domain.home, 'inbox', 'shops', 'day-3.csv'),
  )
  need(await set(pullOf('shops', atNight)))
  const first = await look('shops')
  expect(first).toMatchObject({ versions: [{ rows: 1 }, { rows: 2 }], refusals: [] })
  put('shops', 'day-4.csv', 'b,2')
  expect((await look('shops')).versions).toEqual([])
  expect(await rowsOf('shops')).toEqual([1, 2])
  expect((await show('shops')).pull).toMatchObject({ isPaused: false, files: 2, failures: 0 })
})

test('a file that is refused holds up those behind it, and is tried again later and later', async () => {
  put('shops', 'day-5.csv', 'c,many')
  put('shops', 'day-6.csv', 'd,4')
  // What was just written to may not be whole yet.
  need(await set(pullOf('shops', 'schedule: { daily: "03:30" }\nquietSeconds: 3600')))
  expect(await look('shops')).toMatchObject({ versions: [], refusals: [] })
  need(await set(pullOf('shops', atNight)))
  expect(await look('shops')).toMatchObject({
    versions: [],
    refusals: [{ code: 'source/cell-type' }],
    pull: { failures: 1, problem: { file: 'day-5.csv', refusals: [{ code: 'source/cell-type' }] } },
  })
  const second = (await look('shops')).pull
  expect(second.failures).toBe(2)
  expect(second.nextMs! - second.problem!.timeMs).toBe(2 * 60_000)
  put('shops', 'day-5.csv', 'c,3')
  expect(await look('shops')).toMatchObject({
    versions: [{ rows: 3 }, { rows: 4 }],
    pull: { failures: 0, files: 4 },
  })
})

test('the log tells every look that did something, and no name or digest of a file', async () => {
  const entries = await verifiedLog(domain)
  expect(eventsOf(entries, 'shops')).toEqual([
    'pull/set',
    'version/published',
    'version/published',
    'pull/looked',
    'pull/looked',
    'pull/set',
    'pull/looked',
    'pull/set',
    'pull/refused',
    'pull/refused',
    'version/published',
    'version/published',
    'pull/looked',
  ])
  expect(JSON.stringify(entries)).not.toMatch(/day-|\.csv/)
  const published = entries.filter(
    ({ event, subject }) => event === 'version/published' && subject.id === 'shops',
  )
  expect(published.map(({ actor }) => actor.account)).toEqual(Array(4).fill('keeper'))
  expect(published.map(({ detail }) => typeof detail['pull'])).toEqual(Array(4).fill('string'))
})

test('a folder that is a link is none, and neither is one that holds all the world', async () => {
  const place = join(domain.home, 'inbox', 'linked')
  symlinkSync(join(domain.home, 'vault'), place)
  need(await set(pullOf('shops', atNight).replace('[shops]', '[linked]')))
  expect(await look('shops')).toMatchObject({ refusals: [{ code: 'source/no-folder' }] })
  rmSync(place)
  mkdirSync(place)
  for (let at = 0; at <= 10_000; at += 1)
    linkSync(join(domain.home, 'keyring.json'), join(place, `f${at}`))
  expect(await look('shops')).toMatchObject({ refusals: [{ code: 'source/crowded' }] })
})

test('a folder is looked into once at a time', async () => {
  const looks = [1, 2].map(() =>
    domain.call(domain.keys.operator, 'pull/look', { dataset: 'shops' }),
  )
  const codes = (await Promise.all(looks)).flatMap((outcome) =>
    outcome.ok ? [] : outcome.refusals.map(({ code }) => code),
  )
  expect(codes).toContain('run/busy')
})

test('a pull can be paused and resumed', async () => {
  const turn = (isPaused: boolean) =>
    domain.call(domain.keys.operator, 'pull/switch', { dataset: 'shops', isPaused })
  const paused = need(await turn(true))
  expect(paused).toMatchObject({ isPaused: true })
  expect(paused).not.toHaveProperty('nextMs')
  need(await turn(true))
  expect(need(await turn(false)).nextMs).toBeGreaterThan(0)
  const events = eventsOf(await verifiedLog(domain), 'shops').slice(-2)
  expect(events).toEqual(['pull/paused', 'pull/resumed'])
})

test('a keeper killed while it pulls loses no file and takes none twice', async () => {
  await register('stalls')
  for (const day of [1, 2]) put('stalls', `day-${day}.csv`, `s${day},${day}`)
  need(await set(pullOf('stalls', 'schedule: { everyMinutes: 10080 }\nquietSeconds: 0')))
  // It begins by itself, and is killed in the middle of a file.
  await freeze(domain.keeper, 'publisher-process')
  await killKeeper(domain)
  domain = await openTestDomain(prepared.home, prepared.keys)
  // What was missed is made up for without being asked.
  await eventually(async () => ((await show('stalls')).pull?.files === 2 ? true : undefined))
  expect(await rowsOf('stalls')).toEqual([1, 2])
  expect((await look('stalls')).versions).toEqual([])
  expect(eventsOf(await verifiedLog(domain), 'stalls')).toEqual([
    'pull/set',
    'version/published',
    'version/published',
    'pull/looked',
  ])
}, 90_000)
