import { afterAll, beforeAll, expect, test } from 'vitest'
import { cityDocuments } from '../../connectors/city/documents.ts'
import type { SubmissionView } from '../../sandbox/door.ts'
import {
  chargedIn,
  checkAfterCrash,
  eventually,
  eventsOf,
  killKeeper,
  readLog,
  spentOf,
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
  publishPolicy,
} from '../support/domain.ts'

let prepared: Prepared
let domain: KeptDomain
beforeAll(async () => {
  prepared = await preparedHome()
  setHome(prepared.home, { runner: { size: 4 } })
  domain = await openTestDomain(prepared.home, prepared.keys)
})
afterAll(async () => {
  await domain.stop()
  prepared.remove()
})

/** An agreement of the bank with this much to spend, in questions of the usual rho. */
const sign = async (agreement: string, questions: number): Promise<void> => {
  const text = cityDocuments()
    .agreement.replace('agreement: bank-a', `agreement: ${agreement}`)
    .replace(/rho: .*/, `rho: ${(questions * 5) / 1000}`)
  need(await domain.call(domain.keys.operator, 'agreement/sign', { text }))
}
const publish = async (change: (text: string) => string): Promise<void> => {
  const text = change(cityDocuments().policy)
  need(await publishPolicy(domain, text))
}
const ingest = async (): Promise<void> => {
  const input = { dataset: 'ent_registry', policy: policyName }
  need(await domain.call(domain.keys.operator, 'dataset/ingest', input))
}

let asked = 0
const fresh = (): string =>
  `select count(*) as n from ent_registry where registered_capital > ${(asked += 1)}`

const ask = (sql: string, agreement: string): Promise<SubmissionView> =>
  domain.ask({ sql, agreement })
const codesOf = ({ refusals }: SubmissionView): string[] => refusals.map(({ code }) => code)

test('ten questions at once for the last four of a budget: four are answered, nothing is overspent', async () => {
  await sign('last', 4)
  const views = await Promise.all(Array.from({ length: 10 }, () => ask(fresh(), 'last')))
  expect(views.filter(({ state }) => state === 'released')).toHaveLength(4)
  const refused = views.filter(({ state }) => state === 'refused')
  expect(refused).toHaveLength(6)
  for (const { refusals, cost } of refused) {
    expect(cost).toEqual([])
    expect(refusals).toEqual([
      {
        code: 'budget/exhausted',
        params: { scope: 'agreement/last/person', left: '0', needed: '0.005' },
      },
    ])
  }
  expect(await spentOf(domain)).toEqual(chargedIn(await verifiedLog(domain)))
  const answered = views.find(({ state }) => state === 'released')
  expect(await ask(answered?.submission.sql ?? '', 'last')).toMatchObject({
    state: 'released',
    digest: answered?.digest,
    cost: [],
  })
})

test('killed in the midst of it, the next keeper answers what is left and spends no more', async () => {
  await sign('crashed', 4)
  const { next } = await readLog(domain, 0)
  const known = await verifiedLog(domain)
  const sent = Array.from({ length: 8 }, () => ask(fresh(), 'crashed').catch(() => undefined))
  const started = async (): Promise<true | undefined> =>
    (await readLog(domain, next)).entries.some(({ event }) => event === 'run/started') || undefined
  await eventually(started)
  await killKeeper(domain)
  await Promise.all(sent)
  domain = await openTestDomain(prepared.home, prepared.keys)
  const list = async () =>
    need(await domain.call(domain.keys.bank, 'submission/list', { limit: 8 })).submissions
  const views = await eventually(async () => {
    const all = (await list()).filter(({ submission }) => submission.agreement === 'crashed')
    return all.every(({ state }) => state !== 'running') ? all : undefined
  })
  const entries = await checkAfterCrash(domain, known)
  const charged = views.filter(({ id }) => eventsOf(entries, id).includes('ledger/charged'))
  expect(charged.length).toBe(Math.min(4, views.length))
  for (const view of views)
    if (!charged.includes(view)) expect(codesOf(view)).toEqual(['budget/exhausted'])
})

test('a key finds its submission, however often and whenever it comes, and is good for no other', async () => {
  const before = await spentOf(domain)
  const submission = { kind: 'query' as const, agreement: agreementName, sql: fresh() }
  const create = (sql = submission.sql) =>
    domain.call(domain.keys.bank, 'submission/create', {
      submission: { ...submission, sql },
      idempotencyKey: 'once',
      waitMs: 10_000,
    })
  const views = (await Promise.all([1, 2, 3, 4].map(() => create()))).map(need)
  expect(new Set(views.map(({ id }) => id)).size).toBe(1)
  // Its body is the same, whatever became of policy and data meanwhile.
  await ingest()
  expect(need(await create()).id).toBe(views[0]?.id)
  expect(await create(fresh())).toMatchObject({ refusals: [{ code: 'submission/conflict' }] })
  const after = await spentOf(domain)
  expect((after['person'] ?? 0) - (before['person'] ?? 0)).toBe(5_000_000)
})

test('no policy, version, dataset or restart lowers what is spent', async () => {
  const spent = await spentOf(domain)
  const register = async (from: RegExp, to: string) => {
    const found = cityDocuments().datasets.find(({ text }) =>
      text.includes('dataset: ent_registry'),
    )
    const text = found?.text.replace(from, to) ?? ''
    expect(text).toContain(to)
    return domain.call(domain.keys.operator, 'dataset/register', { text })
  }
  const lowered = (text: string): string =>
    text.replaceAll('rho: 0.5', 'rho: 0.03').replace('rhoMax: 0.05', 'rhoMax: 0.01')
  const steps: readonly (() => Promise<void>)[] = [
    () => publish(lowered),
    ingest,
    async () => {
      need(await register(/^title: .*$/m, 'title: { zh: 企业登记, en: another title }'))
    },
    async () => {
      const renamed = await register(/kind: enterprise/, 'kind: firm')
      const codes = ['source/entities-changed', 'source/kind-renamed']
      expect(renamed).toMatchObject({ refusals: codes.map((code) => ({ code })) })
    },
    ingest,
    async () => {
      await domain.stop()
      domain = await openTestDomain(prepared.home, prepared.keys)
    },
  ]
  for (const step of steps) {
    await step()
    expect(await spentOf(domain)).toEqual(spent)
  }
  // The limit is below what is spent now: nothing is left, and nothing less than nothing.
  const view = await ask(fresh(), agreementName)
  expect(view).toMatchObject({ state: 'refused', cost: [] })
  expect(view.refusals[0]).toMatchObject({
    code: 'budget/exhausted',
    params: { scope: 'domain/person', left: '0', needed: '0.005' },
  })
  expect(await spentOf(domain)).toEqual(chargedIn(await verifiedLog(domain)))
})
