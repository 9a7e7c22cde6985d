import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { Outcome } from '../../policies/outcome.ts'
import type { Domain } from '../../sandbox/domain.ts'
import type { SubmissionView } from '../../sandbox/door.ts'
import { filePath } from '../../sandbox/domain/home.ts'
import { tendVersions } from '../../sandbox/destroy.ts'
import { closeDomain, openDomain } from '../../sandbox/open.ts'
import { openEngine } from '../../sandbox/run/engine.ts'
import { versionOf } from '../../sandbox/state/versions.ts'
import { systemWorld } from '../../sandbox/world.ts'
import { need, publishPolicy } from '../support/domain.ts'
import { residentIdOf, usccOf } from '../support/identifiers.ts'
import { openInside, type Inside } from '../support/inside.ts'
import { finderOf } from '../support/needles.ts'

/** Each publisher is a process of its own, and a busy machine starts it late. */
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })

/** A bank prepares its loans without sending an identifier, and they meet the city's tables inside (decision 6). */
let inside: Inside
let shiftMs = 0
/** Enterprises of the city, and some of another that it does not know. */
let known: readonly string[]
const strangers = Array.from({ length: 40 }, (_, at) => usccOf(700_000 + at))
const day = (days: number): string =>
  new Date(systemWorld.nowMs() + days * 86_400_000).toISOString().slice(0, 10)
const title = '{ zh: 贷款, en: loans }'
const ledger = 'ledger: { rho: 5, delta: 1.0e-6 }'

const datasetText = (name: string, agreement: string): string => `dataset: ${name}
title: ${title}
department: ${title}
entities: [{ kind: enterprise, column: uscc }]
grain: [uscc]
ingest: { badRowsMax: 3 }
columns:
  - { name: uscc, type: text, class: identifier, level: 3, standard: token, agreement: ${agreement} }
  - { name: segment, type: text, class: code, level: 2, codes: [a, b] }
`
const policyText = `policy: bank-loans
title: ${title}
doors: [noise]
kinds:
  enterprise: { floor: 3, ${ledger} }
  person: { floor: 3, unitsMax: 3, ${ledger} }
question: { rho: 0.5, rhoMax: 1, delta: 1.0e-8 }
datasets:
  loans:
    contribution: { rowsMax: 1, groupsMax: 1 }
    columns: { segment: { use: dimension, domain: { codes: [a, b] }, ofEntity: true } }
  ent_registry:
    contribution: { rowsMax: 1, groupsMax: 1 }
    columns: { registered_capital: { use: measure, clamp: [0, 1000] } }
`
const agreementText = (name: string, organisation: string, more = ''): string => `agreement: ${name}
organisation: ${organisation}
scenario: loans
purpose: loans
policy: bank-loans
doors: [noise]
datasets: { loans: [segment], ent_registry: [registered_capital] }
rho: 5
delta: 1.0e-6
runsMax: 100
tokens: [enterprise]
from: '2025-01-01'
until: '${day(1)}'
${more}`

const call: Inside['call'] = (as, action, input, change = {}) =>
  inside.call(as, action, input, {
    world: { ...systemWorld, nowMs: () => systemWorld.nowMs() + shiftMs },
    ...change,
  })
const codesOf = (outcome: Outcome<unknown>): readonly string[] =>
  outcome.ok ? [] : outcome.refusals.map(({ code }) => code)
const make = (identifiers: readonly string[], more: object = {}, as = inside.keys.bank) =>
  call(as, 'token/make', {
    agreement: 'loans-a',
    kind: 'enterprise',
    identifiers: [...identifiers],
    ...more,
  })
const everyToken = new Set<string>()
const tokensFor = async (identifiers: readonly string[], more: object = {}, as?: string) => {
  const { tokens } = need(await make(identifiers, more, as))
  for (const token of tokens) everyToken.add(token)
  return tokens
}
const ingest = (rows: readonly string[], dataset = 'loans') => {
  const file = `${dataset}.csv`
  writeFileSync(
    join(inside.domain.home.folder, 'inbox', file),
    `uscc,segment\n${rows.join('\n')}\n`,
  )
  const input = { dataset, policy: 'bank-loans', file }
  return call(inside.keys.operator, 'dataset/ingest', input)
}
/** Rows of a published table, as only a runner reads them. */
const published = async (version: string, sql: string) => {
  const { domain } = inside
  const { file, fileDigest, keyIdentity } = versionOf(domain.state.reader, version)!
  const engine = await openEngine({
    threads: 1,
    memoryMb: 256,
    attach: [
      {
        path: filePath(domain.home.folder, 'published', file),
        alias: 'published',
        key: domain.keyring.find(keyIdentity)!,
        sha256: fileDigest,
      },
    ],
  })
  return (await engine.query(sql).finally(() => engine.close())).rows
}
const logText = async (): Promise<string> =>
  need(await call(inside.keys.supervisor, 'log/export', { from: 0 })).lines.join('\n')

beforeAll(async () => {
  inside = await openInside()
  const { operator } = inside.keys
  const registry = readFileSync(
    join(inside.domain.home.folder, 'inbox', 'ent_registry.csv'),
    'utf8',
  )
  known = registry
    .split('\n')
    .slice(1, 201)
    .map((line) => line.split(',')[0]!)
  need(await call(operator, 'dataset/register', { text: datasetText('loans', 'loans-a') }))
  need(await publishPolicy({ call, keys: inside.keys }, policyText))
  for (const [name, organisation, more] of [
    ['loans-a', 'bank-a', ''],
    ['loans-b', 'bank-b', ''],
    ['loans-few', 'bank-a', 'tokensMax: 3\n'],
    ['loans-none', 'bank-a', ''],
  ] as const) {
    const text = agreementText(name, organisation, more)
    const taken = name === 'loans-none' ? text.replace('tokens: [enterprise]\n', '') : text
    need(await call(operator, 'agreement/sign', { text: taken }))
  }
  need(await call(operator, 'dataset/ingest', { dataset: 'ent_registry', policy: 'bank-loans' }))
})
afterAll(() => inside.close())

test('a token is given for every identifier that is one, whether the domain knows it or not', async () => {
  const tokens = await tokensFor([known[0]!, strangers[0]!, known[0]!])
  expect(tokens.every((token) => /^TK[0-9A-F]{32}$/.test(token))).toBe(true)
  expect(tokens[0]).toBe(tokens[2])
  expect(tokens[0]).not.toBe(tokens[1])
  expect(await tokensFor([` ${known[0]!.toLowerCase()}　`])).toEqual([tokens[0]])
  expect(await logText()).toMatch(/"event":"token\/made"/)
})

test('a list with something that is no identifier is refused with its places, and nothing is made of it', async () => {
  const before = need(await make([known[0]!])).left
  const refusals = await make([known[0]!, 'x', known[1]!, `${known[2]!.slice(0, 17)}~`])
  expect(refusals).toMatchObject({
    ok: false,
    refusals: [
      { code: 'submission/identifier-malformed', at: { line: 2, column: 1 } },
      { code: 'submission/identifier-malformed', at: { line: 4, column: 1 } },
    ],
  })
  expect(need(await make([known[0]!])).left).toBe(before - 1)
  expect(codesOf(await make([residentIdOf(1)]))).toEqual(['submission/identifier-malformed'])
})

test('tokens are made by the agreement’s own organisation, of the kinds it names, as many as it says, while it is in force', async () => {
  const { bank, otherBank } = inside.keys
  expect(codesOf(await make(known.slice(0, 1), {}, otherBank))).toEqual(['access/not-found'])
  expect(codesOf(await make(known.slice(0, 1), {}, inside.keys.operator))).toEqual([
    'access/not-allowed',
  ])
  for (const more of [{ kind: 'person' }, { agreement: 'loans-none' }])
    expect(codesOf(await make(known.slice(0, 1), more, bank))).toEqual([
      'submission/tokens-not-agreed',
    ])
  const few = { agreement: 'loans-few' }
  expect(need(await make(known.slice(0, 2), few)).left).toBe(1)
  expect(await make(known.slice(0, 2), few)).toMatchObject({
    refusals: [{ code: 'submission/tokens-exhausted', params: { max: 3, left: 1 } }],
  })
  shiftMs = 3 * 86_400_000
  const late = codesOf(await make(known.slice(0, 1)))
  shiftMs = 0
  expect(late).toEqual(['submission/agreement-not-in-force'])
  const { agreements } = need(await call(bank, 'agreement/list', {}))
  const shown = agreements.find(({ agreement }) => agreement === 'loans-few')
  expect(shown).toMatchObject({ tokens: ['enterprise'], tokensLeft: 1 })
})

test('loans that came with tokens meet the city on the enterprise, and nobody is told which of them it knows', async () => {
  const tokens = await tokensFor([...known, ...strangers])
  const rows = tokens.map((token, at) => `${token},${at % 2 === 0 ? 'a' : 'b'}`)
  const bad = ['TK12,a', `${known[7]!},a`, `tk${'z'.repeat(32)},b`]
  const made = need(await ingest([...rows, ...bad]))
  expect(made).toMatchObject({
    rows: 240,
    quarantine: { rows: 3, reasons: [{ reason: 'standard', column: 'uscc', rows: 3 }] },
  })
  // Every token has a surrogate of its own, and the city's enterprises the one they always had.
  const loans = await published(made.version, 'SELECT uscc FROM published.main.loans')
  expect(new Set(loans.flat()).size).toBe(240)
  const registry = need(
    await call(inside.keys.operator, 'dataset/show', { dataset: 'ent_registry' }),
  ).versions.find(({ policy, isCurrent }) => policy === 'bank-loans' && isCurrent)!
  const city = await published(registry.version, 'SELECT uscc FROM published.main.ent_registry')
  const cities = new Set(city.flat())
  expect(loans.flat().filter((surrogate) => cities.has(surrogate))).toHaveLength(known.length)

  const sql =
    'select l.segment, count(*) as n from loans l join ent_registry r on l.uscc = r.uscc group by l.segment'
  const submission = { kind: 'query' as const, agreement: 'loans-a', sql }
  const view: SubmissionView = need(
    await call(inside.keys.bank, 'submission/create', { submission, waitMs: 30_000 }),
  )
  expect(view).toMatchObject({ state: 'released' })
  const { result } = need(await call(inside.keys.bank, 'result/fetch', { id: view.id }))
  for (const [, n] of result.rows) {
    const { value, sd } = n as { value: number; sd: number }
    expect(Math.abs(value - known.length / 2)).toBeLessThan(12 * sd)
  }
})

test('an enterprise that came first by its token is the same one when its department delivers it', async () => {
  const { domain } = inside
  const tokens = await tokensFor(strangers)
  const made = need(await ingest(tokens.map((token) => `${token},a`)))
  const text = datasetText('strangers', 'loans-a')
    .replace('standard: token, agreement: loans-a', 'standard: uscc')
    .replace('codes: [a, b]', '')
  need(await call(inside.keys.operator, 'dataset/register', { text }))
  const policy = policyText
    .replace('policy: bank-loans', 'policy: others')
    .replace('  loans:', '  strangers:')
  need(await publishPolicy({ call, keys: inside.keys }, policy))
  writeFileSync(
    join(domain.home.folder, 'inbox', 'strangers.csv'),
    `uscc,segment\n${strangers.map((code) => `${code},a`).join('\n')}\n`,
  )
  const named = need(
    await call(inside.keys.operator, 'dataset/ingest', {
      dataset: 'strangers',
      policy: 'others',
      file: 'strangers.csv',
    }),
  )
  const surrogates = async (version: string, table: string) =>
    (await published(version, `SELECT uscc FROM published.main.${table} ORDER BY 1`)).flat()
  expect(await surrogates(named.version, 'strangers')).toEqual(
    await surrogates(made.version, 'loans'),
  )
})

test('tokens of one agreement are worth nothing in a table of another', async () => {
  const mine = await tokensFor(known.slice(0, 50))
  const theirs = await tokensFor(
    known.slice(0, 50),
    { agreement: 'loans-b' },
    inside.keys.otherBank,
  )
  expect(theirs.filter((token) => mine.includes(token))).toEqual([])
  const before = need(await ingest(mine.map((token) => `${token},a`)))
  const after = need(await ingest(theirs.map((token) => `${token},a`)))
  const surrogates = async (version: string) =>
    (await published(version, 'SELECT uscc FROM published.main.loans')).flat()
  const [right, wrong] = [await surrogates(before.version), await surrogates(after.version)]
  expect(wrong.filter((surrogate) => right.includes(surrogate))).toEqual([])
})

test('a dataset whose agreement makes no tokens, or made none yet, takes no file', async () => {
  const { operator } = inside.keys
  const text = datasetText('loans', 'loans-none')
  expect(codesOf(await call(operator, 'dataset/register', { text }))).toEqual([
    'source/token-not-agreed',
  ])
  const row = `TK${'0'.repeat(32)},a`
  for (const [agreement, code] of [
    ['loans-later', 'source/token-not-agreed'],
    ['loans-b2', 'source/token-over'],
  ] as const) {
    need(await call(operator, 'dataset/register', { text: datasetText('loans', agreement) }))
    if (agreement === 'loans-b2')
      need(await call(operator, 'agreement/sign', { text: agreementText(agreement, 'bank-b') }))
    expect(codesOf(await ingest([row]))).toEqual([code])
  }
  // What came as identifiers is not read as tokens afterwards, nor the other way round.
  need(await call(operator, 'dataset/register', { text: datasetText('loans', 'loans-a') }))
  const spelt = datasetText('loans', 'loans-a').replace('token, agreement: loans-a', 'uscc')
  need(await call(operator, 'dataset/register', { text: spelt }))
  const again = await call(operator, 'dataset/ingest', { dataset: 'loans', policy: 'bank-loans' })
  expect(again).toMatchObject({
    refusals: [{ code: 'source/raw-differs', params: { difference: 'uscc: uscc' } }],
  })
  need(await call(operator, 'dataset/register', { text: datasetText('loans', 'loans-a') }))
})

test('what a token is depends on nothing that came in: two domains with other data give the same (I5)', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-two-'))
  const { folder: home, inbox } = inside.domain.home
  const copy = join(folder, 'home')
  execFileSync('cp', ['-a', home, copy])
  const few = readFileSync(join(inbox, 'ent_registry.csv'), 'utf8').split('\n').slice(0, 60)
  // One enterprise that the other domain has never met.
  const met = usccOf(123_456)
  const text = few.join('\n').replace(known[0]!, met)
  writeFileSync(join(copy, 'inbox', 'ent_registry.csv'), text)
  const other = need(openDomain(copy, { world: systemWorld }))
  const file = { dataset: 'ent_registry', policy: 'bank-loans', file: 'ent_registry.csv' }
  expect(need(await call(inside.keys.operator, 'dataset/ingest', file, other)).rows).toBe(59)
  const identifiers = [...known, ...strangers, met, usccOf(1)]
  const asked = async (change: Partial<Domain>) => {
    const input = { agreement: 'loans-a', kind: 'enterprise', identifiers }
    const { tokens, left } = need(await call(inside.keys.bank, 'token/make', input, change))
    return { tokens, left }
  }
  const [there, here] = [await asked(other), await asked({})]
  closeDomain(other)
  rmSync(folder, { recursive: true })
  expect(there).toEqual(here)
})

test('with the agreement its keys end: certified, and its tokens open nothing (S2-08f)', async () => {
  const { domain } = inside
  const tokens = await tokensFor(known.slice(0, 20))
  need(await ingest(tokens.map((token) => `${token},a`)))
  const ended = { ...domain, world: { ...systemWorld, nowMs: () => systemWorld.nowMs() + shiftMs } }
  await tendVersions(ended)
  const keys = () => domain.keyring.identities().filter((name) => name.startsWith('token/'))
  expect(keys()).toEqual([
    'token/loans-a/enterprise',
    'token/loans-b/enterprise',
    'token/loans-few/enterprise',
  ])
  shiftMs = 2 * 86_400_000
  const file = { dataset: 'loans', policy: 'bank-loans', file: 'loans.csv' }
  const { operator } = inside.keys
  // From the day after its last on, whether the keeper has come to it or not.
  expect(codesOf(await call(operator, 'dataset/ingest', file))).toEqual(['source/token-over'])
  await tendVersions(ended)
  expect(keys()).toEqual([])
  expect(codesOf(await call(operator, 'dataset/ingest', file))).toEqual(['source/token-over'])
  shiftMs = 0
  // Not even with the clock set back.
  expect(codesOf(await make(known.slice(0, 1)))).toEqual(['submission/agreement-not-in-force'])
  expect(codesOf(await call(operator, 'dataset/ingest', file))).toEqual(['source/token-over'])
  const entries = (await logText()).match(/"event":"token\/destroyed"/g)
  expect(entries).toHaveLength(3)
  await tendVersions(ended)
  expect((await logText()).match(/"event":"token\/destroyed"/g)).toHaveLength(3)
  expect(inside.reported).toEqual([])
})

test('no token and no identifier stands in any file under the home but those that came in (S1-48d)', async () => {
  const { folder } = inside.domain.home
  const find = finderOf(
    [...everyToken, ...known, ...strangers].map((text) => [text, text] as const),
  )
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  const files = paths.filter((path) => statSync(join(folder, path)).isFile())
  const foundIn = (path: string) => find(readFileSync(join(folder, path)))
  expect(files.filter((path) => !path.startsWith('inbox/')).flatMap(foundIn)).toEqual([])
  expect(foundIn('inbox/loans.csv')).not.toEqual([])
})

test('the log tells how many tokens were made, of which kind, under which agreement, by whom; and none of them', async () => {
  const text = await logText()
  const entry = text
    .split('\n')
    .map((line) => JSON.parse(line) as { entry?: { event: string } })
    .find((line) => line.entry?.event === 'token/made')
  expect(entry?.entry).toMatchObject({
    actor: { account: 'li-na', organisation: 'bank-a' },
    subject: { type: 'agreement', id: 'loans-a' },
    detail: { kind: 'enterprise', made: 3 },
  })
  expect(text).not.toMatch(/TK[0-9A-F]{32}/)
  for (const identifier of [...known, ...strangers]) expect(text).not.toContain(identifier)
})
