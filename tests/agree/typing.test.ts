import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { decide } from '../../policies/query/decide.ts'
import { check } from '../support/checker.ts'
import { townContext, townTables } from '../support/town.ts'

/*
 * Random texts beside a typing that knows nothing of trees: it reads the table "private and public" off the text's own
 * outline, one line a construction. Every relation has a number `n`, used by whatever stands above it so that nothing is
 * pruned, a dimension `d`, and mostly the unit `u`.
 */
type Draw = fc.GeneratorValue
type Outline = {
  readonly sql: string
  readonly isPrivate: boolean
  readonly hasUnit: boolean
  /** Of a public one: no two rows share their `d`. */
  readonly isUnique: boolean
  /** Why a text with this in it is refused; nothing is built on top but the last step. */
  readonly wrong?: string
}

const tables: readonly Outline[] = [
  ['select uscc as u, district as d, staff as n from enterprise', true],
  ['select uscc as u, kind as d, amount as n from tax', true],
  ['select uscc as u, role as d, claim as n from court', true],
  ['select code as d, weight as n from region', false],
].map(([sql, isPrivate]) => ({
  sql: String(sql),
  isPrivate: isPrivate === true,
  hasUnit: isPrivate === true,
  isUnique: isPrivate === false,
}))

const pick = <T>(draw: Draw, list: readonly T[]): T => list[draw(fc.nat, { max: list.length - 1 })]!
const unitWord = ({ hasUnit }: Outline, from = ''): string => (hasUnit ? `${from}u, ` : '')

const filtered = (draw: Draw, one: Outline): Outline => ({
  ...one,
  sql: `select * from (${one.sql}) where n > ${draw(fc.nat, { max: 9 })}`,
})

const withoutUnit = (one: Outline): Outline => ({
  ...one,
  sql: `select d, n from (${one.sql})`,
  hasUnit: false,
})

/** Grouped by the unit it stays private; otherwise it is the barrier. */
const grouped = (draw: Draw, one: Outline): Outline => {
  const byUnit = one.hasUnit && pick(draw, [true, false])
  const keys = byUnit ? 'u, d' : 'd'
  return {
    sql: `select ${keys}, sum(n) as n from (${one.sql}) group by ${keys}`,
    isPrivate: one.isPrivate && byUnit,
    hasUnit: byUnit,
    isUnique: !byUnit,
  }
}

/** Within the unit, or over public rows, whatever; otherwise rows of one entity would depend on others. */
const windowed = (draw: Draw, one: Outline): Outline => {
  const by = one.hasUnit ? pick(draw, ['u', 'd', 'u, d']) : 'd'
  const isWrong = one.isPrivate && !by.startsWith('u')
  return {
    ...one,
    sql: `select ${unitWord(one)}d, row_number() over (partition by ${by} order by n) as n from (${one.sql})`,
    ...(isWrong && { wrong: 'query/window-across-entities' }),
  }
}

const limited = (one: Outline): Outline => ({
  ...one,
  sql: `select * from (${one.sql}) order by n, d limit 3`,
  ...(one.isPrivate && { wrong: 'query/limit-on-rows' }),
})

const united = (one: Outline, two: Outline): Outline => {
  const hasUnit = one.hasUnit && two.hasUnit
  const part = (side: Outline): string => `select ${hasUnit ? 'u, ' : ''}d, n from (${side.sql})`
  return {
    sql: `${part(one)} union all ${part(two)}`,
    isPrivate: one.isPrivate || two.isPrivate,
    hasUnit,
    isUnique: false,
    ...(one.isPrivate !== two.isPrivate && { wrong: 'query/union-across-entities' }),
  }
}

/** Of two sides, `two` on the right; `by` is what is compared. */
const joinFault = (kind: string, one: Outline, two: Outline, by: string): string | undefined => {
  if (one.isPrivate && two.isPrivate) return by === 'u' ? undefined : 'query/join-across-entities'
  if (one.isPrivate) return isTest(kind) || two.isUnique ? undefined : 'query/join-repeats-rows'
  if (!two.isPrivate) return undefined
  if (kind !== 'inner') return 'query/join-shows-absence'
  return one.isUnique ? undefined : 'query/join-repeats-rows'
}
const isTest = (kind: string): boolean => kind.endsWith('exists')

const joined = (draw: Draw, one: Outline, two: Outline): Outline => {
  const kind = pick(draw, ['inner', 'left', 'exists', 'not exists'])
  const by = one.hasUnit && two.hasUnit ? pick(draw, ['u', 'u', 'd']) : 'd'
  const wrong = joinFault(kind, one, two, by)
  const unit = one.hasUnit ? 'a.u, ' : two.hasUnit && !isTest(kind) ? 'b.u, ' : ''
  const sql = isTest(kind)
    ? `select * from (${one.sql}) a where ${kind} (select 1 from (${two.sql}) b where b.${by} = a.${by} and b.n > 0)`
    : `select ${unit}a.d, a.n + coalesce(b.n, 0) as n from (${one.sql}) a ${kind} join (${two.sql}) b on a.${by} = b.${by}`
  const isPrivate = one.isPrivate || two.isPrivate
  return {
    sql,
    isPrivate,
    hasUnit: unit !== '' || (isTest(kind) && one.hasUnit),
    isUnique: !isPrivate && one.isUnique && (isTest(kind) || two.isUnique),
    ...(wrong !== undefined && { wrong }),
  }
}

const outline = (draw: Draw, steps: number): Outline => {
  let one = pick(draw, tables)
  for (let step = 0; step < steps && one.wrong === undefined; step += 1) {
    const step = pick(draw, ['filter', 'drop', 'group', 'window', 'limit', 'union', 'join', 'join'])
    const two = step === 'union' || step === 'join' ? outline(draw, steps - 2) : one
    if (two.wrong !== undefined) return two
    if (step === 'filter') one = filtered(draw, one)
    if (step === 'drop') one = withoutUnit(one)
    if (step === 'group') one = grouped(draw, one)
    if (step === 'window') one = windowed(draw, one)
    if (step === 'limit') one = limited(one)
    if (step === 'union') one = united(one, two)
    if (step === 'join') one = joined(draw, one, two)
  }
  return one
}

/** Mostly what leaves is a table of groups; rows of somebody never do. */
const question = (draw: Draw): { readonly sql: string; readonly wrong: readonly string[] } => {
  const one = outline(draw, 4)
  const asRows = draw(fc.nat, { max: 5 }) === 0
  const sql = asRows
    ? `select d, n from (${one.sql})`
    : `select d, count(*) as rows, sum(n) as n from (${one.sql}) group by d`
  return {
    sql,
    wrong: [
      ...(one.wrong === undefined ? [] : [one.wrong]),
      ...(asRows && one.isPrivate ? ['query/rows-released'] : []),
    ],
  }
}

const structural = new Set([
  'query/rows-released',
  'query/join-across-entities',
  'query/join-repeats-rows',
  'query/join-shows-absence',
  'query/limit-on-rows',
  'query/window-across-entities',
  'query/union-across-entities',
])

const prove = process.env['SLUICE_PROVE'] !== undefined

test(
  'what is private and what may meet what is decided as the table says, for random texts',
  { timeout: prove ? 1_800_000 : 60_000 },
  async () => {
    const seen = new Map<string, number>()
    await fc.assert(
      fc.asyncProperty(fc.gen(), async (draw) => {
        const { sql, wrong } = question(draw)
        const tree = await check(sql, townTables)
        if (!tree.ok) throw new Error(`${sql}\n${JSON.stringify(tree.refusals)}`)
        const decided = decide(tree.value, townContext)
        const codes = decided.ok ? [] : decided.refusals.map(({ code }) => code)
        const found = [...new Set(codes.filter((code) => structural.has(code)))]
        expect(found.toSorted(), sql).toEqual(wrong.toSorted())
        for (const code of decided.ok ? ['accepted'] : codes)
          seen.set(code, (seen.get(code) ?? 0) + 1)
      }),
      { numRuns: prove ? 20_000 : 200, seed: 7, endOnFailure: true },
    )
    expect([...structural].filter((code) => !seen.has(code))).toEqual([])
    expect(seen.get('accepted')).toBeGreaterThan(40)
  },
)
