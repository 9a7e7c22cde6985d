import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkText, type Binder } from '../../../sandbox/query/check.ts'
import { isObject, parseJson, type Json } from '../../../sandbox/query/json.ts'
import { openCheckerEngine, type CheckerEngine } from '../../../sandbox/run/checker-engine.ts'
import { cityTables, today } from '../../support/checker.ts'

/*
 * A newer engine may write fields and kinds of nodes that nobody here knows (I3). Each object of a syntax tree and of a
 * plan in turn gets a field of its own, or another type: either way the text is refused, and never understood without it.
 */
const text = `WITH f AS (SELECT uscc, sum(amount) AS s FROM tax GROUP BY uscc)
  SELECT e.district, count(*) FILTER (WHERE f.s > 3) AS n, avg(CASE WHEN e.staff IN (1, 2) THEN f.s ELSE 0 END) AS m,
    row_number() OVER (PARTITION BY e.district ORDER BY count(*)) AS r
  FROM enterprise e LEFT JOIN f ON f.uscc = e.uscc AND e.staff > 1
  WHERE e.founded BETWEEN '2015-01-01' AND current_date AND NOT e.listed AND coalesce(e.staff, 0) > 2
    AND EXISTS (SELECT 1 FROM court c WHERE c.uscc = e.uscc) AND e.capital > (SELECT avg(capital) FROM enterprise)
  GROUP BY e.district HAVING count(*) > 2 UNION ALL SELECT 'all', 1, 2.5, 3 ORDER BY n DESC LIMIT 5`

let engine: CheckerEngine
beforeAll(async () => {
  engine = await openCheckerEngine()
})
afterAll(() => engine.close())

const check = (binder: Binder) => checkText({ text, tables: cityTables, today }, binder)

/** The JSON with the object at one place changed, empty if it is none to change, undefined behind the last place. */
const changeAt = (
  json: Json,
  place: number,
  change: (json: object) => object,
): string | undefined => {
  let count = -1
  let state: 'behind' | 'same' | 'changed' = 'behind'
  const write = (value: Json): string => {
    if (Array.isArray(value)) return `[${(value as readonly Json[]).map(write).join(',')}]`
    if (!isObject(value)) return plain(value)
    count += 1
    const object = count === place ? (change(value) as typeof value) : value
    if (count === place) state = object === value ? 'same' : 'changed'
    const members = Object.entries(object).map(
      ([key, part]) => `${JSON.stringify(key)}:${write(part)}`,
    )
    return `{${members.join(',')}}`
  }
  const written = write(json)
  if (state === 'behind') return undefined
  return state === 'same' ? '' : written
}

const plain = (value: Json): string => {
  if (typeof value === 'bigint') return String(value)
  return typeof value === 'object' && value !== null
    ? String((value as { text?: string }).text)
    : JSON.stringify(value)
}

const understood = async (
  step: 'serializeSql' | 'serializePlan',
  change: (json: object) => object,
): Promise<string[]> => {
  // What the engine says of a text that stays the same, it need not say again.
  const original: Binder = {
    ...engine,
    serializeSql: async () => wrapped.sql,
    serializePlan: async () => wrapped.plan,
  }
  const json = parseJson(step === 'serializeSql' ? wrapped.sql : wrapped.plan)
  const kept: string[] = []
  for (let place = 0; ; place += 1) {
    const changed = changeAt(json, place, change)
    if (changed === undefined) return kept
    if (changed === '') continue
    const outcome = await check({ ...original, [step]: async () => changed }).catch(() => undefined)
    if (outcome?.ok === true) kept.push(pathAt(json, place))
  }
}

const pathAt = (json: Json, place: number): string => {
  let count = -1
  let found = ''
  const visit = (value: Json, path: string): void => {
    if (isObject(value)) {
      count += 1
      if (count === place) found = path
    }
    if (typeof value === 'object' && value !== null)
      for (const [key, part] of Object.entries(value))
        visit(part as Json, `${path}.${/^\d+$/.test(key) ? '*' : key}`)
  }
  visit(json, '')
  return found
}

const wrapped = { sql: '', plan: '' }
beforeAll(async () => {
  const recording: Binder = {
    ...engine,
    serializeSql: async (sql) => (wrapped.sql = await engine.serializeSql(sql)),
    serializePlan: async (sql, tables) => (wrapped.plan = await engine.serializePlan(sql, tables)),
  }
  const outcome = await check(recording)
  expect(outcome.ok).toBe(true)
})

// The second is a word that every object of ours would answer to.
const novelties = ['novelty', 'constructor']

test.each(novelties)(
  'a field `%s` of a syntax tree is refused wherever it stands',
  async (name) => {
    const kept = await understood('serializeSql', (object) => ({ ...object, [name]: 1 }))
    expect([...new Set(kept)]).toEqual([])
  },
)

test.each(novelties)('a field `%s` of a plan is refused wherever it stands', async (name) => {
  const kept = await understood('serializePlan', (object) => ({ ...object, [name]: 1 }))
  expect([...new Set(kept)]).toEqual([])
})

test.each(novelties)('a kind of node `%s` is refused wherever it stands', async (name) => {
  const novel =
    (field: string) =>
    (object: object): object =>
      field in object ? { ...object, [field]: name } : object
  const kept = [
    ...(await understood('serializeSql', novel('type'))),
    ...(await understood('serializeSql', novel('class'))),
    ...(await understood('serializePlan', novel('type'))),
    ...(await understood('serializePlan', novel('expression_class'))),
  ]
  expect([...new Set(kept)]).toEqual([])
})
