import {
  assetFreezeSql,
  consumptionLimitSql,
  courtSql,
  dishonestDebtorSql,
  enforcementSql,
} from './court.ts'
import type { CityDataset } from './documents.ts'
import { enterpriseSql } from './enterprise.ts'
import { fundSql, insuredSql, memberAccountSql } from './fund.ts'
import { insuranceSql, invoiceSql, taxSql, whaleSql } from './month.ts'
import { districts, sections } from './places.ts'
import type { Profile } from './profile.ts'
import { ratingSql } from './rating.ts'
import {
  arrearsSql,
  mortgageSql,
  penaltySql,
  rightSql,
  seizureSql,
  violationSql,
} from './records.ts'
import {
  abnormalSql,
  annualReportSql,
  changeSql,
  personSql,
  seriousIllegalSql,
  shareholderSql,
} from './registry-records.ts'
import { registrySql } from './registry.ts'

/** A generated city 云州市 as SQL: what to run first, and then a query for the rows of each department's table. */
export type City = {
  readonly setup: readonly string[]
  /** Columns are those of the dataset's document. Each query gives its rows in an order of its own, always the same. */
  readonly table: (dataset: CityDataset) => string
}

/**
 * The city of a profile and a seed (a whole number below 2^53). The same pair gives the same rows in the same order.
 * Run `setup` in an empty engine of its own that preserves the order of insertion, then `copySql` of each table.
 */
export const cityOf = (profile: Profile, seed: number): City => ({
  setup: [enterpriseSql(profile, seed), ...whaleSql(profile, seed)],
  table: (dataset) => tables[dataset](profile, seed),
})

const listSql = (column: string, rows: readonly { code: string; name: string }[]): string => {
  const values = rows.map(({ code, name }) => `('${code}', '${name}')`).join(', ')
  return `SELECT * FROM (VALUES ${values}) t(${column}, name) ORDER BY ${column}`
}

const tables: Readonly<Record<CityDataset, (profile: Profile, seed: number) => string>> = {
  districts: () => listSql('district', districts),
  industries: () => listSql('industry', sections),
  ent_registry: registrySql,
  tax_declaration: taxSql,
  tax_rating: ratingSql,
  si_contribution: insuranceSql,
  court_case: courtSql,
  ent_shareholder: shareholderSql,
  ent_person: personSql,
  ent_change: changeSql,
  ent_abnormal: abnormalSql,
  ent_serious_illegal: seriousIllegalSql,
  ent_annual_report: annualReportSql,
  tax_invoice_month: invoiceSql,
  tax_arrears: arrearsSql,
  tax_violation: violationSql,
  hpf_contribution: fundSql,
  court_enforcement: enforcementSql,
  dishonest_debtor: dishonestDebtorSql,
  consumption_limit: consumptionLimitSql,
  asset_freeze: assetFreezeSql,
  realestate_right: rightSql,
  realestate_mortgage: mortgageSql,
  realestate_seizure: seizureSql,
  admin_penalty: penaltySql,
  si_person: insuredSql,
  hpf_person: memberAccountSql,
}

/** Writes a table as a department delivers it: UTF-8, comma, header, ISO dates, plain decimals, nothing for NULL. */
export const copySql = (sql: string, path: string, format: 'csv' | 'parquet' = 'csv'): string =>
  `COPY (${sql}) TO '${path.replaceAll("'", "''")}' ` +
  (format === 'csv'
    ? `(FORMAT csv, HEADER, DELIMITER ',', NULLSTR '')`
    : `(FORMAT parquet, COMPRESSION zstd)`)
