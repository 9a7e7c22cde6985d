import type { Plan } from '../../../policies/query/plan.ts'
import { statementsOf } from '../../../sandbox/protect/statement.ts'
import { emitTree } from '../../../sandbox/query/emit.ts'
import { padJoins } from '../../../sandbox/query/pad-joins.ts'
import { quoteName } from '../../../sandbox/query/render.ts'
import { openEngine, type Engine } from '../../../sandbox/run/engine.ts'
import { salt } from '../../support/gate.ts'
import { planOf } from '../../support/town.ts'
import type { Family } from './row.ts'

/** Two towns in one engine: in one of them the last enterprise pays more than all others, and is in court. */
export const openRichAndPoor = async (
  more: { readonly steady?: boolean } = {},
): Promise<Engine> => {
  const engine = await openEngine({ threads: 1, memoryMb: 512, ...more })
  await fillRichAndPoor(engine)
  return engine
}

export const fillRichAndPoor = async (engine: Engine): Promise<void> => {
  for (const [schema, last] of Object.entries({ rich: '987650', poor: '300000' })) {
    await engine.query(`CREATE SCHEMA ${schema}`)
    await fill(engine, schema, last)
  }
  // As many cases as enterprises, one more or one less.
  await engine.query('CREATE TABLE rich.court AS SELECT r AS uscc FROM range(75001) t(r)')
  await engine.query('CREATE TABLE poor.court AS SELECT r AS uscc FROM range(74999) t(r)')
}

/** Four rows each of 75,000 enterprises, rising, but for the last one. */
const fill = async (engine: Engine, schema: string, last: string): Promise<void> => {
  await engine.query(
    `CREATE TABLE ${schema}.tax AS SELECT r // 4 AS uscc, DATE '2024-01-01' + CAST(r % 4 AS INTEGER) AS period,
       'vat' AS kind, CAST(CASE WHEN r = 299999 THEN ${last} ELSE r END AS DECIMAL(18,2)) AS amount, r % 90 AS late_days
     FROM range(300000) t(r)`,
  )
  await engine.query(
    `CREATE TABLE ${schema}.enterprise AS SELECT r AS uscc, 'east' AS district, CAST(r % 900 AS INTEGER) AS staff,
       CAST(CASE WHEN r = 74999 THEN ${last} ELSE r END AS DECIMAL(18,2)) AS capital FROM range(75000) t(r)`,
  )
}

type Profile = {
  readonly operator_name?: string
  readonly operator_cardinality?: number
  readonly operator_rows_scanned?: number
  readonly extra_info?: { readonly Table?: string }
  readonly children?: readonly Profile[]
}
/** What one operator did: counts alone, since times are never the same twice. */
export type Operator = {
  readonly name: string
  /** Of a scan, without its schema. */
  readonly table: string
  /** Rows made. */
  readonly rows: number
  readonly scanned: number
  /**
   * Of a join, rows it kept in memory to look others up in. With none of them the engine looks up nothing, whatever it
   * makes and reads (`a side that is kept`, below in the tests).
   */
  readonly kept: number | undefined
}

/** What a statement did, operator by operator. */
export const profileOf = async (engine: Engine, sql: string): Promise<readonly Operator[]> => {
  const { rows } = await engine.query(`EXPLAIN (ANALYZE, FORMAT json) ${sql}`)
  return operatorsIn(JSON.parse(String(rows[0]?.[1])) as Profile)
}

const operatorsIn = (one: Profile): readonly Operator[] => {
  const name = (one.operator_name ?? '').trim()
  const isJoin = /JOIN|PRODUCT/.test(name)
  return [
    {
      name,
      table: (one.extra_info?.Table ?? '').split('.').at(-1) ?? '',
      rows: one.operator_cardinality ?? 0,
      scanned: one.operator_rows_scanned ?? 0,
      kept: isJoin ? (one.children?.[1]?.operator_cardinality ?? 0) : undefined,
    },
    ...(one.children ?? []).flatMap(operatorsIn),
  ]
}

export const emittedFor = (plan: Plan, schema: string): string => {
  const [stage] = plan.stages
  if (stage?.kind !== 'noise') throw new Error('no noise stage')
  return emitTree(
    padJoins(statementsOf(stage, salt)[0]!),
    (dataset) => `${schema}.${quoteName(dataset)}`,
  )
}

/** A statement without the rows that meet nobody. */
export const bareFor = (plan: Plan, schema: string): string => {
  const [stage] = plan.stages
  if (stage?.kind !== 'noise') throw new Error('no noise stage')
  return emitTree(statementsOf(stage, salt)[0]!, (dataset) => `${schema}.${quoteName(dataset)}`)
}

/** What every operator reads, of what, and whether it looks anything up. */
export const readIn = (profile: readonly Operator[]) =>
  profile.map(({ name, table, scanned, kept }) => ({
    name,
    table,
    scanned,
    looks: kept === undefined ? undefined : kept > 0,
  }))

/** What is read in each town, by operator, and how far the rows made or kept lie apart. */
export const compared = async (engine: Engine, plan: Plan, emit = emittedFor) => {
  const profile = (schema: string) => profileOf(engine, emit(plan, schema))
  const [rich, poor] = [await profile('rich'), await profile('poor')]
  const apart = rich.map((one, index) => {
    const other = poor[index]
    return Math.max(
      Math.abs(one.rows - (other?.rows ?? 0)),
      Math.abs((one.kept ?? 0) - (other?.kept ?? 0)),
    )
  })
  return { rich: readIn(rich), poor: readIn(poor), apart: Math.max(...apart) }
}

/** Each asks for what one enterprise alone has in one of the towns. */
export const about: readonly string[] = [
  'select count(*) from tax where amount > 900000',
  'select sum(amount), avg(late_days) from tax where amount > 900000',
  'select kind, count(*) from tax where amount between 900000 and 99999999 group by kind',
  'select count(*) filter (where amount > 900000) from tax',
  'select count(distinct uscc) from tax where amount > 900000 and late_days >= 0',
  'select sum(s) from (select uscc, sum(amount) over (partition by uscc) s from tax where amount > 900000) t',
  "select case when amount > 900000 then 'much' else 'little' end k, count(*) from tax group by k",
]

const much = '(select uscc, amount from tax where amount > 900000)'
const large = '(select uscc, district from enterprise where capital > 900000)'

/** On the side that is kept in memory one enterprise stands in one town, and nobody in the other. */
export const keptSides: readonly string[] = [
  `select count(*), sum(t.late_days) from ${large} e join tax t on e.uscc = t.uscc`,
  `select count(*), count(t.amount) from ${large} e left join tax t on e.uscc = t.uscc`,
  `select count(*) from enterprise e where exists (select 1 from tax t where t.uscc = e.uscc and t.amount > 900000)`,
  `select count(*) from enterprise e where not exists (select 1 from tax t where t.uscc = e.uscc and t.amount > 900000)`,
  `select count(*) from enterprise where uscc in (select uscc from ${much})`,
  `select count(*) from enterprise where uscc not in (select uscc from ${much})`,
  `select count(*) from enterprise where uscc in (select uscc from ${much}) or staff > 400`,
  `select count(*) from ${large} e join tax t on e.uscc = t.uscc join ${much} u on u.uscc = t.uscc`,
]

/** On the side of which each row is looked up one enterprise stands in one town, and nobody in the other. */
export const otherSides: readonly string[] = [
  `select e.district, count(*) from enterprise e join ${much} t on e.uscc = t.uscc group by e.district`,
  `select count(*), count(t.amount) from enterprise e left join ${much} t on e.uscc = t.uscc`,
  `select count(*) from ${large} e where exists (select 1 from tax t where t.uscc = e.uscc)`,
  `select count(*) from ${large} e where not exists (select 1 from tax t where t.uscc = e.uscc)`,
  `select count(*) from ${large} e join (select uscc, sum(amount) s from tax group by uscc) t on e.uscc = t.uscc where t.s > 5`,
  `select count(*) from (select uscc, sum(amount) over (partition by uscc) s from ${much}) t join enterprise e on e.uscc = t.uscc`,
]

/** Whether a text that is run as it stands reads or looks up otherwise in the two towns. */
const tellsBare = async (engine: Engine, sql: string): Promise<boolean> => {
  const read: string[] = []
  for (const schema of ['rich', 'poor']) {
    await engine.query(`USE memory.${schema}`)
    read.push(JSON.stringify(readIn(await profileOf(engine, sql))))
  }
  return read[0] !== read[1]
}

export const work: Family = async () => {
  const texts = [...about, ...keptSides, ...otherSides]
  const steady = await openRichAndPoor({ steady: true })
  let told = 0
  for (const text of texts) {
    const { rich, poor } = await compared(steady, await planOf(text))
    if (JSON.stringify(rich) !== JSON.stringify(poor)) told += 1
  }
  steady.close()
  const plain = await openRichAndPoor()
  let bare = 0
  for (const text of texts) if (await tellsBare(plain, text)) bare += 1
  plain.close()
  return {
    family: 'work and time',
    what: 'values beyond all others, sides of a join with one entity or nobody; told apart by what the engine reads',
    attempts: texts.length,
    refused: 0,
    released: texts.length,
    inferred: { right: told, of: texts.length },
    baseline: 0,
    bound: 0,
    boundBy: 'the same is read',
    guardRemoved: { right: bare, of: texts.length },
    guard: 'the engine reads the text',
  }
}
