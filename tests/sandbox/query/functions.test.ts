import { readFileSync } from 'node:fs'
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { partsOf, type Expr } from '../../../policies/relation/expression.ts'
import {
  aggregateFunctions,
  isWritable,
  scalarFunctions,
  windowFunctions,
} from '../../../policies/relation/functions.ts'
import type { Tree } from '../../../policies/relation/tree.ts'
import { sameType, type DataType } from '../../../policies/relation/type.ts'
import { emitTree } from '../../../sandbox/query/emit.ts'
import { checkEmitted } from '../../../sandbox/query/second-lock.ts'
import { quoteName } from '../../../sandbox/query/render.ts'
import { exprsOf } from '../../../sandbox/query/work.ts'
import { check } from '../../support/checker.ts'
import { createHostile, hostileColumn, hostileTable, hostileTypes } from '../../support/hostile.ts'

let connection: DuckDBConnection
beforeAll(async () => {
  connection = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect()
  await connection.run(createHostile())
})
afterAll(() => connection.closeSync())

const rowsOf = async (sql: string): Promise<readonly (readonly unknown[])[]> =>
  (await connection.runAndReadAll(sql)).getRows()

describe('every function of the engine is permitted or refused by name', () => {
  const refused = new Map(
    readFileSync('tests/cases/functions/refused.txt', 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.split('\t') as [string, string]),
  )

  test('a name nobody has classified is found', async () => {
    const names = (await rowsOf('SELECT DISTINCT function_name FROM duckdb_functions()')).map(
      ([name]) => String(name),
    )
    expect(names.filter((name) => !isWritable(name) && !refused.has(name))).toEqual([])
    expect(names.filter((name) => isWritable(name) && refused.has(name))).toEqual([])
    expect([...refused.keys()].filter((name) => !names.includes(name))).toEqual([])
  })

  test('what the engine writes out in other functions is known by name', async () => {
    const macros = (
      await rowsOf(
        "SELECT DISTINCT function_name FROM duckdb_functions() WHERE function_type LIKE '%macro%'",
      )
    ).map(([name]) => String(name))
    expect(macros.filter(isWritable).sort()).toEqual(['date_add', 'nullif'])
  })
})

const families: Readonly<Record<string, readonly DataType['id'][]>> = {
  integer: ['TINYINT', 'INTEGER', 'BIGINT', 'HUGEINT'],
  decimal: ['DECIMAL'],
  exact: ['TINYINT', 'INTEGER', 'BIGINT', 'HUGEINT', 'DECIMAL'],
  double: ['DOUBLE'],
  number: ['TINYINT', 'INTEGER', 'BIGINT', 'HUGEINT', 'DECIMAL', 'DOUBLE'],
  text: ['VARCHAR'],
  date: ['DATE'],
  timestamp: ['TIMESTAMP'],
  moment: ['DATE', 'TIMESTAMP'],
  boolean: ['BOOLEAN'],
  value: hostileTypes.map(({ id }) => id),
}

/** Constants for the arguments that must be some, by function and position. */
const constants: Readonly<Record<string, Readonly<Record<number, readonly string[]>>>> = {
  round: { 1: ['-3', '2', '15'] },
  floor: {},
  ceil: {},
  trunc: { 1: ['1', '-2'] },
  date_part: { 0: ["'year'", "'yearweek'", "'decade'"] },
  date_trunc: { 0: ["'month'", "'week'", "'century'", "'hour'"] },
  date_diff: { 0: ["'day'", "'year'", "'second'"] },
  date_sub: { 0: ["'month'", "'hour'"] },
  strftime: { 0: ["'%Y-%m-%d %H:%M %A'"], 1: ["'%Y-%m-%d %H:%M %A'"] },
  strptime: { 1: ["'%Y-%m-%d'"] },
  '~~': { 1: ["'%a_c%'"] },
  '!~~': { 1: ["'_'"] },
  '~~*': { 1: ["'A%'"] },
  '!~~*': { 1: ["'%业'"] },
  like_escape: { 1: ["'!%%'"], 2: ["'!'"] },
  not_like_escape: { 1: ["'!%%'"], 2: ["'!'"] },
  ilike_escape: { 1: ["'!%%'"], 2: ["'!'"] },
  not_ilike_escape: { 1: ["'!%%'"], 2: ["'!'"] },
  regexp_matches: { 1: ["'^(a|b)+.*'"] },
  regexp_full_match: { 1: ["'[a-z]*'"] },
  regexp_extract: { 1: ["'(a)(b)?'"], 2: ['2', '0'] },
  replace: { 1: ["'ab'"], 2: ["'x'"] },
  translate: { 1: ["'ab企'"], 2: ["'企b'"] },
  lpad: { 1: ['12', '-1'], 2: ["'业'"] },
  rpad: { 1: ['12', '0'], 2: ["'ab'"] },
  trim: { 1: ["'a '"] },
  ltrim: { 1: ["'a'"] },
  rtrim: { 1: ["'c'"] },
  concat_ws: { 0: ["'-'"] },
  quantile_cont: { 1: ['0', '0.5', '1'] },
  quantile_disc: { 1: ['0.25'] },
  ntile: { 0: ['4'] },
  nth_value: { 1: ['2'] },
  lag: { 1: ['1'] },
  lead: { 1: ['2'] },
}

const unary: Readonly<Record<string, (list: string) => string>> = {
  negate: (list) => `-(${list})`,
}

const callText = (name: string, args: readonly string[]): string => {
  const written = unary[name]
  if (written !== undefined) return written(args.join(', '))
  if (/^[a-z_0-9]+$/.test(name)) return `${name}(${args.join(', ')})`
  return `${args[0]} ${name} ${args[1]}`
}

/** Calls of one function that try every type it takes. */
const callsOf = (name: string, takes: readonly string[]): readonly string[] =>
  takes.flatMap((signature) => {
    const words = signature.split(' ').filter((word) => word !== '')
    const wanted = words.at(-1) === '...' ? [words[0]!, words[0]!, words[0]!] : words
    const most = Math.max(1, ...wanted.map((word) => (families[word] ?? []).length * 3))
    const seen = new Set<string>()
    for (let turn = 0; turn < most; turn += 1) {
      const args = wanted.map((word, place) => {
        const given = word === 'moment' ? undefined : constants[name]?.[place]
        if (given !== undefined) return given[turn % given.length]!
        if (word === 'interval')
          return turn % 2 === 0 ? 'INTERVAL 40 MONTH' : "INTERVAL '9999 years'"
        const types = hostileTypes.filter(({ id }) => families[word]?.includes(id))
        return hostileColumn(types[turn % types.length]!, place)
      })
      seen.add(callText(name, args))
    }
    return [...seen]
  })

const namesIn = (tree: Tree): ReadonlySet<string> => {
  const names = new Set<string>()
  const visit = (expr: Expr): void => {
    if (expr.op === 'call') names.add(expr.name)
    for (const part of partsOf(expr)) visit(part)
  }
  for (const node of tree.nodes) {
    for (const expr of exprsOf(node)) visit(expr)
    if (node.op === 'aggregate') for (const { name } of node.measures) names.add(name)
    if (node.op === 'window') for (const { name } of node.exprs) names.add(name)
  }
  return names
}

/** Runs a question over values that break things. Whether it was understood, with which functions. */
const survives = async (sql: string): Promise<ReadonlySet<string>> => {
  const outcome = await check(sql, [hostileTable])
  if (!outcome.ok) return new Set()
  const emitted = emitTree(outcome.value, quoteName)
  const start = performance.now()
  const rows = await rowsOf(emitted).catch((error: unknown) => {
    throw new Error(`${sql} became ${emitted}, and failed: ${String(error)}`)
  })
  expect(performance.now() - start, sql).toBeLessThan(1000)
  for (const [value] of rows) if (typeof value === 'string') expect(value.length).toBeLessThan(8000)
  const plan = await connection.runAndReadAll(
    'SELECT json_serialize_plan($1::VARCHAR, optimize := false)',
    [emitted],
  )
  expect(checkEmitted(outcome.value, String(plan.getRows()[0]?.[0])), sql).toEqual([])
  return namesIn(outcome.value)
}

/** Only ever constants: what they make is a literal by the time a tree is there. */
const constantOnly = /^to_[a-z]+$|^pi$/

describe('no permitted function fails, grows or lingers, whatever it is given', () => {
  test.each([...scalarFunctions.keys()].filter((name) => !constantOnly.test(name)))(
    '%s',
    async (name) => {
      const takes = (scalarFunctions.get(name) ?? []).flatMap((entry) => entry.takes)
      const calls = callsOf(name, takes)
      let understood = 0
      for (const call of calls) {
        const names = await survives(`SELECT ${call} AS x FROM hostile`)
        if (names.has(name)) understood += 1
      }
      expect(understood, calls.join('\n')).toBeGreaterThan(0)
    },
  )

  test.each([...aggregateFunctions])('the aggregate %s', async (name, { takes }) => {
    const calls = name === 'count_star' ? ['count(*)'] : callsOf(name, takes)
    let understood = 0
    for (const call of calls) {
      const names = await survives(`SELECT ${call} AS x FROM hostile GROUP BY b_tinyint`)
      await survives(`SELECT ${call} AS x FROM hostile`)
      await survives(
        `SELECT ${call} OVER (PARTITION BY b_boolean ORDER BY c_date) AS x FROM hostile`,
      )
      if (names.has(name)) understood += 1
    }
    expect(understood, calls.join('\n')).toBeGreaterThan(0)
  })

  test.each([...windowFunctions])('the window function %s', async (name, { takes }) => {
    let understood = 0
    for (const call of callsOf(name, takes)) {
      const over = 'OVER (PARTITION BY b_boolean ORDER BY c_date, c_bigint)'
      const names = await survives(`SELECT ${call} ${over} AS x FROM hostile`)
      if (names.has(name)) understood += 1
    }
    expect(understood).toBeGreaterThan(0)
  })

  test.each(
    hostileTypes.flatMap((from) =>
      hostileTypes
        .filter((to) => !sameType(from, to))
        .map((to) => ({ from: from.id, column: hostileColumn(from, 0), to })),
    ),
  )('a cast of $from to $to.id', async ({ column, to }) => {
    const type = to.id === 'DECIMAL' ? `DECIMAL(${to.width}, ${to.scale})` : to.id
    await survives(`SELECT CAST(${column} AS ${type}) AS x FROM hostile`)
  })
})

test('what is divided by zero has no value', async () => {
  for (const sign of ['/', '//', '%']) {
    const outcome = await check(
      `SELECT a_bigint ${sign} b_bigint AS x FROM hostile WHERE b_bigint = 0`,
      [hostileTable],
    )
    if (!outcome.ok) throw new Error(JSON.stringify(outcome.refusals))
    const rows = await rowsOf(emitTree(outcome.value, quoteName))
    expect(rows.length).toBeGreaterThan(5)
    expect(rows.flat().every((value) => value === null)).toBe(true)
  }
})

test('a text that is put together has at most 512 characters', async () => {
  for (const call of [
    'a_varchar || b_varchar',
    'concat(a_varchar, b_varchar)',
    "concat_ws('-', a_varchar, b_varchar)",
  ]) {
    const outcome = await check(`SELECT max(length(${call})) AS x FROM hostile`, [hostileTable])
    if (!outcome.ok) throw new Error(JSON.stringify(outcome.refusals))
    expect(await rowsOf(emitTree(outcome.value, quoteName))).toEqual([[512n]])
  }
})
