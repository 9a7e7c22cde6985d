import { dataTypeOf, type Dataset, type DatasetColumn } from '../../policies/dataset.ts'
import { refuse, type Refusal } from '../../policies/refusal.ts'
import { typeSql } from '../../policies/relation/type.ts'
import { quoteName, type Engine } from '../run/engine.ts'
import type { PublishJob } from '../run/publisher-protocol.ts'
import { filePath } from './home.ts'
import { placesOf, placesSql, rawTable } from './load.ts'
import type { LinesOf } from './source.ts'
import { attachFile } from './workshop.ts'

/**
 * 一数一源: a column may name the dataset that answers for it. A row of a file that says otherwise than that dataset says of
 * the same entity is set aside, or takes its value, as the catalogue declares. An entity that is unknown there, and an
 * empty cell there, contradict nobody.
 */
type FileSource = Extract<PublishJob['source'], { from: 'file' }>
export type Authority = NonNullable<FileSource['authorities']>[number]
type Declared = DatasetColumn & { readonly authority: NonNullable<DatasetColumn['authority']> }

const aliasOf = (position: number): string => `authority${position}`

/** Attaches the raw versions that answer for columns; refuses one that has not the columns that the catalogue says. */
export const openAuthorities = async (
  engine: Engine,
  { home, dataset }: Pick<PublishJob, 'home' | 'dataset'>,
  authorities: readonly Authority[],
): Promise<readonly Refusal[]> => {
  const refusals: Refusal[] = []
  for (const [position, { dataset: name, raw, unit }] of authorities.entries()) {
    const alias = aliasOf(position)
    await attachFile(engine, { path: filePath(home, 'vault', raw.id), alias, key: raw.key }, 'read')
    const stored = await engine.query(`SELECT * FROM ${alias}.main.raw LIMIT 0`)
    const types = new Map(stored.columns.map((column, place) => [column, stored.types[place]]))
    for (const column of declared(dataset).filter(({ authority }) => authority.dataset === name))
      if (!types.has(unit) || types.get(column.authority.column) !== typeSql(dataTypeOf(column)))
        refusals.push(
          refuse('source/authority-unfit', {
            column: column.name,
            dataset: name,
            problem: 'stored columns',
          }),
        )
  }
  return refusals
}

const declared = ({ columns }: Dataset): readonly Declared[] =>
  columns.filter((column): column is Declared => column.authority !== undefined)

/** What is compared: the column with its place from 1, and the rows of `rawTable` as `r` beside those that answer as `a`. */
type Comparison = { readonly column: Declared; readonly place: number; readonly from: string }

const comparisons = (
  dataset: Dataset,
  authorities: readonly Authority[],
  otherwise: Declared['authority']['otherwise'],
): readonly Comparison[] =>
  declared(dataset)
    .filter(({ authority }) => authority.otherwise === otherwise)
    .map((column) => {
      const at = authorities.findIndex(({ dataset: name }) => name === column.authority.dataset)
      const source = authorities[at]
      if (source === undefined) throw new Error('a column without the dataset that answers for it')
      const [mine, theirs] = [quoteName(column.name), quoteName(column.authority.column)]
      const key = quoteName(dataset.entities[0]?.column ?? '')
      return {
        column,
        place: dataset.columns.findIndex(({ name }) => name === column.name) + 1,
        from:
          `(SELECT rowid + 1 AS __row, ${key} AS __unit, ${mine} AS __value FROM ${rawTable}) AS r ` +
          `JOIN (SELECT ${quoteName(source.unit)} AS __unit, ${theirs} AS __true FROM ${aliasOf(at)}.main.raw) AS a ` +
          `USING (__unit) WHERE __true IS NOT NULL AND __value IS DISTINCT FROM __true`,
      }
    })

/** Statements that note in a fault table (row, place, reason) which rows say otherwise. */
export const contradictionsSql = (
  dataset: Dataset,
  authorities: readonly Authority[],
  into: string,
): readonly string[] =>
  comparisons(dataset, authorities, 'set-aside').map(
    ({ place, from }) => `INSERT INTO ${into} SELECT __row, ${place}, 'contradicts' FROM ${from}`,
  )

/** Refuses what says otherwise, where nothing may be set aside. */
export const verifyAuthorities = async (
  engine: Engine,
  dataset: Dataset,
  authorities: readonly Authority[],
  linesOf: LinesOf,
): Promise<readonly Refusal[]> => {
  const refusals: Refusal[] = []
  for (const { column, from } of comparisons(dataset, authorities, 'set-aside')) {
    const { rows } = await engine.query(`SELECT ${placesSql('true', '__row')} FROM ${from}`)
    const places = await placesOf(rows[0] ?? [], linesOf)
    const names = { column: column.name, dataset: column.authority.dataset }
    if (places !== undefined)
      refusals.push(refuse('source/cell-contradicts', { ...names, ...places }))
  }
  return refusals
}

/**
 * Cells that took the value of the dataset that answers: a temporary table (row BIGINT from 1, place INTEGER of the column
 * from 1, filled BOOLEAN: nothing stood there). What stood there is in the file.
 */
export const replacedTable = 'temp.main.replaced'

/** Puts the value of the dataset that answers in the place of one that says otherwise, and notes it in `replacedTable`. */
export const replaceContradictions = async (
  engine: Engine,
  dataset: Dataset,
  authorities: readonly Authority[],
): Promise<void> => {
  await engine.query('CREATE TEMP TABLE replaced (row BIGINT, place INTEGER, filled BOOLEAN)')
  for (const { column, place, from } of comparisons(dataset, authorities, 'replaced')) {
    await engine.query(
      `CREATE OR REPLACE TEMP TABLE truth AS SELECT __row, __true, __value IS NULL AS filled FROM ${from}`,
    )
    await engine.query(
      `UPDATE ${rawTable} AS r SET ${quoteName(column.name)} = t.__true FROM temp.main.truth AS t ` +
        `WHERE r.rowid + 1 = t.__row`,
    )
    await engine.query(
      `INSERT INTO ${replacedTable} SELECT __row, ${place}, filled FROM temp.main.truth`,
    )
    await engine.query('DROP TABLE temp.main.truth')
  }
}

/** How many cells of a column were replaced, and how many of those were empty. */
export type Replacements = ReadonlyMap<
  string,
  { readonly replaced: number; readonly filled: number }
>

/** Counts the replaced cells of the rows that stay; `faultTable` has those that do not. */
export const countReplaced = async (
  engine: Engine,
  { columns }: Dataset,
  faultTable: string,
): Promise<Replacements> => {
  const { rows } = await engine.query(
    `SELECT place, count(*) FILTER (WHERE NOT filled), count(*) FILTER (WHERE filled) FROM ${replacedTable} ` +
      `WHERE row NOT IN (SELECT row FROM ${faultTable}) GROUP BY place`,
  )
  return new Map(
    rows.map(([place, replaced, filled]) => [
      columns[Number(place) - 1]?.name ?? '',
      { replaced: Number(replaced), filled: Number(filled) },
    ]),
  )
}
