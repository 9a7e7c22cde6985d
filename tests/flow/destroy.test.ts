import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { entriesOf } from '../../sandbox/state/log.ts'
import { systemWorld } from '../../sandbox/world.ts'
import { eventually, freeze, killKeeper, readLog, verifiedLog } from '../support/crash.ts'
import {
  need,
  openTestDomain,
  preparedHome,
  publishPolicy,
  setHome,
  startKeeper,
  type Prepared,
  type TestDomain,
} from '../support/domain.ts'
import { openInside } from '../support/inside.ts'
import { shopsDataset, shopsPolicy } from '../support/shops.ts'

/** The end of a version: proposed, approved, done, certified (S1-12f). */
let prepared: Prepared
let domain: TestDomain
const datasetText = shopsDataset({ more: 'retentionDays: 30' })

beforeEach(async () => {
  prepared = await preparedHome()
  domain = await openInside(prepared)
  need(await domain.call(domain.keys.operator, 'dataset/register', { text: datasetText }))
  need(await publishPolicy(domain, shopsPolicy(3)))
})
afterEach(async () => {
  await domain.stop()
  prepared.remove()
})

const ingest = async (rows?: string): Promise<string> => {
  if (rows !== undefined)
    writeFileSync(join(domain.home, 'inbox', 'shops.csv'), `licence,staff\n${rows}\n`)
  const input = { dataset: 'shops', policy: 'shops-open' }
  const file = rows === undefined ? {} : { file: 'shops.csv' }
  const { operator } = domain.keys
  return need(await domain.call(operator, 'dataset/ingest', { ...input, ...file })).version
}
const propose = (version: string, as = domain.keys.operator) =>
  domain.call(as, 'destruction/propose', { dataset: 'shops', version, reason: 'sent by mistake' })
const approve = (version: string, as = domain.keys.approver) =>
  domain.call(as, 'destruction/approve', { dataset: 'shops', version })
const shown = async () =>
  need(await domain.call(domain.keys.operator, 'dataset/show', { dataset: 'shops' })).versions.map(
    ({ version, isCurrent, destruction }) => ({ version, isCurrent, destruction }),
  )
const filesOf = (): Record<string, string[]> =>
  Object.fromEntries(
    ['vault', 'quarantine', 'published'].map((shelf) => [
      shelf,
      readdirSync(join(domain.home, shelf)).toSorted(),
    ]),
  )
const ringKeys = (): string[] =>
  Object.keys(
    (JSON.parse(readFileSync(join(domain.home, 'keyring.json'), 'utf8')) as { keys: object }).keys,
  )
type Certificate = {
  event: string
  detail: { version: string; files: string[]; shown: string[]; generation: number; reason: string }
}

/** What the log says of the ends of what is kept, once a keeper has looked that many days later. */
const endingsAfter = async (days: number): Promise<Certificate[]> => {
  const world = { ...systemWorld, nowMs: () => Date.now() + days * 86_400_000 }
  const later = await openInside(prepared, world)
  try {
    await eventually(() => (later.domain.publishing.isBusy() ? undefined : true))
    return entriesOf(later.domain.state.reader, { type: 'dataset', id: 'shops' })
      .map(({ body }) => JSON.parse(body) as Certificate)
      .filter(({ event }) => /expired|destroyed/.test(event))
  } finally {
    await later.stop()
  }
}

test('a version is destroyed by two operators: keys first, opening shown to fail, files gone, certified (S1-12f)', async () => {
  const before = { files: filesOf(), keys: ringKeys() }
  const version = await ingest('a1,3\na2,many\na3,4')
  expect(filesOf()).not.toEqual(before.files)
  need(await propose(version))
  expect(await propose(version)).toMatchObject({
    refusals: [{ code: 'source/destruction-known' }],
  })
  expect(await approve(version, domain.keys.operator)).toMatchObject({
    refusals: [{ code: 'access/own-destruction' }],
  })
  expect(await shown()).toEqual([{ version, isCurrent: true, destruction: 'proposed' }])

  const { certificate, logIndex } = need(await approve(version))
  const { event, detail } = JSON.parse(certificate) as Certificate
  expect({ event, version: detail.version, reason: detail.reason }).toEqual({
    event: 'version/destroyed',
    version,
    reason: 'sent by mistake',
  })
  expect(detail.shown).toEqual(['published refused', 'vault refused', 'quarantine refused'])
  const entries = await verifiedLog(domain)
  const published = entries.find(
    ({ event, detail }) => event === 'version/published' && detail['version'] === version,
  )
  expect(detail.files).toEqual([
    `published ${String(published?.detail['fileDigest'])}`,
    `vault ${String(published?.detail['rawDigest'])}`,
    `quarantine ${String(published?.detail['quarantineDigest'])}`,
  ])
  expect(entries[logIndex]).toMatchObject({ event: 'version/destroyed' })
  expect(filesOf()).toEqual(before.files)
  // Registers of entities stay: they are shared by all versions.
  expect(ringKeys().filter((name) => !/^(register|surrogate)\//.test(name))).toEqual(
    before.keys.filter((name) => !/^(register|surrogate)\//.test(name)),
  )
  expect(await shown()).toEqual([{ version, isCurrent: false, destruction: 'done' }])
  for (const act of [propose, approve])
    expect((await act(version, domain.keys.approver)).ok).toBe(false)
  expect(
    await domain.call(domain.keys.operator, 'quarantine/show', { dataset: 'shops', version }),
  ).toMatchObject({ refusals: [{ code: 'access/not-found' }] })
  const again = { dataset: 'shops', policy: 'shops-open' }
  expect(await domain.call(domain.keys.operator, 'dataset/ingest', again)).toMatchObject({
    refusals: [{ code: 'source/no-raw-version' }],
  })
})

test('nobody else proposes or approves, and what is not proposed is not destroyed', async () => {
  const version = await ingest('a1,3')
  for (const as of [domain.keys.bank, domain.keys.supervisor, domain.keys.administrator]) {
    expect(await propose(version, as)).toMatchObject({ refusals: [{ code: 'access/not-allowed' }] })
    expect(await approve(version, as)).toMatchObject({ refusals: [{ code: 'access/not-allowed' }] })
  }
  expect(await approve(version)).toMatchObject({ refusals: [{ code: 'access/not-found' }] })
  const named = { dataset: 'ent_registry', version, reason: 'x' }
  expect(await domain.call(domain.keys.operator, 'destruction/propose', named)).toMatchObject({
    refusals: [{ code: 'access/not-found' }],
  })
})

test('a raw file stays as long as another version was made from it', async () => {
  const first = await ingest('a1,3')
  need(await publishPolicy(domain, shopsPolicy(4)))
  const second = await ingest()
  const vault = filesOf()['vault']
  need(await propose(first))
  const one = JSON.parse(need(await approve(first)).certificate) as Certificate
  expect(one.detail.shown).toEqual(['published refused'])
  expect(filesOf()['vault']).toEqual(vault)
  need(await propose(second))
  const two = JSON.parse(need(await approve(second)).certificate) as Certificate
  expect(two.detail.shown.slice(0, 2)).toEqual(['published refused', 'vault refused'])
  expect(filesOf()['vault']).toHaveLength(vault!.length - 1)
})

test('no old keyring brings a destroyed version back (I11)', async () => {
  const version = await ingest('a1,3')
  const kept = join(prepared.home, '..', 'kept')
  cpSync(join(domain.home, 'keyring.json'), join(kept, 'keyring.json'))
  cpSync(join(domain.home, 'keys'), join(kept, 'keys'), { recursive: true })
  need(await propose(version))
  need(await approve(version))
  await domain.stop()
  cpSync(join(kept, 'keyring.json'), join(domain.home, 'keyring.json'))
  const codes = async () =>
    (await startKeeper(domain.home)).notice.refusals?.map(({ code }) => code)
  expect(await codes()).toEqual(['domain/keyring-changed'])
  // With the old key file beside it the ring opens, and the log knows of a later one.
  cpSync(join(kept, 'keys'), join(domain.home, 'keys'), { recursive: true })
  expect(await codes()).toEqual(['domain/keyring-changed'])
})

test('a keeper killed between keys and files leaves the work to the next one, which finishes and certifies it (I12)', async () => {
  await domain.stop()
  const kept = await openTestDomain(prepared.home, prepared.keys)
  domain = kept
  const before = filesOf()
  const version = await ingest('a1,3')
  const files = filesOf()
  const { next } = await readLog(domain, 0)
  need(await propose(version))
  const approved = approve(version)
  await freeze(kept.keeper, 'destruction-process')
  expect(filesOf()).toEqual(files)
  expect(
    ringKeys().some(
      (name) =>
        name.startsWith('published/') &&
        files['published']!.includes(`${name.slice(10)}.duckdb`) &&
        !before['published']!.includes(`${name.slice(10)}.duckdb`),
    ),
  ).toBe(false)
  await killKeeper(kept)
  await approved
  domain = await openTestDomain(domain.home, domain.keys)
  await eventually(async () => (await shown())[0]?.destruction === 'done' || undefined)
  expect(filesOf()).toEqual(before)
  const entries = await verifiedLog(domain)
  const events = entries.slice(next).map(({ event }) => event)
  expect(events.filter((event) => event === 'version/destroyed')).toHaveLength(1)
  expect(events.indexOf('destruction/approved')).toBeLessThan(events.indexOf('version/destroyed'))
})

test('what was set aside ends before its version, by its key, and the version stays', async () => {
  const text = datasetText.replace('badRowsMax: 0.7', 'badRowsMax: 0.7, quarantineDays: 7')
  need(await domain.call(domain.keys.operator, 'dataset/register', { text }))
  const version = await ingest('a1,3\na2,many\na3,4')
  const look = () =>
    domain.call(domain.keys.operator, 'quarantine/show', { dataset: 'shops', version })
  expect(need(await look()).bad).toHaveLength(1)
  const { published, vault, quarantine } = filesOf()
  const identity = `quarantine/${quarantine?.[0]?.replace('.duckdb', '')}`
  expect(ringKeys()).toContain(identity)
  await domain.stop()
  expect(await endingsAfter(6)).toEqual([])
  expect(filesOf()['quarantine']).toEqual(quarantine)
  const ended = await endingsAfter(8)
  expect(ended.map(({ event }) => event)).toEqual(['quarantine/expired', 'quarantine/destroyed'])
  expect(ended[1]?.detail.shown).toEqual(['quarantine refused'])
  // Once only, also when it is looked again.
  expect(await endingsAfter(9)).toHaveLength(2)
  expect(filesOf()).toEqual({ published, vault, quarantine: [] })
  expect(ringKeys()).not.toContain(identity)
  setHome(domain.home, { clockBehindMs: 30 * 86_400_000 })
  domain = await openInside(prepared)
  expect(await look()).toMatchObject({ refusals: [{ code: 'source/quarantine-over' }] })
  expect((await shown())[0]).toMatchObject({ version, isCurrent: true })
  // The version ends like any other; of what was set aside there is nothing left to show.
  need(await propose(version))
  const { detail } = JSON.parse(need(await approve(version)).certificate) as Certificate
  expect(detail.shown).toEqual(['published refused', 'vault refused', 'quarantine gone'])
})

test('what was set aside of a version that is destroyed ended with it, and does not end again', async () => {
  const text = datasetText.replace('badRowsMax: 0.7', 'badRowsMax: 0.7, quarantineDays: 7')
  need(await domain.call(domain.keys.operator, 'dataset/register', { text }))
  const version = await ingest('a1,3\na2,many\na3,4')
  need(await propose(version))
  need(await approve(version))
  await domain.stop()
  expect((await endingsAfter(8)).map(({ event }) => event)).toEqual(['version/destroyed'])
})

test('a version kept as long as its dataset says ends by itself, a younger one does not', async () => {
  const before = filesOf()
  const version = await ingest('a1,3')
  await domain.stop()
  expect(await endingsAfter(29)).toEqual([])
  for (const days of [31, 32])
    expect(await endingsAfter(days)).toMatchObject([
      { event: 'version/expired', detail: { version } },
      { event: 'version/destroyed', detail: { version } },
    ])
  expect(filesOf()).toEqual(before)
})
