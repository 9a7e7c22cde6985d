import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { organisationCheckSql, usccCheckSql } from '../connectors/standards/uscc.ts'
import { dataTypeOf, datasetSchema, type Dataset } from '../policies/dataset.ts'
import { policySchema, type Policy } from '../policies/policy.ts'
import { typeSql } from '../policies/relation/type.ts'
import { prepareHome } from '../sandbox/domain/home.ts'
import { publish } from '../sandbox/domain/publish.ts'
import { probeIsolation, startChild } from '../sandbox/run/child.ts'
import { askOnce } from '../sandbox/run/once.ts'
import { publisherMessageSchema, type PublishJob } from '../sandbox/run/publisher-protocol.ts'
import { usualSettings } from '../sandbox/settings.ts'
import { systemWorld } from '../sandbox/world.ts'
import { watchProcess, type Used } from './process.ts'
import type { Row } from './table.ts'

const title = { zh: '基准', en: 'bench' }
const key = new Uint8Array(32).fill(5)
const rowsPerEntity = 10

/** Invoices of enterprises, as a department delivers them: twelve columns of every type. */
const dataset: Dataset = datasetSchema.parse({
  dataset: 'invoice',
  title,
  department: title,
  entities: [{ kind: 'enterprise', column: 'uscc' }],
  grain: ['uscc', 'number'],
  columns: [
    { name: 'uscc', type: 'text', class: 'identifier', level: 3, standard: 'uscc' },
    { name: 'number', type: 'integer', class: 'code', level: 2 },
    { name: 'issued', type: 'date', class: 'code', level: 2 },
    { name: 'district', type: 'text', class: 'code', level: 1 },
    { name: 'industry', type: 'text', class: 'code', level: 1 },
    { name: 'kind', type: 'text', class: 'code', level: 1 },
    { name: 'amount', type: 'decimal(18,2)', class: 'amount', level: 3 },
    { name: 'tax', type: 'decimal(18,2)', class: 'amount', level: 3 },
    { name: 'rate', type: 'decimal(5,4)', class: 'amount', level: 3 },
    { name: 'items', type: 'integer', class: 'amount', level: 3, nullable: true },
    { name: 'void', type: 'boolean', class: 'code', level: 2 },
    { name: 'remark', type: 'text', class: 'text', level: 3, nullable: true },
  ],
})

const measure = { use: 'measure', clamp: [0, 1_000_000] }
const policy: Policy = policySchema.parse({
  policy: 'bench',
  title,
  doors: ['noise'],
  kinds: { enterprise: { ledger: { rho: 1, delta: 1e-6 } } },
  question: { rho: 0.01, rhoMax: 1, delta: 1e-9 },
  datasets: {
    invoice: {
      contribution: { rowsMax: 20, groupsMax: 20 },
      columns: {
        issued: {
          use: 'dimension',
          desensitize: [{ method: 'date-truncate', to: 'month' }],
          domain: { dates: ['2024-01-01', '2024-12-31'] },
        },
        district: { use: 'dimension', ofEntity: true },
        industry: { use: 'dimension', desensitize: [{ method: 'prefix', length: 2 }] },
        kind: { use: 'dimension' },
        amount: { ...measure, desensitize: [{ method: 'round', base: 100 }] },
        tax: measure,
        rate: { use: 'measure', clamp: [0, 1] },
        items: measure,
        void: { use: 'dimension' },
      },
    },
  },
})

const alphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY'

/** Rows in the order in which invoices are written: the enterprises of a day are strewn over the city. */
const fillSql = (rows: number): string => {
  const entities = Math.ceil(rows / rowsPerEntity)
  const serial = [4, 3, 2, 1, 0]
    .map((power) => `substr('${alphabet}', 1 + (e // ${31 ** power}) % 31, 1)`)
    .join(' || ')
  return `SELECT __code || ${usccCheckSql()} AS uscc, i AS number, DATE '2024-01-01' + CAST((i - 1) * 366 // ${rows} AS INTEGER) AS issued,
  CAST(890101 + e % 16 AS VARCHAR) AS district, CAST(1000 + e * 7 % 900 AS VARCHAR) AS industry,
  CASE WHEN i % 3 = 0 THEN '专用发票' ELSE '普通发票' END AS kind,
  CAST(i * 104729 % 900000000 / 100 AS DECIMAL(18,2)) AS amount, CAST(i * 1299709 % 9000000 / 100 AS DECIMAL(18,2)) AS tax,
  CAST(0.13 AS DECIMAL(5,4)) AS rate, CASE WHEN i % 20 = 0 THEN NULL ELSE i % 97 END AS items, i % 50 = 0 AS void,
  CASE WHEN i % 4 = 0 THEN '货物与劳务' || i END AS remark
FROM (SELECT * REPLACE (__code || ${organisationCheckSql(9)} AS __code)
FROM (SELECT *, '91890101' || 'MAX' || ${serial} AS __code
FROM (SELECT i, i * 7919 % ${entities} AS e FROM range(1, ${rows + 1}) t(i))))`
}

/** What the engine needs alone to read the same file into typed columns in memory. */
const readSql = (path: string): string =>
  `CREATE OR REPLACE TABLE plain AS FROM read_csv('${path}', auto_detect = false, header = true, columns = {` +
  dataset.columns.map((column) => `'${column.name}': '${typeSql(dataTypeOf(column))}'`).join(', ') +
  `})`

/** Publishing a file against the engine's bare reading of it, on as many threads, in turns; the best of three. */
export const benchIngest = async (rows = 1_000_000): Promise<readonly Row[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'))
  const path = join(folder, 'invoice.csv')
  await writeInvoices(path, rows)
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' })
  const connection = await instance.connect()
  try {
    const plain: number[] = []
    const ours: number[] = []
    for (let turn = 0; turn < 3; turn += 1) {
      plain.push(await seconds(async () => connection.run(readSql(path))))
      await connection.run('DROP TABLE plain')
      ours.push(await seconds(async () => ingest(join(folder, `home-${turn}`), folder)))
    }
    const [best, yardstick] = [Math.min(...ours), Math.min(...plain)]
    const note = `${rows} rows, ${(statSync(path).size / 1e6).toFixed(0)} MB; ${best.toFixed(2)} / ${yardstick.toFixed(2)} s`
    return [
      { name: 'ingest, 12 columns', value: rows / best, unit: 'rows/s', target: '>= 250000', note },
      { name: 'ingest / plain read', value: best / yardstick, unit: 'x', target: '<= 8', note },
    ]
  } finally {
    connection.closeSync()
    instance.closeSync()
    rmSync(folder, { recursive: true })
  }
}

const writeInvoices = async (path: string, rows: number): Promise<void> => {
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' })
  const connection = await instance.connect()
  try {
    await connection.run(`COPY (${fillSql(rows)}) TO '${path}' (FORMAT csv, HEADER)`)
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

const seconds = async (work: () => Promise<unknown>): Promise<number> => {
  const start = performance.now()
  await work()
  return (performance.now() - start) / 1000
}

const jobOf = (home: string, inbox: string): PublishJob => {
  mkdirSync(home)
  prepareHome(home)
  return {
    home,
    job: 'job',
    dataset,
    policy,
    source: {
      from: 'file',
      format: 'csv',
      encoding: 'utf-8',
      inbox,
      file: 'invoice.csv',
      bytesMax: 2 ** 40,
      raw: { id: 'raw', key },
    },
    published: { id: 'published', key },
    registers: [{ kind: 'enterprise', key, hmacKey: key, next: 'register' }],
    threads: 2,
    memoryMb: usualSettings.publisher.memoryMb,
  }
}

const ingest = async (home: string, inbox: string): Promise<void> => {
  const published = await publish(jobOf(home, inbox), systemWorld)
  if (!published.ok) throw new Error(JSON.stringify(published.refusals))
}

/** One large file through a publisher of its own, with the limits that a domain sets unless told otherwise. */
export const benchMonth = async (rows = 80_000_000): Promise<readonly Row[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'))
  try {
    await writeInvoices(join(folder, 'invoice.csv'), rows)
    const start = performance.now()
    const { megabytes, cpuSeconds } = await publishApart(jobOf(join(folder, 'home'), folder))
    const minutes = (performance.now() - start) / 60_000
    const note = `${rows / 1e6} M rows; ${cpuSeconds.toFixed(0)} s of CPU, two threads`
    return [
      { name: 'a month, ingested', value: minutes, unit: 'min', target: '<= 6', note },
      { name: 'a month, peak memory', value: megabytes, unit: 'MB', target: '<= 2000', note },
    ]
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const publishApart = async (message: PublishJob): Promise<Used> => {
  const { timeoutMs, ...limits } = usualSettings.publisher
  const child = startChild('publisher-process', limits, probeIsolation())
  const watch = watchProcess(child.pid ?? 0)
  const reply = await askOnce(
    () => child,
    { message, timeoutMs },
    (said) => publisherMessageSchema.parse(said).say === 'progress',
  )
  const used = watch.end()
  const said = 'answer' in reply ? publisherMessageSchema.parse(reply.answer) : reply
  if (!('say' in said) || said.say !== 'published') throw new Error(JSON.stringify(said))
  return used
}
