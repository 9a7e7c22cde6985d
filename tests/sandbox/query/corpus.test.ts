import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DuckDBInstance, type DuckDBConnection, type JS } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { emitTree } from '../../../sandbox/query/emit.ts'
import { checkEmitted } from '../../../sandbox/query/second-lock.ts'
import { quoteName } from '../../../sandbox/query/render.ts'
import { check, today } from '../../support/checker.ts'
import { fillCity } from '../../support/city.ts'

const folder = 'tests/cases/corpus'
/** The SQL that each question became: another engine, or another pass, shows what it changes. */
const emittedFolder = 'tests/cases/emitted'
const seeds = [1, 2, 3]

type Case = { readonly title: string; readonly ordered: boolean; readonly sql: string }

const casesOf = (file: string): readonly Case[] =>
  readFileSync(join(folder, file), 'utf8')
    .split(/\n\s*\n/)
    .filter((block) => block.trim() !== '')
    .map((block) => {
      const lines = block.trim().split('\n')
      const notes = lines.filter((line) => line.startsWith('-- '))
      return {
        title: (notes[0] ?? '').slice(3),
        ordered: notes.includes('-- ordered'),
        sql: lines.filter((line) => !line.startsWith('-- ')).join('\n'),
      }
    })

/** Floats to nine digits; rows in order only where the question orders them. */
const comparable = (rows: JS[][], ordered: boolean): string[] => {
  const texts = rows.map((row) =>
    JSON.stringify(row, (_, value: unknown) => {
      if (typeof value === 'bigint') return String(value)
      return typeof value === 'number' ? Number(value.toPrecision(9)) : value
    }),
  )
  return ordered ? texts : texts.sort()
}

let connection: DuckDBConnection
beforeAll(async () => {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' })
  connection = await instance.connect()
  // Division by zero is infinite in the engine and has no value here: this setting makes both say NULL.
  await connection.run('SET ieee_floating_point_ops = false')
  for (const seed of seeds) {
    await connection.run(`CREATE SCHEMA seed_${seed}; USE memory.seed_${seed}`)
    await fillCity(connection, seed)
  }
})
afterAll(() => connection.closeSync())

const run = async (sql: string, ordered: boolean): Promise<string[]> => {
  const result = await connection.runAndReadAll(sql)
  return comparable(result.getRowsJS(), ordered)
}

const planOf = async (sql: string): Promise<string> => {
  const call = 'SELECT json_serialize_plan($1::VARCHAR, optimize := false)'
  return String((await connection.runAndReadAll(call, [sql])).getRows()[0]?.[0])
}

for (const file of readdirSync(folder).sort())
  describe(`the tree of a question gives the answer of its text: ${file}`, () => {
    const became: string[] = []
    for (const { title, ordered, sql } of casesOf(file))
      test(title, async () => {
        const outcome = await check(sql)
        if (!outcome.ok) throw new Error(JSON.stringify(outcome.refusals))
        const original = sql.replaceAll(/\bcurrent_date\b/g, `DATE '${today}'`)
        const emitted = emitTree(outcome.value, quoteName)
        became.push(`-- ${title}\n${emitted}\n`)
        for (const seed of seeds) {
          await connection.run(`USE memory.seed_${seed}`)
          expect(await run(emitted, ordered), emitted).toEqual(await run(original, ordered))
        }
        expect(checkEmitted(outcome.value, await planOf(emitted))).toEqual([])
      })

    test('and each became the SQL that it was when somebody last looked', () =>
      expect(became.join('\n')).toMatchFileSnapshot(join('../../..', emittedFolder, file)))
  })
