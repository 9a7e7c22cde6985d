import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { cityDocuments } from '../../connectors/city/documents.ts'
import { createClient, type Client } from '../../api/client.ts'
import { checkAfterCrash, childrenOf, eventually } from '../support/crash.ts'
import {
  agreementName,
  need,
  openTestDomain,
  policyName,
  preparedHome,
  publishPolicy,
  setHome,
  type Keys,
} from '../support/domain.ts'
import { seededBytes } from '../support/seeded.ts'
import { startServer, stopServer } from '../support/server.ts'

/*
 * Mixed work over HTTP for an hour, or as many minutes as are asked for: what the server and its keeper hold in memory
 * and keep open must be flat once they are warm, and no file may be left over. A short run does a hundred pieces of the
 * same work, too few to say anything of memory, and looks at what is left.
 */
const isLong = process.env['SLUICE_PROVE'] !== undefined
const shortWork = 30
const minutes = Number(process.env['SLUICE_SOAK_MINUTES'] ?? 60)
const seed = Number(process.env['SLUICE_SEED'] ?? 1)

type Held = { readonly memoryMb: number; readonly open: number }
type Sample = {
  readonly atMinute: number
  readonly server: Held
  readonly keeper: Held
}

const pageMb = 4096 / 2 ** 20
const heldBy = (pid: number): Held => ({
  memoryMb: Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * pageMb,
  open: readdirSync(`/proc/${pid}/fd`).length,
})

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

type Point = readonly [number, number]

/** The least of each of so many stretches: what remains when the runtime has collected. */
const leastIn = (points: readonly Point[], stretches: number): readonly Point[] =>
  Array.from({ length: stretches }, (_, at) =>
    points
      .slice((at * points.length) / stretches, ((at + 1) * points.length) / stretches)
      .reduce<Point>((one, two) => (two[1] < one[1] ? two : one), [0, Infinity]),
  ).filter(([, y]) => y < Infinity)

/** Growth a minute: the median of the slopes between all pairs (Theil 1950, Sen 1968), which single peaks do not move. */
const slopeOf = (points: readonly Point[]): number =>
  median(
    points.flatMap(([x, y], at) => points.slice(at + 1).map(([x2, y2]) => (y2 - y) / (x2 - x))),
  )

/** The city's policy and agreement, with a budget for all of it. */
const documents = cityDocuments()
const policy = documents.policy.replaceAll(/ledger: \{ rho: [^,]+/g, 'ledger: { rho: 10')
const agreement = documents.agreement
  .replace(`agreement: ${agreementName}`, 'agreement: soak')
  .replace(/runsMax: \d+/, 'runsMax: 1000000')
  .replace(/^rho: .*$/m, 'rho: 10')

/** Questions by what became of them. */
const ended = new Map<string, number>()

type Clients = Readonly<Record<'bank' | 'operator' | 'supervisor', Client>>

/** One piece of work, chosen by chance: answered, equal, refused or dry questions, results, lists, logs, documents, ingests. */
const workOf = (clients: Clients, below: (count: number) => number) => {
  const { bank, operator, supervisor } = clients
  const ask = async (sql: string, door: 'noise' | 'people' = 'noise') => {
    const view = await bank.call('submission/create', {
      submission: {
        kind: 'query',
        agreement: 'soak',
        sql,
        door,
        ...(door === 'noise' && { rho: 0.0001 }),
      },
      waitMs: 20_000,
    })
    const state = view.ok ? view.value.state : (view.problem.code ?? 'refused')
    ended.set(state, (ended.get(state) ?? 0) + 1)
  }
  const works: readonly (() => Promise<unknown>)[] = [
    () => ask(`select count(*) from ent_registry where registered_capital > ${below(1_000_000)}`),
    () =>
      ask(
        `select district, count(*), avg(registered_capital) from ent_registry where registered_capital > ${below(1_000_000)} group by district`,
      ),
    () => ask('select status, count(*) from ent_registry group by status'),
    () =>
      ask(
        `select status, count(*) from ent_registry where registered_capital > ${below(50)} group by status`,
        'people',
      ),
    () => ask(`select name from ent_registry where district = '${below(1000)}'`),
    () => ask(`select count(*) from ent_registry where ${'('.repeat(below(2000))}`),
    () =>
      bank.call('submission/check', {
        kind: 'query',
        agreement: 'soak',
        sql: `select count(*) from tax_declaration where tax_paid > ${below(10_000)}`,
      }),
    async () => {
      const listed = await bank.call('submission/list', { limit: 20 })
      if (!listed.ok) return
      for (const { id } of listed.value.submissions) await bank.call('result/fetch', { id })
    },
    () => bank.call('catalogue/list', {}),
    async () => {
      // The end of the log: all of it is longer each time.
      const status = await operator.call('domain/status', {})
      const size = status.ok ? status.value.logSize : 0
      return supervisor.call('log/export', { from: Math.max(0, size - 200) })
    },
    () => operator.call('policy/propose', { text: `policy: x\n${'a: ['.repeat(below(200))}` }),
    () => operator.call('domain/status', {}),
  ]
  return async (): Promise<void> => {
    if (below(400) > 0) return void (await works[below(works.length)]?.())
    const input = { dataset: 'ent_registry', policy: policyName }
    const published = await operator.call('dataset/ingest', input)
    // Another one may be at it.
    if (!published.ok) expect(published.problem.status).not.toBe(500)
  }
}

test(
  isLong
    ? `after ${minutes} minutes of mixed work memory and open files are where they were (seed ${seed})`
    : `after ${shortWork} pieces of mixed work nothing is left over (seed ${seed})`,
  async () => {
    const { home, keys, remove } = await preparedHome()
    onTestFinished(remove)
    const domain = await openTestDomain(home, keys)
    need(await publishPolicy(domain, policy))
    need(await domain.call(keys.operator, 'agreement/sign', { text: agreement }))
    // A policy has versions of its own.
    for (const dataset of ['ent_registry', 'tax_declaration'])
      need(await domain.call(keys.operator, 'dataset/ingest', { dataset, policy: policyName }))
    await domain.stop()
    setHome(home, {
      checker: { usesMax: 200 },
      runner: { timeoutMs: isLong ? 2000 : 1000, graceMs: 200 },
      failureMs: isLong ? 4500 : 3300,
    })
    // Without a bound the runtime would rather grow than collect, and growth would say nothing.
    const bounds = '--max-old-space-size=128 --max-semi-space-size=2'
    const { server, url } = await startServer(home, bounds)
    onTestFinished(() => stopServer(server))
    const clientOf = (key: string): Client => createClient({ url, key })
    const clients = {
      bank: clientOf(keys.bank),
      operator: clientOf(keys.operator),
      supervisor: clientOf(keys.supervisor),
    }
    const keeper = await eventually(() => childrenOf(server, 'keeper')[0])
    const bytes = seededBytes(`soak ${seed}`)
    const below = (count: number): number => Buffer.from(bytes(4)).readUInt32LE() % count
    const work = workOf(clients, below)

    const startMs = performance.now()
    const minute = (): number => (performance.now() - startMs) / 60_000
    let done = 0
    let begun = 0
    const isOver = (): boolean => (isLong ? minute() >= minutes : begun >= shortWork)
    const worker = async (): Promise<void> => {
      while (!isOver()) {
        begun += 1
        await work()
        done += 1
      }
    }
    const samples: Sample[] = []
    const watch = async (): Promise<void> => {
      while (!isOver()) {
        await pause(isLong ? minutes * 250 : 100)
        samples.push({
          atMinute: minute(),
          server: heldBy(server.pid!),
          keeper: heldBy(keeper),
        })
      }
    }
    await Promise.all([...Array.from({ length: 6 }, worker), watch()])

    if (isLong) checkFlat(samples)
    process.stdout.write(
      `soak: ${done} pieces of work in ${minute().toFixed(1)} minutes, questions ${JSON.stringify([...ended])}\n`,
    )
    await stopServer(server)
    expect(ended.get('released')).toBeGreaterThan(isLong ? minutes * 10 : 1)
    await checkLeft(home, keys)
  },
  (isLong ? minutes + 5 : 3) * 60_000,
)

/** Over the half that was watched, memory grows by less than a tenth, and not one descriptor stays. */
const checkFlat = (samples: readonly Sample[]): void => {
  for (const who of ['server', 'keeper'] as const) {
    const all = samples.map((one): Point => [one.atMinute, one[who].memoryMb])
    const memory = leastIn(all.slice(all.length / 2), 12)
    // Children come and go; what is never closed stays.
    const open = leastIn(
      samples.map((one): Point => [one.atMinute, one[who].open]).slice(samples.length / 2),
      12,
    )
    const level = median(memory.map(([, y]) => y))
    const [slope, opening] = [slopeOf(memory), slopeOf(open)]
    process.stdout.write(
      `soak: ${who} ${leastIn(all, 24)
        .map(([, y]) => y.toFixed(0))
        .join(
          ' ',
        )} MB over time, ${(slope * 60).toFixed(1)} MB an hour; ${open.at(-1)?.[1]} open, ${(opening * 60).toFixed(2)} an hour\n`,
    )
    expect((slope * minutes) / 2, who).toBeLessThan(level / 10)
    expect((Math.abs(opening) * minutes) / 2, who).toBeLessThan(1)
  }
}

/** Everything that was published is named by the log, which is whole, and nothing half done lies about. */
const checkLeft = async (home: string, keys: Keys): Promise<void> => {
  const domain = await openTestDomain(home, keys)
  try {
    await checkAfterCrash(domain, [])
    const log = statSync(join(home, 'state.db-wal'), { throwIfNoEntry: false })
    expect(log?.size ?? 0).toBeLessThan(64 * 2 ** 20)
  } finally {
    await domain.stop()
  }
}
