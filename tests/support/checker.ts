import { checkText, type StubTable } from '../../sandbox/query/check.ts'
import { openCheckerEngine, type CheckerEngine } from '../../sandbox/run/checker-engine.ts'
import type { Outcome } from '../../policies/outcome.ts'
import type { Tree } from '../../policies/relation/tree.ts'
import { BIGINT, BOOLEAN, DATE, VARCHAR, type DataType } from '../../policies/relation/type.ts'

const money: DataType = { id: 'DECIMAL', width: 18, scale: 2 }

/** The small city of the text cases and the corpus. */
export const cityTables: readonly StubTable[] = [
  {
    dataset: 'enterprise',
    columns: [
      { name: 'uscc', type: BIGINT },
      { name: 'district', type: VARCHAR },
      { name: 'industry', type: VARCHAR },
      { name: 'capital', type: money },
      { name: 'founded', type: DATE },
      { name: 'staff', type: BIGINT },
      { name: 'listed', type: BOOLEAN },
    ],
  },
  {
    dataset: 'tax',
    columns: [
      { name: 'uscc', type: BIGINT },
      { name: 'period', type: DATE },
      { name: 'kind', type: VARCHAR },
      { name: 'amount', type: money },
      { name: 'late_days', type: BIGINT },
    ],
  },
  {
    dataset: 'insurance',
    columns: [
      { name: 'uscc', type: BIGINT },
      { name: 'period', type: DATE },
      { name: 'insured', type: BIGINT },
      { name: 'arrears', type: money },
    ],
  },
  {
    dataset: 'court',
    columns: [
      { name: 'uscc', type: BIGINT },
      { name: 'filed', type: DATE },
      { name: 'cause', type: VARCHAR },
      { name: 'role', type: VARCHAR },
      { name: 'claim', type: money },
    ],
  },
  {
    dataset: 'region',
    columns: [
      { name: 'code', type: VARCHAR },
      { name: 'title', type: VARCHAR },
      { name: 'city', type: VARCHAR },
    ],
    key: ['code'],
  },
]

export const today = '2026-06-30'

let engine: CheckerEngine | undefined

/** Checks a text against the small city, in this process. */
export const check = async (
  text: string,
  tables: readonly StubTable[] = cityTables,
): Promise<Outcome<Tree>> => {
  engine ??= await openCheckerEngine()
  return checkText({ text, tables, today }, engine)
}
