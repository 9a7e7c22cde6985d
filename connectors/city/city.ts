import { courtSql } from './court.ts'
import { enterpriseSql } from './enterprise.ts'
import { insuranceSql, monthSql, salesSql, taxSql } from './month.ts'
import { districts, sections } from './places.ts'
import type { Profile } from './profile.ts'
import { ratingSql } from './rating.ts'
import { registrySql } from './registry.ts'

/** A generated city 云州市 as SQL: what to run first, and then a query for the rows of each department's table. */
export type City = {
  readonly setup: readonly string[]
  /** Named as the dataset documents are; columns as in them. Each query fixes the order of its rows. */
  readonly tables: readonly { readonly dataset: string; readonly sql: string }[]
}

/**
 * The city of a profile and a seed (a whole number below 2^53). The same pair gives the same rows in the same order.
 * Run `setup` in an empty engine of its own, then `copySql` of each table, or each table's SQL.
 */
export const cityOf = (profile: Profile, seed: number): City => ({
  setup: [enterpriseSql(profile, seed), monthSql(profile), ...salesSql(seed)],
  tables: [
    { dataset: 'districts', sql: listSql('district', districts) },
    { dataset: 'industries', sql: listSql('industry', sections) },
    { dataset: 'ent_registry', sql: registrySql(profile, seed) },
    { dataset: 'tax_declaration', sql: taxSql() },
    { dataset: 'tax_rating', sql: ratingSql() },
    { dataset: 'si_contribution', sql: insuranceSql() },
    { dataset: 'court_case', sql: courtSql() },
  ],
})

const listSql = (column: string, rows: readonly { code: string; name: string }[]): string => {
  const values = rows.map(({ code, name }) => `('${code}', '${name}')`).join(', ')
  return `SELECT * FROM (VALUES ${values}) t(${column}, name) ORDER BY ${column}`
}

/** Writes a table as a department delivers it: UTF-8, comma, header, ISO dates, plain decimals, nothing for NULL. */
export const copySql = (sql: string, path: string): string =>
  `COPY (${sql}) TO '${path.replaceAll("'", "''")}' (FORMAT csv, HEADER, DELIMITER ',', NULLSTR '')`
