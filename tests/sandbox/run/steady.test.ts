import { BIGINT, DuckDBInstance, DuckDBScalarFunction } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { engineOf, steadyOff, type Engine } from '../../../sandbox/run/engine.ts'
import { fillRichAndPoor, profileOf, readIn } from '../../attacks/families/work.ts'

/*
 * What the engine does with the values of its tables, counted: the settings of a steady engine are those without which
 * one enterprise decides what is read, kept or looked up of all others.
 */
type Setting = (typeof steadyOff)[number]

/** Statements as they are written from a tree, each with what is told by a setting that is left on. */
const tells: Readonly<Record<Exclude<Setting, 'filter_pullup'>, string>> = {
  filter_pushdown: 'SELECT count(*) FROM tax WHERE amount > 900000',
  statistics_propagation: 'SELECT count(*) FROM tax WHERE amount > 900000',
  join_filter_pushdown:
    'SELECT count(*) FROM tax t JOIN (SELECT uscc FROM enterprise WHERE capital > 900000 OR uscc = 0) e ON t.uscc = e.uscc',
  join_order:
    'SELECT count(*) FROM tax t JOIN enterprise e ON e.uscc = t.uscc JOIN court c ON c.uscc = t.uscc',
  build_side_probe_side: 'SELECT count(*) FROM court c JOIN enterprise e ON c.uscc = e.uscc',
  window_self_join:
    'SELECT count(s) FROM (SELECT sum(amount) OVER (PARTITION BY uscc) AS s FROM tax WHERE amount > 900000)',
}

let engine: Engine
let instance: DuckDBInstance
const counted = { left: 0, right: 0 }
beforeAll(async () => {
  instance = await DuckDBInstance.create(':memory:', { threads: '1' })
  const connection = await instance.connect()
  for (const side of ['left', 'right'] as const)
    connection.registerScalarFunction(
      DuckDBScalarFunction.create({
        name: `counted_${side}`,
        parameterTypes: [BIGINT],
        returnType: BIGINT,
        mainFunction: (_, input, output) => {
          counted[side] += input.rowCount
          const values = input.getColumnVector(0)
          for (let row = 0; row < input.rowCount; row += 1) output.setItem(row, values.getItem(row))
          output.flush()
        },
      }),
    )
  engine = engineOf(instance, connection)
  await fillRichAndPoor(engine)
})
afterAll(() => engine.close())

/** What is done in each of the two towns, with all settings of a steady engine but one. */
const readWithout = async (sql: string, left?: Setting): Promise<readonly string[]> => {
  const off = steadyOff.filter((setting) => setting !== left)
  await engine.query(`SET disabled_optimizers = '${off.join(',')}'`)
  const read: string[] = []
  for (const schema of ['rich', 'poor']) {
    await engine.query(`USE memory.${schema}`)
    const profile = readIn(await profileOf(engine, sql))
    // The one case more or less of the one enterprise is its own.
    read.push(JSON.stringify(profile).replaceAll(/7500[01]|74999/g, '75000'))
  }
  return read
}

describe('a setting of a steady engine', () => {
  test.each(Object.entries(tells))('%s keeps from being told: %s', async (left, sql) => {
    const [rich, poor] = await readWithout(sql)
    expect(rich).toBe(poor)
    const [richer, poorer] = await readWithout(sql, left as Setting)
    expect(richer).not.toBe(poorer)
  })

  test('filter_pullup keeps conditions below joins, where nothing else would put them again', async () => {
    const sql = `SELECT count(*) FROM (SELECT * FROM enterprise WHERE uscc < 40) e
      JOIN (SELECT * FROM court WHERE uscc < 40) c ON c.uscc = e.uscc`
    expect((await readWithout(sql))[0]).not.toContain('PRODUCT')
    await engine.query('CREATE SCHEMA few')
    await engine.query('USE memory.few')
    for (const table of ['enterprise', 'court'])
      await engine.query(`CREATE TABLE ${table} AS SELECT range AS uscc FROM range(100)`)
    const off = steadyOff.filter((setting) => setting !== 'filter_pullup')
    await engine.query(`SET disabled_optimizers = '${off.join(',')}'`)
    const pairs = (await profileOf(engine, sql)).filter(({ name }) => name === 'CROSS_PRODUCT')
    expect(pairs.map(({ rows }) => rows)).toEqual([10_000])
  })
})

/** The words of a join, and whether its first side is looked up in the second or the other way round. */
const joins = ['INNER', 'LEFT', 'RIGHT', 'SEMI', 'ANTI']

describe('a side that is kept', () => {
  const countedBy = async (words: string, kept: string, other: string) => {
    Object.assign(counted, { left: 0, right: 0 })
    await engine.query(`SET disabled_optimizers = '${steadyOff.join(',')}'`)
    await engine.query('USE memory.poor')
    const list = /SEMI|ANTI/.test(words) ? 'count(l.uscc)' : 'count(l.uscc), count(r.uscc)'
    await engine.query(
      `SELECT ${list} FROM ${other} l ${words} JOIN ${kept} r ON counted_left(l.uscc) = counted_right(r.uscc)`,
    )
    return { ...counted }
  }
  const nobody = '(SELECT uscc FROM enterprise WHERE capital > 900000)'
  const one = '(SELECT uscc FROM enterprise WHERE capital > 900000 OR uscc = 7)'

  test.each(joins)(
    'is looked up in where it has a row, and not at all where it has none: %s',
    async (words) => {
      const some = await countedBy(words, one, 'enterprise')
      expect(some).toEqual({ left: 75_000, right: 1 })
      const none = await countedBy(words, nobody, 'enterprise')
      expect(none).toEqual({ left: 0, right: 0 })
    },
  )

  test.each(joins)('is kept whole where nobody is looked up in it: %s', async (words) => {
    expect(await countedBy(words, 'enterprise', one)).toEqual({ left: 1, right: 75_000 })
    expect(await countedBy(words, 'enterprise', nobody)).toEqual({ left: 0, right: 75_000 })
  })
})
