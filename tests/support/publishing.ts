import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach } from 'vitest'
import { datasetSchema, type Dataset } from '../../policies/dataset.ts'
import type { Outcome } from '../../policies/outcome.ts'
import type { BadRow } from '../../policies/quarantine.ts'
import type { Refusal } from '../../policies/refusal.ts'
import { policySchema, type Policy } from '../../policies/policy.ts'
import { filePath, prepareHome } from '../../sandbox/domain/home.ts'
import type { OnProgress } from '../../sandbox/domain/admit.ts'
import { publish } from '../../sandbox/domain/publish.ts'
import { readQuarantine } from '../../sandbox/domain/quarantine.ts'
import { openEngine, quoteName, type Row } from '../../sandbox/run/engine.ts'
import type { Published, PublishJob } from '../../sandbox/run/publisher-protocol.ts'
import { testFolder } from './folder.ts'
import { residentIdOf, usccOf } from './identifiers.ts'
import { testWorld } from './world.ts'

const title = { zh: '税', en: 'tax' }

/** Monthly tax of enterprises, each with a legal representative. */
type More = Omit<Partial<Dataset>, 'ingest'> & { readonly ingest?: Partial<Dataset['ingest']> }
export const taxDataset = (more: More = {}): Dataset =>
  datasetSchema.parse({
    dataset: 'tax',
    title,
    department: title,
    entities: [
      { kind: 'enterprise', column: 'uscc' },
      { kind: 'person', column: 'legal_id' },
    ],
    grain: ['uscc', 'month'],
    columns: [
      { name: 'uscc', type: 'text', class: 'identifier', level: 3, standard: 'uscc' },
      {
        name: 'legal_id',
        type: 'text',
        class: 'identifier',
        level: 4,
        standard: 'resident-id',
        nullable: true,
      },
      { name: 'month', type: 'date', class: 'code', level: 2 },
      { name: 'region', type: 'text', class: 'code', level: 2 },
      { name: 'paid', type: 'decimal(18,2)', class: 'amount', level: 3, nullable: true },
      { name: 'staff', type: 'integer', class: 'amount', level: 3, nullable: true },
      { name: 'late', type: 'boolean', class: 'code', level: 3, nullable: true },
      { name: 'remark', type: 'text', class: 'text', level: 3, nullable: true },
    ],
    ...more,
  })

const rho = 1
const delta = 1e-6

/** What of it is published: the region as its province, the amount paid to the nearest ten. */
export const taxPolicy = (columns: Record<string, unknown> = {}, more: object = {}): Policy =>
  policySchema.parse({
    policy: 'statistics',
    title,
    doors: ['noise'],
    kinds: {
      enterprise: { ledger: { rho, delta } },
      person: { unitsMax: 5, ledger: { rho, delta } },
    },
    question: { rho: 0.01, rhoMax: 0.1, delta: 1e-9 },
    datasets: {
      tax: {
        contribution: { rowsMax: 12, groupsMax: 12 },
        columns: {
          month: { use: 'dimension', domain: { dates: ['2025-01-01', '2026-12-01'] } },
          region: {
            use: 'dimension',
            desensitize: [{ method: 'prefix', length: 2 }],
            domain: { codes: ['11', '35'] },
            ofEntity: true,
          },
          paid: { use: 'measure', clamp: [0, 1000], desensitize: [{ method: 'round', base: 10 }] },
          late: { use: 'dimension' },
          ...columns,
        },
      },
    },
    ...more,
  })

export const taxHeader = 'uscc,legal_id,month,region,paid,staff,late,remark'

type Attempt = {
  /** The raw versions that answer for columns. */
  readonly authorities?: readonly {
    readonly dataset: string
    readonly unit: string
    readonly raw: Published['raw']
  }[]
  readonly dataset?: Dataset
  readonly policy?: Policy
  readonly onProgress?: OnProgress
  readonly seed?: string
  /** The raw version that a file comes to. */
  readonly to?: { readonly mode: 'append' | 'upsert'; readonly raw: Published['raw'] }
}

/** A home with its keys, as the keeper would hold them, and the registers that were committed last. */
export const testHome = (home: string) => {
  mkdirSync(home)
  prepareHome(home)
  const inbox = join(home, '..', `${home.split('/').at(-1)}-inbox`)
  mkdirSync(inbox)
  const world = testWorld(home)
  const keys = new Map<string, Uint8Array>()
  const registers = new Map<string, { id: string; sha256: string }>()
  let count = 0

  const keyOf = (identity: string): Uint8Array => {
    const key = keys.get(identity) ?? world.randomBytes(32)
    keys.set(identity, key)
    return key
  }
  const jobOf = (source: PublishJob['source'], { dataset, policy }: Attempt): PublishJob => {
    const of = dataset ?? taxDataset()
    return {
      home,
      job: `job-${count}`,
      dataset: of,
      policy: policy ?? taxPolicy(),
      source,
      published: { id: `published-${count}`, key: keyOf(`published-${count}`) },
      registers: of.entities.map(({ kind }) => {
        const current = registers.get(kind)
        return {
          kind,
          key: keyOf(`register ${kind}`),
          hmacKey: keyOf(`hmac ${kind}`),
          next: `${kind}-${count}`,
          ...(current && { current }),
        }
      }),
      threads: 2,
      memoryMb: 256,
    }
  }
  /** What the keeper does with an answer: from now on these registers count. */
  const commit = (value: Published): void => {
    for (const { kind, file } of value.registers)
      registers.set(kind, { id: file.id, sha256: file.sha256 })
  }
  const run = async (
    job: PublishJob,
    { onProgress, seed }: Attempt,
  ): Promise<Outcome<Published>> => {
    const outcome = await publish(job, testWorld(seed ?? `${home} ${count}`), onProgress)
    if (outcome.ok) commit(outcome.value)
    return outcome
  }
  const csvJob = (content: string | Uint8Array, attempt: Attempt = {}): PublishJob => {
    count += 1
    const file = `in-${count}.csv`
    writeFileSync(join(inbox, file), content)
    const raw = { id: `raw-${count}`, key: keyOf(`raw-${count}`) }
    const quarantine = { id: raw.id, key: keyOf(`quarantine ${raw.id}`) }
    const { to } = attempt
    const of = attempt.dataset ?? taxDataset()
    const before = to && {
      mode: to.mode,
      raw: { id: to.raw.id, sha256: to.raw.sha256, key: keyOf(to.raw.id) },
    }
    return jobOf(
      {
        from: 'file',
        inbox,
        file,
        format: of.ingest.format,
        encoding: of.ingest.encoding,
        bytesMax: 64 << 20,
        raw,
        quarantine,
        ...(before && { before }),
        ...(attempt.authorities && {
          authorities: attempt.authorities.map(({ dataset, unit, raw: { id, sha256 } }) => ({
            dataset,
            unit,
            raw: { id, sha256, key: keyOf(id) },
          })),
        }),
      },
      attempt,
    )
  }
  return {
    home,
    inbox,
    keyOf,
    registers,
    commit,
    csvJob,
    fromCsv: (content: string | Uint8Array, attempt: Attempt = {}) =>
      run(csvJob(content, attempt), attempt),
    fromRaw: (raw: { id: string; sha256: string }, attempt: Attempt = {}) => {
      count += 1
      const { id, sha256 } = raw
      return run(jobOf({ from: 'raw', raw: { id, sha256, key: keyOf(id) } }, attempt), attempt)
    },
    /** The published table as a runner sees it: the columns, and the rows of a query over `published.main.<dataset>`. */
    read: async (value: Published, sql = 'FROM published.main.tax'): Promise<readonly Row[]> => {
      const { id, sha256 } = value.published
      const path = filePath(home, 'published', id)
      const engine = await openEngine({
        threads: 1,
        memoryMb: 256,
        attach: [{ path, alias: 'published', key: keyOf(id), sha256 }],
      })
      const answer = await engine.query(sql).finally(() => engine.close())
      return answer.rows
    },
  }
}
export type TestHome = ReturnType<typeof testHome>

/** A home of its own for each test of a file: `home()` is that of the test that runs. */
export const homeOfEachTest = (): (() => TestHome) => {
  const folder = testFolder()
  const homes: TestHome[] = []
  beforeEach(() => void homes.push(testHome(join(folder, `home-${homes.length}`))))
  return () => homes.at(-1)!
}

/** All that was kept beside a version of what did not come into it as it came. */
export const badRows = async (home: TestHome, value: Published): Promise<readonly BadRow[]> => {
  const { id, sha256 } = value.quarantine!.file
  const file = {
    path: filePath(home.home, 'quarantine', id),
    sha256,
    key: home.keyOf(`quarantine ${id}`),
  }
  const all: BadRow[] = []
  for (let from: number | undefined = 0; from !== undefined;) {
    const page: Awaited<ReturnType<typeof readQuarantine>> = await readQuarantine(file, {
      from,
      limit: 200,
    })
    all.push(...page.rows)
    from = page.next
  }
  return all
}

/** Every file under a folder with its bytes. */
export const filesUnder = (folder: string): { path: string; bytes: Buffer }[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .map((path) => ({ path, bytes: readFileSync(path) }))

/** A name as SQL, for tests of datasets with names of their own. */
export const tableOf = (dataset: string): string => `published.main.${quoteName(dataset)}`

/** A file of rows; each is the enterprise's number, the person's, a month and the rest. */
export const csvOf = (...rows: (readonly [number, number | null, string, string])[]): string =>
  `${taxHeader}\n${rows
    .map(
      ([enterprise, person, month, rest]) =>
        `${usccOf(enterprise)},${person === null ? '' : residentIdOf(person)},${month},${rest}\n`,
    )
    .join('')}`

/** Three rows of two enterprises. */
export const three = csvOf(
  [1, 1, '2026-01-01', '350100,12.50,3,true,x'],
  [2, 1, '2026-01-01', '110105,999.99,,false,'],
  [1, null, '2026-02-01', '350200,,4,,"a,b"'],
)

export const valueOf = (outcome: Outcome<Published>): Published => {
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.refusals))
  return outcome.value
}
export const refusalsOf = (outcome: Outcome<Published>): readonly Refusal[] =>
  outcome.ok ? [] : outcome.refusals
