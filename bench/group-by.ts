import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { datasetSchema, type Dataset } from '../policies/dataset.ts'
import { policySchema, type Policy } from '../policies/policy.ts'
import { toNano } from '../policies/privacy/amount.ts'
import { publishedColumns } from '../policies/published.ts'
import { decide } from '../policies/query/decide.ts'
import type { Plan } from '../policies/query/plan.ts'
import { sealOf } from '../sandbox/domain/files.ts'
import { byteReader } from '../sandbox/noise/bytes.ts'
import { discreteGaussian } from '../sandbox/noise/gaussian.ts'
import { checkText } from '../sandbox/query/check.ts'
import { openCheckerEngine } from '../sandbox/run/checker-engine.ts'
import { openEngine, type Engine } from '../sandbox/run/engine.ts'
import { aliasOf, runPlan } from '../sandbox/run/run-plan.ts'
import { systemWorld } from '../sandbox/world.ts'
import type { Row } from './table.ts'

const title = { zh: '基准', en: 'bench' }
const key = new Uint8Array(32).fill(3)

/** One row an entity, and a panel of one row an entity and month. */
const datasets: readonly Dataset[] = [
  datasetSchema.parse({
    dataset: 'firm',
    title,
    department: title,
    entities: [{ kind: 'enterprise', column: 'uscc' }],
    grain: ['uscc'],
    columns: [
      { name: 'uscc', type: 'text', class: 'identifier', level: 1 },
      { name: 'district', type: 'integer', class: 'code', level: 1 },
      { name: 'tax', type: 'decimal(18,2)', class: 'amount', level: 3 },
      { name: 'capital', type: 'decimal(18,2)', class: 'amount', level: 3 },
    ],
  }),
  datasetSchema.parse({
    dataset: 'panel',
    title,
    department: title,
    entities: [{ kind: 'enterprise', column: 'uscc' }],
    grain: ['uscc', 'month'],
    columns: [
      { name: 'uscc', type: 'text', class: 'identifier', level: 1 },
      { name: 'district', type: 'integer', class: 'code', level: 1 },
      { name: 'month', type: 'integer', class: 'code', level: 1 },
      { name: 'band', type: 'integer', class: 'code', level: 1 },
      { name: 'tax', type: 'decimal(18,2)', class: 'amount', level: 3 },
    ],
  }),
]

const district = { use: 'dimension', domain: { range: [0, 15] }, ofEntity: true }
const amount = { use: 'measure', clamp: [0, 100_000] }
const policy: Policy = policySchema.parse({
  policy: 'bench',
  title,
  doors: ['noise'],
  kinds: { enterprise: { floor: 10, ledger: { rho: 1, delta: 1e-6 } } },
  question: { rho: 0.01, rhoMax: 1, delta: 1e-9 },
  datasets: {
    firm: {
      contribution: { rowsMax: 1, groupsMax: 1 },
      columns: { district, tax: amount, capital: amount },
    },
    panel: {
      contribution: { rowsMax: 24, groupsMax: 24 },
      columns: {
        district,
        month: { use: 'dimension', domain: { range: [1, 24] } },
        band: { use: 'dimension', domain: { range: [0, 3] } },
        tax: amount,
      },
    },
  },
})

/** Entity first, as published columns are; the multiplications scatter values and repeat in every run. */
const fill = {
  firm: `SELECT i AS uscc, (i * 7919) % 16 AS district,
    CAST(((i * 104729) % 9000000) / 100 AS DECIMAL(18,2)) AS tax,
    CAST(((i * 1299709) % 9000000) / 100 AS DECIMAL(18,2)) AS capital FROM range(1, $1 + 1) t(i)`,
  panel: `SELECT i % $2 + 1 AS uscc, ((i % $2) * 7919) % 16 AS district, i // $2 + 1 AS month,
    (i + i // $2) % 4 AS band,
    CAST(((i * 104729) % 9000000) / 100 AS DECIMAL(18,2)) AS tax FROM range(0, $1) t(i)`,
} as const

/** Protected answers against the same GROUP BY written by hand, on the same engine, warm, in turns; smallest of five. */
export const benchGroupBy = async (size: {
  readonly firms: number
  readonly panelEntities: number
}): Promise<readonly Row[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'))
  const engine = await openBench(folder, size)
  try {
    const rows: Row[] = []
    for (const question of questions) rows.push(await compare(engine, question))
    return rows
  } finally {
    engine.close()
    rmSync(folder, { recursive: true })
  }
}

type Question = {
  readonly name: string
  readonly sql: string
  /** What it is measured against: `t` stands for the table. */
  readonly yardstick: string
  readonly target: number
}

const questions: readonly Question[] = [
  {
    name: 'group by, one measure, one row an entity / plain',
    sql: 'select district, sum(tax) from firm group by district',
    yardstick: 'SELECT district, sum(tax) FROM firm GROUP BY district',
    target: 2,
  },
  {
    name: 'group by, two measures, one row an entity / plain',
    sql: 'select district, sum(tax), sum(capital) from firm group by district',
    yardstick: 'SELECT district, sum(tax), sum(capital) FROM firm GROUP BY district',
    target: 3,
  },
  {
    name: 'panel, keys of the entity / plain',
    sql: 'select district, sum(tax), count(*) from panel group by district',
    yardstick: 'SELECT district, sum(tax), count(*) FROM panel GROUP BY district',
    target: 10,
  },
  {
    name: 'panel, keys that complete the grain / count(distinct) alone',
    sql: 'select month, sum(tax), count(*) from panel group by month',
    yardstick: 'SELECT month, count(DISTINCT uscc) FROM panel GROUP BY month',
    target: 1.5,
  },
  {
    name: 'panel, other keys / count(distinct) alone',
    sql: 'select band, sum(tax), count(*) from panel group by band',
    yardstick: 'SELECT band, count(DISTINCT uscc) FROM panel GROUP BY band',
    target: 1.5,
  },
]

const openBench = async (
  folder: string,
  { firms, panelEntities }: { readonly firms: number; readonly panelEntities: number },
): Promise<Engine> => {
  const files = [
    await write(folder, datasets[0] as Dataset, fill.firm, [firms]),
    await write(folder, datasets[1] as Dataset, fill.panel, [panelEntities * 24, panelEntities]),
  ]
  return openEngine({ threads: 2, memoryMb: 8192, steady: true, attach: files })
}

/** The table of one row an entity, as a published file. */
export const writeFirms = (folder: string, firms: number): ReturnType<typeof write> =>
  write(folder, datasets[0] as Dataset, fill.firm, [firms])

const write = async (
  folder: string,
  dataset: Dataset,
  sql: string,
  params: readonly number[],
): Promise<{ path: string; alias: string; key: Uint8Array; sha256: string }> => {
  const path = join(folder, `${dataset.dataset}.duckdb`)
  const instance = await DuckDBInstance.create(':memory:', { force_mbedtls_unsafe: 'true' })
  const connection = await instance.connect()
  await connection.run(`ATTACH '${path}' AS x (ENCRYPTION_CIPHER 'GCM', ENCRYPTION_KEY $1)`, [
    Buffer.from(key).toString('base64'),
  ])
  const text = sql.replaceAll(/\$(\d)/g, (_, place: string) => String(params[Number(place) - 1]))
  const columns = publishedColumns(dataset, policy).map(({ name }) => name)
  await connection.run(
    `CREATE TABLE x.main.${dataset.dataset} AS SELECT ${columns.join(', ')} FROM (${text})`,
  )
  await connection.run('CHECKPOINT x')
  connection.closeSync()
  instance.closeSync()
  return { path, alias: aliasOf(dataset.dataset), key, sha256: (await sealOf(path)).sha256 }
}

const compare = async (engine: Engine, question: Question): Promise<Row> => {
  const plan = await planOf(question.sql)
  const yardstick = question.yardstick.replaceAll(
    /FROM (\w+)/g,
    (_, name: string) => `FROM "${aliasOf(name)}".main.${name}`,
  )
  const ours: number[] = []
  const theirs: number[] = []
  for (let turn = 0; turn < 6; turn += 1) {
    theirs.push(await timed(async () => engine.query(yardstick)))
    ours.push(await timed(async () => run(plan, engine)))
  }
  // The first turn warms the buffers.
  const [best, plain] = [Math.min(...ours.slice(1)), Math.min(...theirs.slice(1))]
  return {
    name: question.name,
    value: best / plain,
    unit: 'x',
    target: `<= ${question.target}`,
    note: `${best.toFixed(0)} / ${plain.toFixed(0)} ms`,
  }
}

const run = (plan: Plan, engine: Engine): ReturnType<typeof runPlan> => {
  const bytes = byteReader(systemWorld.randomBytes)
  return runPlan(plan, engine, {
    sampler: (sigmaSquared) => discreteGaussian(sigmaSquared, bytes),
    salt: [1n, 2n],
    nowMs: systemWorld.nowMs,
    timeoutMs: 120_000,
  })
}

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const start = performance.now()
  await work()
  return performance.now() - start
}

export const planOf = async (text: string): Promise<Plan> => {
  const binder = await openCheckerEngine()
  const tables = datasets.map((dataset) => ({
    dataset: dataset.dataset,
    columns: publishedColumns(dataset, policy).map(({ name, type }) => ({ name, type })),
  }))
  const tree = await checkText({ text, tables, today: '2026-01-01' }, binder)
  binder.close()
  if (!tree.ok) throw new Error(JSON.stringify(tree.refusals))
  const plan = decide(tree.value, {
    datasets: Object.fromEntries(datasets.map((dataset) => [dataset.dataset, dataset])),
    policy,
    door: 'noise',
    rhoNano: toNano(0.01),
    place: () => ({ line: 1, column: 1 }),
  })
  if (!plan.ok) throw new Error(JSON.stringify(plan.refusals))
  return plan.value
}
