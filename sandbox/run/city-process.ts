import { mkdirSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import * as z from 'zod'
import { bankSetupSql, bankSql, bankTables } from '../../connectors/city/bank.ts'
import { cityOf, copySql } from '../../connectors/city/city.ts'
import {
  bankDocuments,
  cityDocument,
  cityPolicies,
  departmentDatasets,
  panelDatasets,
  personDatasets,
  storyDatasets,
} from '../../connectors/city/documents.ts'
import { spoilSql } from '../../connectors/city/dirty.ts'
import { profiles } from '../../connectors/city/profile.ts'
import { datasetSchema } from '../../policies/dataset.ts'
import { parseDocument } from '../../policies/document.ts'

/**
 * Generates a city: `city-process.js JOB` with the job as JSON writes `<dataset>.csv`, or `.parquet` for the panels of a
 * large city, for every dataset into the folder and says `{"dataset":...,"rows":...}` a line on standard output as each
 * is done. It ends when standard input does. The data is invented; nothing of a domain is in this process.
 */
const jobSchema = z.strictObject({
  folder: z.string().min(1),
  profile: z.enum(Object.keys(profiles) as [keyof typeof profiles]),
  seed: z.int().min(0),
  months: z.int().min(4).max(36).optional(),
  /** The story's tables alone, or all of the departments with their documents. */
  tables: z.enum(['story', 'departments']),
  persons: z.boolean().default(false),
  /** What a bank of the city holds, into its own folder `bank`. */
  bank: z.boolean().default(false),
  /** Spoilt as real deliveries are, with `planted.csv`, which says what is wrong where. */
  dirty: z.boolean().default(false),
})

const largeEnterprises = 500_000
const panels: readonly string[] = [...panelDatasets, 'bank_behaviour_month']
/** Beside what the engine counts, writing Parquet took half as much again: 2.7 million enterprises stay below 2 GB. */
const limits = { memory_limit: '1100MB', threads: '2', preserve_insertion_order: 'true' }

process.stdin.resume().once('end', () => process.exit(1))
const parsed = jobSchema.safeParse(JSON.parse(process.argv[2] ?? 'null'))
if (!parsed.success) {
  process.stderr.write(`city-process JOB: ${z.prettifyError(parsed.error)}\n`)
  process.exit(2)
}
const job = parsed.data
const profile = { ...profiles[job.profile], ...(job.months && { months: job.months }) }
const datasets =
  job.tables === 'story'
    ? storyDatasets
    : [...departmentDatasets, ...(job.persons ? personDatasets : [])]

const writeDocuments = (folder: string, names: readonly string[]): void => {
  mkdirSync(folder, { recursive: true })
  for (const name of names)
    writeFileSync(join(folder, `${basename(name)}.yaml`), cityDocument(name), { flag: 'wx' })
}
if (job.tables === 'departments')
  writeDocuments(join(job.folder, 'documents'), [...datasets, ...cityPolicies])
if (job.bank) writeDocuments(join(job.folder, 'bank', 'documents'), bankDocuments)

const instance = await DuckDBInstance.create(':memory:', {
  ...limits,
  temp_directory: join(job.folder, '.engine'),
})
const connection = await instance.connect()
const city = cityOf(profile, job.seed)
const isLarge = profile.enterprises >= largeEnterprises
const write = async (dataset: string, sql: string, folder = job.folder): Promise<void> => {
  const format = isLarge && panels.includes(dataset) ? 'parquet' : 'csv'
  const copied = await connection.run(copySql(sql, join(folder, `${dataset}.${format}`), format))
  process.stdout.write(`${JSON.stringify({ dataset, rows: copied.rowsChanged })}\n`)
}
for (const sql of city.setup) await connection.run(sql)
for (const name of datasets) {
  if (!job.dirty) await write(name, city.table(name))
  else {
    const dataset = parseDocument(cityDocument(name), datasetSchema)
    if (!dataset.ok) throw new Error('a document of the city is wrong')
    const spoilt = spoilSql(dataset.value, city.table(name), job.seed)
    for (const sql of spoilt.make) await connection.run(sql)
    await write(name, spoilt.rows)
    const isFirst = name === datasets[0]
    await connection.run(
      isFirst
        ? `CREATE TABLE planted AS ${spoilt.planted}`
        : `INSERT INTO planted ${spoilt.planted}`,
    )
  }
}
if (job.dirty) await write('planted', 'FROM planted')
if (job.bank) {
  const folder = join(job.folder, 'bank')
  for (const sql of bankSetupSql(profile, job.seed)) await connection.run(sql)
  const queries = bankSql(profile)
  for (const table of bankTables) await write(table, queries[table], folder)
}
connection.closeSync()
instance.closeSync()
process.stdin.destroy()
