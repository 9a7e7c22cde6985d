import * as fc from 'fast-check'

/*
 * Random questions about the small town as an analyst would write them: joins, features of each enterprise, subqueries,
 * windows, unions, comparisons with averages, CASE, FILTER. Built from the outside as text, so that what is tested is
 * what a text becomes and not what a tree may be.
 */
type Draw = fc.GeneratorValue
type Kind = 'unit' | 'person' | 'number' | 'text' | 'date' | 'truth'
type Column = { readonly name: string; readonly kind: Kind; readonly codes?: readonly string[] }
type Relation = {
  readonly sql: string
  readonly columns: readonly Column[]
  readonly isPublic: boolean
}

export type Source = { readonly draw: Draw; names: number }

const places = ['east', 'west', 'north']
const tables: readonly (Relation & { readonly weight: number })[] = [
  {
    sql: 'enterprise',
    weight: 4,
    isPublic: false,
    columns: [
      { name: 'uscc', kind: 'unit' },
      { name: 'district', kind: 'text', codes: places },
      { name: 'industry', kind: 'text', codes: ['food', 'steel'] },
      { name: 'capital', kind: 'number' },
      { name: 'founded', kind: 'date' },
      { name: 'staff', kind: 'number' },
      { name: 'listed', kind: 'truth' },
    ],
  },
  {
    sql: 'tax',
    weight: 5,
    isPublic: false,
    columns: [
      { name: 'uscc', kind: 'unit' },
      { name: 'period', kind: 'date' },
      { name: 'kind', kind: 'text', codes: ['vat', 'income'] },
      { name: 'amount', kind: 'number' },
      { name: 'late_days', kind: 'number' },
    ],
  },
  {
    sql: 'court',
    weight: 2,
    isPublic: false,
    columns: [
      { name: 'uscc', kind: 'unit' },
      { name: 'filed', kind: 'date' },
      { name: 'role', kind: 'text', codes: ['plaintiff', 'defendant'] },
      { name: 'claim', kind: 'number' },
    ],
  },
  {
    sql: 'owner',
    weight: 3,
    isPublic: false,
    columns: [
      { name: 'uscc', kind: 'unit' },
      { name: 'holder', kind: 'person' },
      { name: 'sex', kind: 'text', codes: ['f', 'm'] },
      { name: 'share', kind: 'number' },
    ],
  },
  {
    sql: 'region',
    weight: 1,
    isPublic: true,
    columns: [
      { name: 'code', kind: 'text', codes: places },
      { name: 'city', kind: 'text', codes: ['A', 'B'] },
      { name: 'weight', kind: 'number' },
    ],
  },
]

const upTo = ({ draw }: Source, max: number): number => draw(fc.nat, { max })
const chance = (source: Source, oneIn: number): boolean => upTo(source, oneIn - 1) === 0
const pick = <T>(source: Source, list: readonly T[]): T => list[upTo(source, list.length - 1)]!
const fresh = (source: Source, prefix: string): string => `${prefix}${(source.names += 1)}`

const of = (relation: Pick<Relation, 'columns'>, kind: Kind): readonly Column[] =>
  relation.columns.filter((column) => column.kind === kind)
const unitOf = (relation: Pick<Relation, 'columns'>): Column | undefined => of(relation, 'unit')[0]

const number = (source: Source, relation: Relation, depth = 2): string => {
  const columns = of(relation, 'number')
  const plain = columns.length > 0 ? pick(source, columns).name : '3'
  if (depth === 0) return plain
  const inner = (): string => number(source, relation, depth - 1)
  const dates = of(relation, 'date')
  const shapes: (() => string)[] = [
    () => plain,
    () => plain,
    () => plain,
    () => `${inner()} ${pick(source, ['+', '-', '*'])} ${pick(source, ['1', '2.5', '-3'])}`,
    () => `${inner()} ${pick(source, ['+', '-', '*', '/', '//', '%'])} ${inner()}`,
    () => `abs(${inner()})`,
    () => `round(${inner()})`,
    () => `coalesce(${inner()}, ${pick(source, ['0', '7', '-100'])})`,
    () =>
      `case when ${condition(source, relation, 0)} then ${inner()} else ${pick(source, ['0', 'null', '50'])} end`,
    () => `greatest(least(${inner()}, 20), -5)`,
    () => `cast(${condition(source, relation, 0)} as integer)`,
    () => `sqrt(abs(${inner()}))`,
    () => `-(${inner()})`,
    () => `try_cast(cast(${inner()} as varchar) as decimal(9,2))`,
  ]
  if (dates.length > 0)
    shapes.push(
      () => `extract(month from ${pick(source, dates).name})`,
      () => `date_diff('day', ${pick(source, dates).name}, date '2024-03-01')`,
    )
  return `(${pick(source, shapes)()})`
}

const text = (source: Source, relation: Relation): string | undefined => {
  const columns = of(relation, 'text')
  if (columns.length === 0) return undefined
  const { name } = pick(source, columns)
  return pick(source, [
    name,
    name,
    name,
    `upper(${name})`,
    `substr(${name}, 1, 1)`,
    `${name} || '-'`,
  ])
}

export const condition = (source: Source, relation: Relation, depth = 1): string => {
  const inner = (): string => condition(source, relation, depth - 1)
  const limit = (): string => pick(source, ['0', '1', '5', '40', '900', '-1', '10.5'])
  const comparison = (): string => pick(source, ['=', '<', '>', '<=', '>=', '<>'])
  const texts = of(relation, 'text')
  const truths = of(relation, 'truth')
  const dates = of(relation, 'date')
  const shapes: (() => string)[] = [
    () => `${number(source, relation, 1)} ${comparison()} ${limit()}`,
    () => `${number(source, relation, 1)} ${comparison()} ${number(source, relation, 1)}`,
    () => `${number(source, relation, 0)} between 1 and ${limit()}`,
    () => `${number(source, relation, 0)} is ${pick(source, ['', 'not '])}null`,
    () => `${number(source, relation, 0)} in (1, 10, 900)`,
  ]
  for (const { name, codes = ['x'] } of texts)
    shapes.push(
      () => `${name} = '${pick(source, codes)}'`,
      () => `${name} ${pick(source, ['in', 'not in'])} ('${pick(source, codes)}', 'other')`,
      () => `${name} like '${pick(source, ['%e%', 'v%', '_a%'])}'`,
      () => `${name} is distinct from '${pick(source, codes)}'`,
    )
  for (const { name } of truths)
    shapes.push(
      () => name,
      () => `${name} is null`,
    )
  for (const { name } of dates)
    shapes.push(
      () => `${name} ${comparison()} date '2024-05-01'`,
      () => `month(${name}) = ${1 + upTo(source, 11)}`,
    )
  if (depth > 0)
    shapes.push(
      () => `(${inner()} and ${inner()})`,
      () => `(${inner()} or ${inner()})`,
      () => `not (${inner()})`,
      () => `(${inner()}) is not true`,
    )
  return pick(source, shapes)()
}

/** A table under fresh names; the unit always, most of the rest. */
const base = (source: Source, isPublic = false): Relation => {
  const able = tables.filter((table) => table.isPublic === isPublic)
  const table = pick(
    source,
    able.flatMap((one) => Array.from({ length: one.weight }, () => one)),
  )
  const kept = table.columns.filter(({ kind }) => kind === 'unit' || !chance(source, 6))
  const columns = kept.map((column) => ({ ...column, name: fresh(source, 'c') }))
  const list = columns.map(({ name }, index) => `${kept[index]!.name} as ${name}`)
  const sql = `select ${list.length > 0 ? list.join(', ') : '1 as one'} from ${table.sql}`
  return { sql, columns, isPublic }
}

const aggregates: readonly ((value: string) => string)[] = [
  () => 'count(*)',
  (value) => `count(${value})`,
  (value) => `sum(${value})`,
  (value) => `avg(${value})`,
  (value) => `max(${value})`,
  (value) => `min(${value})`,
  (value) => `stddev_samp(${value})`,
]

/** One row an enterprise, or one an enterprise and something else. */
const features = (source: Source, from: Relation): Relation => {
  const unit = unitOf(from)
  if (unit === undefined) return from
  const name = fresh(source, 'q')
  const more = chance(source, 3) ? of(from, 'text').slice(0, 1) : []
  const count = 1 + upTo(source, 1)
  const made = Array.from({ length: count }, () => ({
    name: fresh(source, 'f'),
    sql: `${pick(source, aggregates)(number(source, from, 1))}${
      chance(source, 4) ? ` filter (where ${condition(source, from, 0)})` : ''
    }`,
  }))
  const keys = [unit, ...more].map((column) => column.name)
  const list = [...keys, ...made.map(({ name, sql }) => `${sql} as ${name}`)]
  const having = chance(source, 5) ? ` having count(*) > ${upTo(source, 3)}` : ''
  return {
    sql: `select ${list.join(', ')} from (${from.sql}) ${name} group by ${keys.join(', ')}${having}`,
    columns: [unit, ...more, ...made.map(({ name }): Column => ({ name, kind: 'number' }))],
    isPublic: false,
  }
}

const joined = (source: Source, left: Relation, right: Relation): Relation => {
  const [one, two] = [unitOf(left), unitOf(right)]
  if (one === undefined || two === undefined) return left
  const [l, r] = [fresh(source, 'l'), fresh(source, 'r')]
  const both = { columns: [...left.columns, ...right.columns], sql: '', isPublic: false }
  const kind = pick(source, ['join', 'join', 'left join', 'right join', 'semi join', 'anti join'])
  const further = chance(source, 4) ? ` and ${condition(source, both, 0)}` : ''
  const tested = kind === 'semi join' || kind === 'anti join'
  const equal = pick(source, ['=', '=', '=', '=', 'is not distinct from'])
  return {
    sql: `select * from (${left.sql}) ${l} ${kind} (${right.sql}) ${r} on ${l}.${one.name} ${equal} ${r}.${two.name}${tested ? '' : further}`,
    columns: tested ? left.columns : both.columns,
    isPublic: false,
  }
}

/** Looked up in the code list, or in an average over everybody. */
const looked = (source: Source, from: Relation): Relation => {
  const texts = of(from, 'text')
  if (texts.length === 0) return from
  const [l, r] = [fresh(source, 'l'), fresh(source, 'r')]
  const { name } = pick(source, texts)
  const kind = pick(source, ['join', 'left join'])
  if (chance(source, 2)) {
    const region = base(source, true)
    const code = region.columns[0]
    if (code === undefined || code.kind !== 'text') return from
    return {
      sql: `select * from (${from.sql}) ${l} ${kind} (${region.sql}) ${r} on ${l}.${name} = ${r}.${code.name}`,
      columns: [...from.columns, ...region.columns],
      isPublic: false,
    }
  }
  const [key, mean] = [fresh(source, 'k'), fresh(source, 'm')]
  const other = base(source)
  const inOther = of(other, 'text')[0]
  if (inOther === undefined) return from
  return {
    sql: `select * from (${from.sql}) ${l} ${kind} (select ${inOther.name} as ${key}, avg(${number(source, other, 0)}) as ${mean} from (${other.sql}) group by 1) ${r} on ${l}.${name} = ${r}.${key}`,
    columns: [...from.columns, { name: mean, kind: 'number' }],
    isPublic: false,
  }
}

const filtered = (source: Source, from: Relation, depth: number): Relation => {
  const unit = unitOf(from)
  const other = relation(source, Math.min(1, depth - 1))
  const theirs = unitOf(other)
  const name = fresh(source, 'w')
  const membership =
    unit === undefined || theirs === undefined
      ? undefined
      : pick(source, [
          `${unit.name} in (select ${theirs.name} from (${other.sql}))`,
          `${unit.name} not in (select ${theirs.name} from (${other.sql}))`,
          `exists (select 1 from (${other.sql}) x where x.${theirs.name} = ${name}.${unit.name})`,
          `not exists (select 1 from (${other.sql}) x where x.${theirs.name} = ${name}.${unit.name})`,
          `${number(source, from, 0)} > (select avg(${number(source, other, 0)}) from (${other.sql}) x where x.${theirs.name} = ${name}.${unit.name})`,
          `${number(source, from, 0)} > (select avg(${number(source, other, 0)}) from (${other.sql}))`,
        ])
  const predicate =
    membership !== undefined && chance(source, 2) ? membership : condition(source, from)
  return { ...from, sql: `select * from (${from.sql}) ${name} where ${predicate}` }
}

const windowed = (source: Source, from: Relation): Relation => {
  const unit = unitOf(from)
  const added = fresh(source, 'n')
  const order = from.columns
    .filter(({ kind }) => kind !== 'unit' && kind !== 'person')
    .map((column) => column.name)
    .join(', ')
  const name = pick(source, [
    'row_number()',
    `lag(${number(source, from, 0)})`,
    `sum(${number(source, from, 0)})`,
    'count(*)',
  ])
  const partition = unit && !chance(source, 12) ? `partition by ${unit.name} ` : ''
  if (order === '') return from
  return {
    sql: `select *, ${name} over (${partition}order by ${order} rows between unbounded preceding and current row) as ${added} from (${from.sql})`,
    columns: [...from.columns, { name: added, kind: 'number' }],
    isPublic: false,
  }
}

const united = (source: Source, one: Relation, two: Relation): Relation => {
  const [left, right] = [unitOf(one), unitOf(two)]
  if (left === undefined || right === undefined) return one
  const [unit, label, value] = [fresh(source, 'u'), fresh(source, 'b'), fresh(source, 'v')]
  const side = (from: Relation, own: Column, word: string): string =>
    `select ${own.name} as ${unit}, '${word}' as ${label}, cast(${number(source, from, 1)} as double) as ${value} from (${from.sql})`
  return {
    sql: `${side(one, left, 'p')} union all ${side(two, right, 'q')}`,
    columns: [
      { name: unit, kind: 'unit' },
      { name: label, kind: 'text', codes: ['p', 'q'] },
      { name: value, kind: 'number' },
    ],
    isPublic: false,
  }
}

const relation = (source: Source, depth: number): Relation => {
  if (depth <= 0) return base(source)
  const inner = (): Relation => relation(source, depth - 1)
  return pick(source, [
    inner,
    () => features(source, inner()),
    () => features(source, inner()),
    () => joined(source, inner(), relation(source, depth - 2)),
    () => joined(source, inner(), relation(source, depth - 2)),
    () => looked(source, inner()),
    () => filtered(source, inner(), depth),
    () => filtered(source, inner(), depth),
    () => windowed(source, inner()),
    () => united(source, inner(), relation(source, depth - 2)),
  ])()
}

const key = (source: Source, from: Relation): string => {
  const [texts, dates, truths] = [of(from, 'text'), of(from, 'date'), of(from, 'truth')]
  const shapes: (() => string)[] = [
    () => `case when ${condition(source, from, 0)} then 'yes' else 'no' end`,
    () => `(${condition(source, from, 0)})`,
  ]
  for (const { name } of texts)
    shapes.push(
      () => name,
      () => name,
      () => text(source, from) ?? name,
    )
  for (const { name } of dates)
    shapes.push(
      () => `month(${name})`,
      () => `date_trunc('${pick(source, ['month', 'quarter', 'year'])}', ${name})`,
      () => name,
    )
  for (const { name } of truths) shapes.push(() => name)
  if (chance(source, 12)) shapes.push(() => number(source, from, 0))
  return pick(source, shapes)()
}

const measure = (source: Source, from: Relation): string => {
  const unit = unitOf(from)
  const value = (): string => {
    const inner = number(source, from, 2)
    const [low, high] = pick(source, [
      ['0', '10'],
      ['-20', '5'],
      ['1', '1000'],
    ] as const)
    return chance(source, 2)
      ? inner
      : `case when ${inner} > ${high} then ${high} when ${inner} < ${low} then ${low} else ${inner} end`
  }
  const shapes: (() => string)[] = [
    () => 'count(*)',
    () => `count(${value()})`,
    () => `sum(${value()})`,
    () => `sum(${value()})`,
    () => `avg(${value()})`,
    () => `${pick(source, ['var_samp', 'stddev_pop', 'var_pop'])}(${value()})`,
    () => `${pick(source, ['corr', 'covar_pop', 'regr_slope'])}(${value()}, ${value()})`,
    () => `${pick(source, ['quantile_cont', 'quantile_disc'])}(${value()}, 0.3)`,
    () => `count(distinct ${key(source, from)})`,
  ]
  if (unit !== undefined) shapes.push(() => `count(distinct ${unit.name})`)
  if (chance(source, 20)) shapes.push(() => `max(${value()})`)
  const filter = chance(source, 4) ? ` filter (where ${condition(source, from, 0)})` : ''
  return `${pick(source, shapes)()}${filter}`
}

/** A whole question. `depth` bounds how many relations stand in one another. */
export const question = (draw: Draw, depth = 3): string => {
  const source: Source = { draw, names: 0 }
  const from = relation(source, upTo(source, depth))
  const keys = Array.from({ length: upTo(source, 2) }, () => key(source, from))
  const measures = Array.from({ length: 1 + upTo(source, 2) }, () => measure(source, from))
  const where = chance(source, 3) ? ` where ${condition(source, from)}` : ''
  const list = [
    ...keys.map((sql, index) => `${sql} as k${index}`),
    ...measures.map((sql, index) => `${sql} as m${index}`),
  ]
  const names = keys.map((_, index) => `k${index}`).join(', ')
  const group =
    keys.length === 0 ? '' : ` group by ${chance(source, 6) ? `cube (${names})` : names}`
  return `select ${list.join(', ')} from (${from.sql}) z${where}${group}`
}
