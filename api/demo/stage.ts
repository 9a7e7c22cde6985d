import { mkdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import type { Language } from '../../policies/refusal.ts'
import type { Role } from '../../policies/roles.ts'
import { writeSecret } from '../cli/key.ts'
import { createClient, type Answer, type Client } from '../client.ts'
import { initialiseHome } from '../keeper-client.ts'
import { keeperPath, serve } from '../main.ts'
import { makeCity } from '../city.ts'
import { cityDatasets, cityDocument } from './city.ts'
import type { Printer } from './printer.ts'

/** Who acts in the story. */
const personas = {
  operator: { account: 'ops', organisation: 'city-data', role: 'operator' },
  approver: { account: 'wu-gang', organisation: 'city-data', role: 'operator' },
  bank: { account: 'li-na', organisation: 'bank-a', role: 'analyst' },
  reviewer: { account: 'zhou-min', organisation: 'tax-bureau', role: 'reviewer' },
  supervisor: { account: 'inspector', organisation: 'city-audit', role: 'supervisor' },
} as const satisfies Record<string, { account: string; organisation: string; role: Role }>
export type Persona = keyof typeof personas | 'administrator'

/** A served domain with a city in it, and a client for each persona. */
export type Stage = {
  readonly url: string
  readonly clients: Readonly<Record<Persona, Client>>
  /** `<persona>.key` for the command line, `<persona>.header` for `curl -H @file`: neither shows a key in `ps`. */
  readonly keysFolder: string
  readonly stop: () => Promise<void>
}
export type StageOptions = {
  /** An empty folder: home, keys and generated files go in here. */
  readonly folder: string
  readonly profile: string
  readonly seed: number
  readonly port: number
  readonly language: Language
  readonly tell: (line: string) => void
}

/** The value of an answer that the story cannot go on without. */
export const need = <T>(answer: Answer<T>, what: string): T => {
  if (answer.ok) return answer.value
  const reasons = answer.problem.refusals.map(({ code, message }) => `${code}: ${message}`)
  throw new Error(`${what}: ${reasons.join('; ')}`)
}

/** Makes the city, a home, its accounts, and publishes every dataset under the policy. Stops what it started if it fails. */
export const openStage = async (options: StageOptions, printer: Printer): Promise<Stage> => {
  const { t, step } = printer
  const cityFolder = join(options.folder, 'city')
  mkdirSync(cityFolder, { mode: 0o700 })
  await step(t('made a city', '生成城市数据'), async (add) => {
    const { profile, seed } = options
    const made = await makeCity({ folder: cityFolder, profile, seed, tables: 'story' })
    const rows = made.reduce((sum, table) => sum + table.rows, 0)
    add(t(`${rows.toLocaleString('en')} rows`, `${rows.toLocaleString('en')} 行`))
  })
  const { url, stop, administrator } = await step(t('opened a domain', '开启安全域'), async () =>
    openDomain(options),
  )
  try {
    const keys = {
      administrator,
      ...(await step(t('made accounts for five people', '创建五个账户'), async () =>
        createAccounts(connect(url, administrator, options)),
      )),
    }
    const clients = mapKeys(keys, (key) => connect(url, key, options))
    const keysFolder = join(options.folder, 'keys')
    mkdirSync(keysFolder, { mode: 0o700 })
    for (const [name, key] of Object.entries(keys)) {
      writeSecret(join(keysFolder, `${name}.key`), key)
      writeSecret(join(keysFolder, `${name}.header`), `Authorization: Bearer ${key}`)
    }
    await publish(clients, cityFolder, printer)
    return { url, clients, keysFolder, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

const connect = (url: string, key: string, { language }: StageOptions): Client =>
  createClient({ url, key, language })

const mapKeys = <T>(
  keys: Readonly<Record<Persona, string>>,
  make: (key: string, name: string) => T,
): Record<Persona, T> =>
  Object.fromEntries(Object.entries(keys).map(([name, key]) => [name, make(key, name)])) as Record<
    Persona,
    T
  >

const openDomain = async (
  options: StageOptions,
): Promise<{ url: string; stop: () => Promise<void>; administrator: string }> => {
  const home = join(options.folder, 'home')
  const made = await initialiseHome({ home, keeperPath })
  if (!made.ok) throw new Error(made.refusals.map(({ code }) => code).join(', '))
  const listening = { host: '127.0.0.1', port: options.port, tell: options.tell }
  const served = await serve({ home, ...listening })
  if (!served.ok) throw new Error(served.refusals.map(({ code }) => code).join(', '))
  return { ...served.value, administrator: made.value.key }
}

const createAccounts = async (
  administrator: Client,
): Promise<Record<keyof typeof personas, string>> => {
  const made: [string, string][] = []
  for (const [name, persona] of Object.entries(personas)) {
    const answer = await administrator.call('account/create', { ...persona, days: 7 })
    made.push([name, need(answer, name).key])
  }
  return Object.fromEntries(made) as Record<keyof typeof personas, string>
}

/** Documents first, then a version of each dataset: the raw file is moved into the inbox and is gone afterwards. */
const publish = async (
  { operator, approver }: Pick<Stage['clients'], 'operator' | 'approver'>,
  folder: string,
  { t, step }: Printer,
): Promise<void> => {
  const policy = 'enterprise-credit'
  await step(
    t(
      'registered 7 datasets, published a policy with four eyes',
      '登记 7 个数据资源，双人发布策略',
    ),
    async () => {
      for (const name of cityDatasets)
        need(await operator.call('dataset/register', { text: cityDocument(name) }), name)
      const text = cityDocument(`policy-${policy}`)
      const { digest } = need(await operator.call('policy/propose', { text }), policy)
      need(await approver.call('policy/approve', { policy, digest }), policy)
    },
  )
  const { inbox } = need(await operator.call('domain/status', {}), 'status')
  const label = t(
    'published: identifiers replaced, desensitized, encrypted',
    '已发布：标识符替换为假名、脱敏、加密',
  )
  await step(label, async () => {
    for (const dataset of cityDatasets) {
      const file = `${dataset}.csv`
      renameSync(join(folder, file), join(inbox, file))
      need(await operator.call('dataset/ingest', { dataset, policy, file }), dataset)
    }
  })
  const agreement = cityDocument('agreement-bank-a')
  await step(t('signed an agreement with bank A', '与甲银行签署授权协议'), async () => {
    need(await operator.call('agreement/sign', { text: agreement }), 'agreement')
  })
}
