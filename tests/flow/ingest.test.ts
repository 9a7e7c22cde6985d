import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { need, policyName, publishPolicy } from '../support/domain.ts'
import { openInside, type Inside } from '../support/inside.ts'
import { shopsDataset, shopsPolicy, shopsTitle } from '../support/shops.ts'

let domain: Inside
let keys: Record<'owner' | 'other', string>
let published: Awaited<ReturnType<typeof ingest>>
const documents = {
  dataset: shopsDataset({
    more: 'organisation: commerce-office',
    column: '{ name: owner, type: text, class: text, level: 3 }',
  }),
  policy: shopsPolicy(),
}
const rows = [
  'a1,PLANTED王,3',
  'a2,PLANTED李,many',
  'a3,PLANTED张,4',
  'a3,PLANTED赵,5',
  'a4,,6',
  'a5,x,7',
]

type Mode = 'replace' | 'append' | 'upsert'
const send = (lines: readonly string[], mode: Mode = 'replace') => {
  const input = { dataset: 'shops', policy: 'shops-open', file: 'shops.csv', mode }
  writeFileSync(
    join(domain.home, 'inbox', 'shops.csv'),
    `licence,owner,staff\n${lines.join('\n')}\n`,
  )
  return domain.call(domain.keys.operator, 'dataset/ingest', input)
}
const ingest = async () => need(await send(rows))

beforeAll(async () => {
  domain = await openInside()
  const account = async (account: string, organisation: string) => {
    const input = { account, organisation, role: 'source' as const, days: 3 }
    return need(await domain.call(domain.keys.administrator, 'account/create', input)).key
  }
  keys = {
    owner: await account('he', 'commerce-office'),
    other: await account('lu', 'tax-bureau'),
  }
  const { operator } = domain.keys
  need(await domain.call(operator, 'dataset/register', { text: documents.dataset }))
  need(await publishPolicy(domain, documents.policy))
  published = await ingest()
})
afterAll(() => domain.close())

const show = (key: string, more = {}) =>
  domain.call(key, 'quarantine/show', { dataset: 'shops', ...more })

test('the answer of an ingest counts what was set aside and why (S1-02)', () => {
  expect(published).toMatchObject({
    rows: 2,
    quarantine: {
      rows: 4,
      reasons: [
        { reason: 'conflict', rows: 2 },
        { reason: 'missing', column: 'owner', rows: 1 },
        { reason: 'type', column: 'staff', rows: 1 },
      ],
    },
  })
  expect(JSON.stringify(published)).not.toContain('PLANTED')
})

test('the department that delivered the file reads those rows, in pages', async () => {
  const first = need(await show(keys.owner, { limit: 3 }))
  expect(first).toMatchObject({ version: published.version, next: 3 })
  expect(first.bad.map(({ line }) => line)).toEqual([3, 4, 5])
  expect(first.bad[0]?.cells).toEqual([
    { column: 'licence', text: 'a2' },
    { column: 'owner', text: 'PLANTED李' },
    { column: 'staff', text: 'many' },
  ])
  const { bad, next } = need(await show(keys.owner, { cursor: 3, version: published.version }))
  expect([bad.map(({ line }) => line), next]).toEqual([[6], undefined])
})

test('so does the operator, and nobody else: another department sees no such dataset', async () => {
  expect(need(await show(domain.keys.operator)).bad).toHaveLength(4)
  const missing = await domain.call(keys.other, 'quarantine/show', { dataset: 'nothing' })
  expect(missing).toMatchObject({ ok: false, refusals: [{ code: 'access/not-found' }] })
  expect({ ...(await show(keys.other)), id: 0 }).toEqual({ ...missing, id: 0 })
  for (const key of [domain.keys.bank, domain.keys.reviewer, domain.keys.supervisor])
    expect(await show(key)).toMatchObject({ refusals: [{ code: 'access/not-allowed' }] })
})

test('a dataset of which nothing was set aside has an empty page, and a version of another is not found', async () => {
  const operator = { dataset: 'districts' }
  const page = need(await domain.call(domain.keys.operator, 'quarantine/show', operator))
  expect(page.bad).toEqual([])
  expect(await show(domain.keys.operator, { version: page.version })).toMatchObject({
    refusals: [{ code: 'access/not-found' }],
  })
})

test('the operator sees what was counted of each version, in four dimensions (S4-03)', async () => {
  const view = need(await domain.call(domain.keys.operator, 'dataset/show', { dataset: 'shops' }))
  expect(view.dataset).toMatchObject({ dataset: 'shops', organisation: 'commerce-office' })
  expect(view.versions).toMatchObject([
    { version: published.version, policy: 'shops-open', isCurrent: true, facts: { rows: 2 } },
  ])
  expect(view.versions[0]?.facts.quality).toEqual(published.quality)
  expect(published.quality).toEqual({
    completeness: 17 / 18,
    accuracy: 0.5,
    // One cell is no number, and six identifiers had to be put into capitals.
    machineReadability: 10 / 17,
  })
})

test('a version published again from the raw rows keeps what was counted when they came in', async () => {
  const input = { dataset: 'shops', policy: 'shops-open' }
  const again = need(await domain.call(domain.keys.operator, 'dataset/ingest', input))
  expect(again.quality).toEqual(published.quality)
  const view = need(await domain.call(domain.keys.operator, 'dataset/show', { dataset: 'shops' }))
  expect(view.versions.map(({ isCurrent }) => isCurrent)).toEqual([true, false])
  const [now, before] = view.versions
  expect(now?.facts).toEqual(before?.facts)
  expect(need(await show(keys.owner)).bad).toHaveLength(4)
  expect(await domain.call(keys.owner, 'dataset/show', { dataset: 'shops' })).toMatchObject({
    refusals: [{ code: 'access/not-allowed' }],
  })
})

test('every look is in the log, without a value', async () => {
  const { logIndex, version } = need(await show(keys.owner, { limit: 1 }))
  const { entries } = need(
    await domain.call(domain.keys.supervisor, 'log/list', { cursor: 0, limit: 200 }),
  )
  expect(JSON.parse(entries.find(({ index }) => index === logIndex)!.entry)).toMatchObject({
    actor: { account: 'he', organisation: 'commerce-office', role: 'source' },
    event: 'quarantine/viewed',
    subject: { type: 'dataset', id: 'shops' },
    detail: { version, from: 0, limit: 1 },
  })
  expect(JSON.stringify(entries)).not.toMatch(/PLANTED|many|"rows"|conflict/)
})

test('a file comes to the stored rows, or takes their place, as a new version whose origin is in the log', async () => {
  const before = need(await send(['b1,x,1', 'b2,x,2']))
  expect(await send(['b2,x,2'], 'append')).toMatchObject({
    refusals: [{ code: 'source/already-there' }],
  })
  expect(need(await send(['b3,x,3'], 'append')).rows).toBe(3)
  const last = need(await send(['b1,x,9', 'b4,x,4', 'b5,x,many'], 'upsert'))
  expect(last).toMatchObject({ rows: 4, quarantine: { rows: 1 } })
  expect(need(await show(keys.owner)).bad.map(({ line }) => line)).toEqual([4])
  expect(need(await show(keys.owner, { version: before.version })).bad).toEqual([])

  const { entries } = need(
    await domain.call(domain.keys.supervisor, 'log/list', { cursor: 0, limit: 200 }),
  )
  const details = entries
    .map(({ entry }) => JSON.parse(entry) as { event: string; detail: Record<string, string> })
    .filter(({ event }) => event === 'version/published')
    .map(({ detail }) => detail)
  const [replaced, appended, upserted] = details.slice(-3)
  expect(replaced).not.toHaveProperty('mode')
  expect(appended).toMatchObject({ mode: 'append', beforeDigest: replaced!['rawDigest'] })
  expect(upserted).toMatchObject({ mode: 'upsert', beforeDigest: appended!['rawDigest'] })
})

test('files that come at the same time wait for one another, each for its turn', async () => {
  const { operator } = domain.keys
  const input = { dataset: 'shops', policy: 'shops-open' }
  const answers = [1, 2, 3].map(() => domain.call(operator, 'dataset/ingest', input))
  const status = need(await domain.call(operator, 'domain/status', {}))
  expect(status.waiting).toBe(2)
  const indexes = (await Promise.all(answers)).map((answer) => need(answer).logIndex)
  expect(indexes).toEqual(indexes.toSorted((a, b) => a - b))
})

test('a mode needs a file, and rows that it comes to', async () => {
  const call = (input: { dataset: string; file?: string }) =>
    domain.call(domain.keys.operator, 'dataset/ingest', {
      policy: input.dataset === 'shops' ? 'shops-open' : policyName,
      mode: 'append',
      ...input,
    })
  expect(await call({ dataset: 'shops' })).toMatchObject({
    refusals: [{ code: 'submission/malformed', params: { where: 'mode' } }],
  })
  expect(await call({ dataset: 'tax_rating', file: 'shops.csv' })).toMatchObject({
    refusals: [{ code: 'source/no-raw-version' }],
  })
})

/** Visits to shops, whose staff another dataset answers for. */
const visits = (authority: string, name = 'visits') => `dataset: ${name}
title: ${shopsTitle}
department: ${shopsTitle}
organisation: commerce-office
entities: [{ kind: shop, column: licence }]
grain: [licence, day]
ingest: { badRowsMax: 0.7 }
columns:
  - { name: licence, type: text, class: identifier, level: 3 }
  - { name: day, type: date, class: code, level: 2 }
  - { name: staff, type: integer, class: amount, level: 2, authority: ${authority} }
`
const visitsPolicy = documents.policy
  .replace('shops-open', 'visits-open')
  .replace('  shops:', '  visits:')

test('a file that contradicts the dataset that answers for a column has those rows set aside (S4-02)', async () => {
  const { operator } = domain.keys
  const text = visits('{ dataset: shops, column: staff }')
  need(await domain.call(operator, 'dataset/register', { text }))
  need(await publishPolicy(domain, visitsPolicy))
  const file = 'visits.csv'
  const day = '2024-05-01'
  // Nothing is known of b1.
  need(await send(['a1,x,3', 'a5,y,7']))
  const lines = [`a1,${day},3`, `a5,${day},8`, `b1,${day},9`, `a5,2024-05-02,7`]
  writeFileSync(join(domain.home, 'inbox', file), `licence,day,staff\n${lines.join('\n')}\n`)
  const input = { dataset: 'visits', policy: 'visits-open', file }
  const answer = need(await domain.call(operator, 'dataset/ingest', input))
  expect(answer).toMatchObject({
    rows: 3,
    quarantine: { rows: 1, reasons: [{ reason: 'contradicts', column: 'staff', rows: 1 }] },
    quality: { accuracy: 0.75 },
  })
  const seen = need(await domain.call(keys.owner, 'quarantine/show', { dataset: 'visits' }))
  expect(seen.bad.map(({ line }) => line)).toEqual([3])
  const other = await domain.call(keys.other, 'quarantine/show', { dataset: 'visits' })
  expect(other).toMatchObject({ refusals: [{ code: 'access/not-found' }] })
})

test('nobody answers who does not fit or has nothing to say', async () => {
  const { operator } = domain.keys
  const register = async (text: string) => domain.call(operator, 'dataset/register', { text })
  expect(await register(visits('{ dataset: nothing, column: staff }'))).toMatchObject({
    refusals: [{ code: 'source/authority-unfit', params: { problem: 'dataset' } }],
  })
  need(await register(documents.dataset.replace('dataset: shops', 'dataset: silent')))
  need(await register(visits('{ dataset: silent, column: staff }', 'waiting')))
  need(await publishPolicy(domain, visitsPolicy.replaceAll('visits', 'waiting')))
  const input = { dataset: 'waiting', policy: 'waiting-open', file: 'waiting.csv' }
  expect(await domain.call(operator, 'dataset/ingest', input)).toMatchObject({
    refusals: [{ code: 'source/authority-missing', params: { dataset: 'silent' } }],
  })
})

test('what came to be of a higher level no longer answers for a column of a lower one', async () => {
  const { operator } = domain.keys
  const raised = documents.dataset.replace('class: amount, level: 2', 'class: amount, level: 3')
  need(await domain.call(operator, 'dataset/register', { text: raised }))
  const input = { dataset: 'visits', policy: 'visits-open', file: 'visits.csv' }
  expect(await domain.call(operator, 'dataset/ingest', input)).toMatchObject({
    refusals: [{ code: 'source/authority-unfit', params: { problem: 'level' } }],
  })
})
