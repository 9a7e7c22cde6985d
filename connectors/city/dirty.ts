import type { Dataset, DatasetColumn } from '../../policies/dataset.ts'
import type { BadReason } from '../../policies/quarantine.ts'
import { mix, mixSql, seedWord, uniformSql } from './random.ts'

/**
 * Spoils a table as departments' tables are spoilt, and keeps a list of what was spoilt: a row has one defect at most, so
 * that each can be looked for by itself. Line numbers are those of the file, whose header is line 1.
 */
type Defect = {
  readonly kind: string
  readonly reason: BadReason
  /** Share of the rows. */
  readonly rate: number
  /** The column that is spoilt, and what stands there; absent where the row as a whole is meant. */
  readonly column?: string
  readonly sql?: string
  /** Only rows of which this is true. */
  readonly where?: string
  /** Which of the row's copies are in the list: the second alone, or both. */
  readonly copies?: 'second' | 'both'
}

const isText = (column: DatasetColumn): boolean => column.type === 'text'

/** What can be wrong with a table of these columns, one entry a defect. */
const defectsOf = ({ columns, grain, entities }: Dataset): readonly Defect[] => {
  const of = (is: (column: DatasetColumn) => boolean): DatasetColumn | undefined => columns.find(is)
  const unit = of(({ name, standard }) => standard === 'uscc' && name === entities[0]?.column)
  const person = of(({ standard }) => standard === 'resident-id')
  const past = of(({ past }) => past === true)
  const listed = of(({ codes }) => codes !== undefined)
  const industry = of(({ standard }) => standard === 'industry')
  const required = of(
    ({ name, nullable, class: kind, authority }) =>
      !nullable && authority === undefined && kind !== 'identifier' && !grain.includes(name),
  )
  const number = of(
    ({ name, type }) => (type === 'integer' || type.startsWith('decimal')) && !grain.includes(name),
  )
  const opinion = of(({ name, authority }) => name === 'legal_rep_name' && authority === undefined)
  return [
    ...(entities.length > 0
      ? [{ kind: 'repeated row', reason: 'repeats', rate: 5e-3, copies: 'second' } as const]
      : []),
    ...(opinion ? [conflictOf(opinion.name)] : []),
    ...(unit ? codeDefects(unit.name) : []),
    ...(person ? personDefects(person.name) : []),
    ...(past
      ? [cell(past.name, `'2099-12-31'`, { kind: 'date to come', reason: 'future', rate: 5e-4 })]
      : []),
    ...(listed
      ? [cell(listed.name, `'899999'`, { kind: 'unknown region', reason: 'standard', rate: 1e-3 })]
      : []),
    ...(industry
      ? [
          cell(industry.name, `'Z9999'`, {
            kind: 'unknown industry',
            reason: 'standard',
            rate: 1e-3,
          }),
        ]
      : []),
    ...(required
      ? [cell(required.name, 'NULL', { kind: 'empty cell', reason: 'missing', rate: 1e-3 })]
      : []),
    ...(number ? [malformed(number.name)] : []),
    ...columns.flatMap(({ name, authority }) =>
      unit && authority ? [contradiction(unit.name, name, authority)] : [],
    ),
  ]
}

type What = Pick<Defect, 'kind' | 'reason' | 'rate'>
const cell = (column: string, sql: string, what: What): Defect => ({
  ...what,
  column,
  sql,
  where: `${column} IS NOT NULL`,
})

/** Two records of one enterprise name different representatives. */
const conflictOf = (column: string): Defect => ({
  kind: 'two representatives',
  reason: 'conflict',
  rate: 4e-3,
  column,
  sql: `'另' || ${column}`,
  copies: 'both',
})

const codeDefects = (name: string): readonly Defect[] => [
  cell(name, `substr(${name}, 3, 15)`, { kind: 'old tax number', reason: 'outdated', rate: 3e-3 }),
  cell(name, otherLast(name), { kind: 'wrong check digit', reason: 'standard', rate: 2e-3 }),
]

const personDefects = (name: string): readonly Defect[] => [
  cell(name, otherLast(name), { kind: 'wrong identity number', reason: 'standard', rate: 1e-3 }),
  cell(name, `substr(${name}, 1, 10) || '0230' || substr(${name}, 15)`, {
    kind: 'day that is none',
    reason: 'standard',
    rate: 5e-4,
  }),
  {
    ...cell(name, `substr(${name}, 1, 6) || substr(${name}, 9, 9)`, {
      kind: 'old identity number',
      reason: 'outdated',
      rate: 1e-3,
    }),
    where: `substr(${name}, 7, 2) = '19'`,
  },
]

/** The register that answers names another; where its own row is spoilt it has nothing to say. */
const contradiction = (
  unit: string,
  column: string,
  { dataset, otherwise }: NonNullable<DatasetColumn['authority']>,
): Defect => ({
  kind: 'otherwise registered',
  reason: otherwise === 'replaced' ? 'replaced' : 'contradicts',
  rate: 2e-2,
  column,
  sql: `'另' || ${column}`,
  where: `${unit} IN (SELECT ${unit} FROM sound_${dataset})`,
})

const otherLast = (name: string): string =>
  `substr(${name}, 1, 17) || CASE WHEN ends_with(${name}, '7') THEN '8' ELSE '7' END`

const malformed = (name: string): Defect =>
  cell(
    name,
    `CASE __row % 4 WHEN 0 THEN '1,' || ${name} WHEN 1 THEN ${name} || '元' WHEN 2 THEN '—' ELSE '=' || ${name} END`,
    { kind: 'malformed number', reason: 'type', rate: 1e-3 },
  )

/** Empty cells where there may be some: up to eight in a hundred, by the column. No defects, but less complete. */
const thinned = (column: DatasetColumn, place: number): string =>
  column.nullable && isText(column)
    ? `CASE WHEN ${uniformSql('__key', 811 + place)} < ${1e-2 * (place % 9)} THEN NULL ELSE ${column.name} END`
    : column.name

/**
 * The table `into` with the cells of `sql` as texts, spoilt, and of each row `__line`, `__kind`, `__reason` and `__column`
 * (`__reason` NULL where nothing is wrong with it).
 */
const spoiltSql = (into: string, dataset: Dataset, sql: string, seed: number): string => {
  const defects = defectsOf(dataset)
  const copied = defects.flatMap(({ copies }, at) => (copies === undefined ? [] : [at]))
  return `CREATE TABLE ${into} AS SELECT ${cellsSql(dataset, defects)},
  CAST(1 + row_number() OVER (ORDER BY __row, __copy) AS BIGINT) AS __line,
  ${toldSql(defects, ({ kind }) => kind)} AS __kind, ${toldSql(defects, ({ reason }) => reason)} AS __reason,
  ${toldSql(defects, ({ column, copies }) => (copies === undefined ? column : undefined))} AS __column
FROM (SELECT *, unnest(CASE WHEN __defect IN (${[...copied, -1].join(', ')}) THEN [0, 1] ELSE [0] END) AS __copy
FROM (SELECT *, ${chosenSql(defects)} AS __defect FROM (${drawnSql(dataset, sql, seed)})))
ORDER BY __line`
}

/** Texts of the cells, numbered by row, with a uniform number `__u` that the row's defect is drawn by. */
const drawnSql = ({ dataset, columns }: Dataset, sql: string, seed: number): string => {
  const texts = columns.map(({ name }) => `CAST(${name} AS VARCHAR) AS ${name}`).join(', ')
  const thin = columns.map((column, place) => `${thinned(column, place)} AS ${column.name}`)
  return `SELECT __row, __u, ${thin.join(', ')} FROM (SELECT *, ${uniformSql('__key', 801)} AS __u
FROM (SELECT *, ${mixSql('__word')} AS __key FROM (SELECT *, xor(__mixed, ${wordOf(dataset, seed)}) AS __word
FROM (SELECT *, ${mixSql('__row')} AS __mixed FROM (SELECT row_number() OVER () AS __row, ${texts} FROM (${sql}))))))`
}

/** Rows of the same number in two tables are spoilt independently. */
const wordOf = (dataset: string, seed: number): number =>
  Array.from(dataset).reduce((word, sign) => mix(word ^ (sign.codePointAt(0) ?? 0)), seedWord(seed))

/** The number of a row's defect, NULL for none. */
const chosenSql = (defects: readonly Defect[]): string => {
  let below = 0
  const branches = defects.map(({ rate, where = 'true' }, at) => {
    const from = below
    below += rate
    return `WHEN __u >= ${from}e0 AND __u < ${below}e0 AND ${where} THEN ${at}`
  })
  return `CASE ${branches.join(' ')} WHEN false THEN 0 END`
}

const cellsSql = ({ columns }: Dataset, defects: readonly Defect[]): string =>
  columns
    .map(({ name }) => {
      const spoilt = defects.flatMap(({ column, sql, copies }, at) =>
        column === name && sql !== undefined
          ? [`WHEN __defect = ${at}${copies === 'both' ? ' AND __copy = 1' : ''} THEN ${sql}`]
          : [],
      )
      return spoilt.length === 0 ? name : `CASE ${spoilt.join(' ')} ELSE ${name} END AS ${name}`
    })
    .join(', ')

const toldSql = (
  defects: readonly Defect[],
  value: (defect: Defect) => string | undefined,
): string => {
  const branches = defects.map((defect, at) => {
    const second = defect.copies === 'second' ? ' AND __copy = 1' : ''
    const text = value(defect)
    return `WHEN __defect = ${at}${second} THEN ${text === undefined ? 'NULL' : `'${text}'`}`
  })
  return `CAST(CASE ${branches.join(' ')} WHEN false THEN '' END AS VARCHAR)`
}

/** Deliveries that end two months early, as a late department's do. */
const lateDatasets: readonly string[] = ['si_contribution', 'hpf_contribution']
const lateFrom = '2024-11-01'

/** Of a dataset that can answer for others, the units whose row is not spoilt. */
const soundSql = ({ dataset, grain, entities }: Dataset): readonly string[] => {
  const [unit] = entities
  if (unit === undefined || grain.join() !== unit.column) return []
  return [
    `CREATE OR REPLACE TABLE sound_${dataset} AS SELECT ${unit.column} FROM spoilt WHERE __reason IS NULL`,
  ]
}

/**
 * What is run to write a spoilt table: it stays in the engine as `spoilt` until the next. Datasets that answer for others come
 * before them.
 */
export const spoilSql = (
  dataset: Dataset,
  sql: string,
  seed: number,
): { readonly make: readonly string[]; readonly rows: string; readonly planted: string } => {
  const isLate = lateDatasets.includes(dataset.dataset)
  const delivered = isLate ? `SELECT * FROM (${sql}) WHERE period < DATE '${lateFrom}'` : sql
  const names = dataset.columns.map(({ name }) => name).join(', ')
  const lateRow = `UNION ALL SELECT '${dataset.dataset}', NULL, 'period', 'late feed', 'timeliness'`
  return {
    make: [
      'DROP TABLE IF EXISTS spoilt',
      spoiltSql('spoilt', dataset, delivered, seed),
      ...soundSql(dataset),
    ],
    rows: `SELECT ${names} FROM spoilt ORDER BY __line`,
    planted:
      `SELECT '${dataset.dataset}' AS dataset, __line AS line, __column AS column, __kind AS kind, __reason AS reason ` +
      `FROM spoilt WHERE __reason IS NOT NULL ${isLate ? lateRow : ''}`,
  }
}
