import { randomUUID } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createApp, type App } from '../../api/app.ts'
import { openDoor } from '../../api/keeper-client.ts'
import { rareEnterprises } from '../../connectors/city/planted.ts'
import {
  agreementName,
  makeHomeFrom,
  publishFiles,
  seed,
  setHome,
  writeCity,
  type Keys,
} from '../support/domain.ts'
import { testFolder } from '../support/folder.ts'
import { normalise, type Heard } from './same-answers.ts'

/*
 * Two homes whose data differ in one enterprise that stands alone in its district and section. Whatever the same people
 * ask in the same order, the two answer alike, but for ids, times, digests and noise: status, headers, bodies, and the
 * log.
 */
const folder = testFolder()
const [victim] = rareEnterprises(seed)

type Home = { readonly home: string; readonly keys: Keys; app: App; stop: () => Promise<void> }

const settings = {
  checker: { timeoutMs: 900 },
  runner: { timeoutMs: 1900, graceMs: 200 },
  failureMs: 3000,
}

const openHome = async (name: string, files: string): Promise<Home> => {
  const home = join(folder, name)
  const keys = await makeHomeFrom(home, (domain) => publishFiles(domain, files))
  setHome(home, settings)
  const door = await openDoor({
    home,
    keeperPath: resolve('dist/sandbox/keeper.js'),
    nowMs: Date.now,
  })
  if (!door.ok) throw new Error(JSON.stringify(door.refusals))
  const app = createApp({
    door: door.value,
    nowMs: Date.now,
    id: randomUUID,
    report: () => undefined,
    tls: false,
  })
  return { home, keys, app, stop: door.value.stop }
}

/** The same files without the rows of one enterprise. */
const without = (from: string, to: string, uscc: string): void => {
  mkdirSync(to)
  for (const file of readdirSync(from)) {
    const lines = readFileSync(join(from, file), 'utf8').split('\n')
    writeFileSync(join(to, file), lines.filter((line) => !line.includes(uscc)).join('\n'))
  }
}

let homes: readonly [Home, Home]
beforeAll(async () => {
  const [whole, rest] = [join(folder, 'whole'), join(folder, 'rest')]
  await writeCity(whole, { enterprises: 120, months: 6 })
  without(whole, rest, victim!.uscc)
  homes = await Promise.all([openHome('home-1', whole), openHome('home-2', rest)])
})
afterAll(async () => {
  await Promise.all(homes.map(({ stop }) => stop()))
})

type Say = (home: Home) => Promise<Response>

type Init = { readonly method?: string; readonly body?: string; readonly headers?: object }

const bodied = (body: string, more: object = {}): Init => ({
  method: 'POST',
  body,
  headers: { 'content-type': 'application/json', ...more },
})

const asking =
  (as: keyof Keys, path: string, init: Init = {}): Say =>
  async ({ app, keys }) =>
    app.request(path, {
      ...init,
      headers: { ...init.headers, authorization: `Bearer ${keys[as]}` },
    })

const submitting = (sql: string, more: object = {}, prefer = 'wait=30'): Say =>
  asking(
    'bank',
    '/v1/submissions',
    bodied(JSON.stringify({ kind: 'query', agreement: agreementName, sql, ...more }), {
      prefer,
    }),
  )
const checking = (sql: string): Say =>
  asking(
    'bank',
    '/v1/checks',
    bodied(JSON.stringify({ kind: 'query', agreement: agreementName, sql })),
  )

const heardOf = async (response: Response): Promise<Heard> => ({
  status: response.status,
  headers: Object.fromEntries(response.headers),
  body: await response.text(),
})

/** Says the same to both homes, one thing after the other, and gives what both answered. */
const sayAll = async (all: readonly Say[]): Promise<readonly (readonly Heard[])[]> =>
  Promise.all(
    homes.map(async (home) => {
      const heard: Heard[] = []
      for (const say of all) heard.push(await heardOf(await say(home)))
      return heard
    }),
  )

const expectAlike = ([one, two]: readonly (readonly Heard[])[]): void =>
  expect(normalise(one!)).toEqual(normalise(two!))

const only = `district = '${victim!.district}' and industry = '${victim!.section}'`
const aboutVictim = [
  `select count(*) from ent_registry where ${only}`,
  `select sum(registered_capital), avg(registered_capital) from ent_registry where ${only}`,
  `select district, industry, count(*) from ent_registry group by 1, 2`,
  `select count(*) from ent_registry e join tax_declaration t on e.uscc = t.uscc where e.${only.replace('and ', 'and e.')}`,
  `select count(*) from tax_declaration where uscc in (select uscc from ent_registry where ${only})`,
  `with f as (select uscc, max(tax_paid) m, count(*) n from tax_declaration group by uscc) select count(*), sum(m), sum(n) from f where m > 40000`,
  `select period, count(*), sum(tax_paid) from tax_declaration group by period`,
]

describe('two homes that differ in one enterprise answer alike', () => {
  test('before a run: whatever is refused', async () => {
    const heard = await sayAll([
      submitting(`select * from ent_registry where ${only}`),
      submitting(`select name from ent_registry`),
      submitting(`select uscc, count(*) from ent_registry group by uscc`),
      submitting(`select max(registered_capital) from ent_registry where ${only}`),
      submitting(`select count(*) from ent_registry where uscc = 1`),
      submitting('select 1; select 2'),
      submitting(aboutVictim[0]!, { rho: 0.2 }),
      submitting(aboutVictim[0]!, { agreement: 'bank-z' }),
      submitting(aboutVictim[0]!, { door: 'window' }),
      asking('bank', '/v1/submissions', bodied('{"kind":"query"')),
      asking('bank', '/v1/submissions', bodied(JSON.stringify({ sql: 5 }))),
      asking('otherBank', `/v1/submissions/${randomUUID()}`),
      async ({ app }) => app.request('/v1/catalogue'),
      asking('bank', '/v1/log/export'),
      asking('bank', '/v1/log/entries/3/proof'),
    ])
    const statuses = heard[0]!.map(({ status }) => status)
    expect(statuses.filter((status) => status < 400)).toEqual([])
    expectAlike(heard)
  })

  test('in a dry run, with the cost and the width of every figure', async () => {
    const heard = await sayAll(aboutVictim.map(checking))
    expect(heard[0]!.every(({ status }) => status === 200)).toBe(true)
    expectAlike(heard)
  })

  test('in an answer, its record and its proof', async () => {
    const heard = await sayAll(
      aboutVictim.flatMap((sql) => [
        submitting(sql),
        async (home: Home) => {
          const list = await asking('bank', '/v1/submissions?limit=1')(home)
          const { submissions } = (await list.json()) as { submissions: { id: string }[] }
          return asking('bank', `/v1/submissions/${submissions[0]!.id}/result`, {
            headers: { accept: 'application/vnd.sluice.release+json' },
          })(home)
        },
      ]),
    )
    expect(heard[0]!.map(({ status }) => status)).toEqual(aboutVictim.flatMap(() => [201, 200]))
    expectAlike(heard)
  })

  test('when the same is asked again, and when a person of another door asks it', async () => {
    const heard = await sayAll([
      submitting(aboutVictim[0]!),
      submitting(`${aboutVictim[0]!} -- again`),
      submitting(aboutVictim[2]!, { door: 'people' }),
    ])
    expect(heard[0]!.map(({ status }) => status)).toEqual([201, 201, 202])
    expectAlike(heard)
  })

  test('when a run fails, because a published file is not the one that was published', async () => {
    for (const { home } of homes) spoil(home)
    const sql = `select count(*) from ent_registry where ${only} and status = '存续'`
    const heard = await sayAll([
      submitting(sql, { door: 'people' }, 'wait=0'),
      submitting(sql),
      asking('bank', '/v1/submissions?limit=2'),
    ])
    for (const { home } of homes) spoil(home)
    expect(heard[0]!.map(({ status }) => status)).toEqual([202, 422, 200])
    expectAlike(heard)
  })

  test('afterwards: the list, the ledger, the catalogue, and every entry of the log', async () => {
    const heard = await sayAll([
      asking('bank', '/v1/submissions?limit=100'),
      asking('bank', '/v1/agreements'),
      asking('bank', '/v1/catalogue'),
      asking('supervisor', '/v1/submissions?limit=100'),
      asking('supervisor', '/v1/log/entries?limit=200'),
      asking('reviewer', '/v1/reviews'),
      asking('otherBank', '/v1/submissions'),
    ])
    expect(heard[0]!.every(({ status }) => status === 200)).toBe(true)
    expect(heard[0]!.at(-3)!.body).not.toContain('"next"')
    expectAlike(heard)
  })
})

test('the comparison sees what is no id, time, digest or noise', () => {
  const heard = (body: object, more: Partial<Heard> = {}): readonly Heard[] => [
    { status: 200, headers: { 'content-length': '90' }, body: JSON.stringify(body), ...more },
  ]
  const digest = (letter: string): string => letter.repeat(64)
  const body = { rows: [['A', { value: 5, sd: 2, low: 1, high: 9 }]], digest: digest('a'), n: 3 }
  const alike = {
    ...body,
    rows: [['A', { value: 7, sd: 2, low: 3, high: 11 }]],
    digest: digest('b'),
  }
  const same = normalise(heard(body))
  expect(normalise(heard(alike))).toEqual(same)
  const others = [
    heard({ ...alike, n: 4 }),
    heard({ ...alike, rows: [['A', { value: 7, sd: 3, low: 3, high: 11 }]] }),
    heard({ ...alike, rows: [['B', { value: 7, sd: 2, low: 3, high: 11 }]] }),
    heard({ ...alike, rows: [...alike.rows, ...alike.rows] }),
    heard({ ...alike, rows: [['A', 7]] }),
    heard({ ...alike, more: digest('b') }),
    heard(alike, { status: 422 }),
    heard(alike, { headers: { 'content-length': '91' } }),
    [...heard(alike), ...heard(alike)],
  ]
  for (const other of others) expect(normalise(other)).not.toEqual(same)
})

/** Changes a byte in the middle of every published file; twice is as before. */
const spoil = (home: string): void => {
  for (const file of readdirSync(join(home, 'published'))) {
    const path = join(home, 'published', file)
    const bytes = readFileSync(path)
    const middle = bytes.length >> 1
    bytes[middle] = bytes[middle]! ^ 1
    writeFileSync(path, bytes)
  }
}
