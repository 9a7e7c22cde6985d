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
export const isIdentifier = (column: DatasetColumn): boolean =>
  column.class === 'identifier' || column.standard !== undefined

/** The cell's text as it is read: identifiers in normal form, a blank one as none. */
export const textSql = (column: DatasetColumn): string => {
  const name = quoteName(column.name)
  // NULLIF computes its first argument twice, so a code in normal form, as nearly all are, is looked at before.
  return isIdentifier(column)
    ? `CASE WHEN ${matches(name, '[0-9A-Z]+')} THEN ${name} ELSE NULLIF(${normaliseSql(name)}, '') END`
    : name
}

/**
 * Of a decimal type: whether a text is a number with no more digits than the type keeps. Most are, and then their value
 * is exact; undefined for other types.
 */
export const isExactSql = (column: DatasetColumn): string | undefined => {
  const type = dataTypeOf(column)
  if (type.id !== 'DECIMAL') return undefined
  const fraction = type.scale === 0 ? '' : `([.][0-9]{1,${type.scale}})?`
  return matches(quoteName(column.name), `-?[0-9]+${fraction}`)
}

/**
 * The value of a text made by `textSql`, NULL where it is not one of the column's type. `exactSql` may name a column with
 * what `isExactSql` said of it.
 */
export const valueSql = (column: DatasetColumn, exactSql = isExactSql(column)): string => {
  const name = quoteName(column.name)
  if (column.type === 'text') return name
  if (column.type === 'boolean')
    return `CASE WHEN lower(${name}) IN ('true', '1') THEN true WHEN lower(${name}) IN ('false', '0') THEN false END`
  const isOfForm = matches(name, forms[familyOf(column)])
  const condition = exactSql === undefined ? isOfForm : `${exactSql} OR ${isOfForm}`
  return `CASE WHEN ${condition} THEN TRY_CAST(${name} AS ${typeSql(dataTypeOf(column))}) END`
}

const matches = (name: string, form: string): string =>
  `regexp_full_match(${name}, ${quoteText(form)})`

/** Whether a value satisfies the column's standard and is one of its codes; undefined where it has neither. NULL for NULL. */
export const isStandardSql = ({ name, standard, codes }: DatasetColumn): string | undefined => {
  const quoted = quoteName(name)
  const conditions = [
    ...(standard === undefined ? [] : [standards[standard].sql(quoted)]),
    ...(codes === undefined
      ? []
      : [`${quoted} IN (${codes.map((code) => quoteText(code)).join(', ')})`]),
  ]
  return conditions.length === 0 ? undefined : conditions.map((sql) => `(${sql})`).join(' AND ')
}

/** Whether a value is a number of the kind that the column's standard took the place of. NULL for NULL. */
export const isOutdatedSql = ({ name, standard }: DatasetColumn): string =>
  (standard && standards[standard].old?.sql(quoteName(name))) ?? 'false'

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
