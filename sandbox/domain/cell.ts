import { normaliseSql } from '../../connectors/standards/normal.ts'
import { standards } from '../../connectors/standards/standard.ts'
import { dataTypeOf, type DatasetColumn } from '../../policies/dataset.ts'
import { typeSql } from '../../policies/relation/type.ts'
import { quoteName, quoteText } from '../run/engine.ts'

/**
 * How one cell of a file becomes a value. The engine's own casts are too kind for a record of fact: they read 1.7 as the
 * integer 2, `1_000` as a thousand and `epoch` as a date. So each type has one plain form, and a cell of another form is
 * refused. A cell that begins like a spreadsheet's formula is ordinary text, and no number.
 */
const forms = {
  integer: '-?[0-9]+',
  decimal: '-?[0-9]+([.][0-9]+)?([eE][-+]?[0-9]{1,3})?',
  /** ISO 8601 calendar dates of the years 1 to 9999. */
  date: '([1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])-[0-9]{2}-[0-9]{2}',
} as const

/** Identifiers, and what has a standard, are compared in normal form. */
const isNormal = (column: DatasetColumn): boolean =>
  column.class === 'identifier' || column.standard !== undefined

/** The cell's text as it is read: identifiers in normal form, a blank one as none. */
export const textSql = (column: DatasetColumn): string => {
  const name = quoteName(column.name)
  return isNormal(column) ? `NULLIF(${normaliseSql(name)}, '')` : name
}

/** The value of a text made by `textSql`, NULL where it is not one of the column's type. */
export const valueSql = (column: DatasetColumn): string => {
  const name = quoteName(column.name)
  if (column.type === 'text') return name
  if (column.type === 'boolean')
    return `CASE WHEN lower(${name}) IN ('true', '1') THEN true WHEN lower(${name}) IN ('false', '0') THEN false END`
  const form = forms[familyOf(column)]
  const type = typeSql(dataTypeOf(column))
  return `CASE WHEN regexp_full_match(${name}, ${quoteText(form)}) THEN TRY_CAST(${name} AS ${type}) END`
}

/** Whether a value satisfies the column's standard; undefined where it has none. NULL for NULL. */
export const isStandardSql = (column: DatasetColumn): string | undefined =>
  column.standard && standards[column.standard].sql(quoteName(column.name))

/** Whether a text of `textSql` has digits that its decimal type does not keep, so that its value was rounded. */
export const isRoundedSql = (column: DatasetColumn): string | undefined => {
  const type = dataTypeOf(column)
  if (type.id !== 'DECIMAL') return undefined
  const name = quoteName(column.name)
  const lost = quoteText(`[.][0-9]{${type.scale}}[0-9]*[1-9]`)
  return (
    `CASE WHEN ${name} IS NULL THEN false ` +
    `WHEN contains(${name}, 'e') OR contains(${name}, 'E') ` +
    `THEN TRY_CAST(${name} AS DECIMAL(38,19)) IS DISTINCT FROM TRY_CAST(${name} AS ${typeSql(type)}) ` +
    `WHEN length(${name}) < ${type.scale + 3} THEN false ELSE regexp_matches(${name}, ${lost}) END`
  )
}

const familyOf = (column: DatasetColumn): keyof typeof forms =>
  column.type === 'integer' || column.type === 'date' ? column.type : 'decimal'
