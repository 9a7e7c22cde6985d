import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { cityOf, copySql } from '../../connectors/city/city.ts'
import { profiles } from '../../connectors/city/profile.ts'

/**
 * Generates a city: `city-process.js FOLDER PROFILE SEED` writes `<dataset>.csv` for every dataset into the folder and
 * says `{"dataset":...,"rows":...}` a line on standard output as each is done. The data is invented; nothing of a domain
 * is in this process.
 */
const [folder = '', profileName = '', seedText = ''] = process.argv.slice(2)
const profile = Object.entries(profiles).find(([name]) => name === profileName)?.[1]
const seed = Number(seedText)
if (folder === '' || profile === undefined || !Number.isSafeInteger(seed)) {
  process.stderr.write(`city-process FOLDER ${Object.keys(profiles).join('|')} SEED\n`)
  process.exit(2)
}

const instance = await DuckDBInstance.create(':memory:')
const connection = await instance.connect()
const { setup, tables } = cityOf(profile, seed)
for (const sql of setup) await connection.run(sql)
for (const { dataset, sql } of tables) {
  const copied = await connection.run(copySql(sql, join(folder, `${dataset}.csv`)))
  process.stdout.write(`${JSON.stringify({ dataset, rows: copied.rowsChanged })}\n`)
}
connection.closeSync()
instance.closeSync()
