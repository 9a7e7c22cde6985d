import type { DuckDBConnection } from '@duckdb/node-api'
import { typeSql } from '../../policies/relation/type.ts'
import { cityTables } from './checker.ts'

/** A generator of numbers in [0, 1) that a seed determines (Park and Miller, 1988). */
export const seeded = (seed: number): (() => number) => {
  let state = seed * 7919 + 1
  return () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
}

const districts = ['浦东', '静安', '徐汇', '黄浦', 'nowhere']
const industries = ['制造', '零售', '软件', "餐'饮"]

/** Fills the small city with random rows, a tenth of the values missing, into the schema `main`. */
export const fillCity = async (connection: DuckDBConnection, seed: number): Promise<void> => {
  const random = seeded(seed)
  const whole = (below: number): number => Math.floor(random() * below)
  const sometimes = (text: string): string => (random() < 0.1 ? 'NULL' : text)
  const pick = (values: readonly string[]): string =>
    sometimes(`'${(values[whole(values.length)] ?? '').replaceAll("'", "''")}'`)
  const day = (): string => sometimes(`DATE '2014-01-01' + ${whole(4000)}`)
  const money = (below: number): string => sometimes((random() * below - below / 10).toFixed(2))
  const rows: Record<string, () => string[]> = {
    enterprise: () => {
      enterprise += 1
      return [
        String(enterprise),
        pick(districts),
        pick(industries),
        money(8000),
        day(),
        sometimes(String(whole(80))),
        sometimes(String(random() < 0.5)),
      ]
    },
    tax: () => [
      sometimes(String(1 + whole(45))),
      day(),
      pick(['增值税', '所得税', 'stamp']),
      money(900),
      sometimes(String(whole(9))),
    ],
    insurance: () => [
      sometimes(String(1 + whole(45))),
      day(),
      sometimes(String(whole(60))),
      money(90),
    ],
    court: () => [
      sometimes(String(1 + whole(45))),
      day(),
      pick(['买卖合同纠纷', '劳动争议', '借款合同纠纷', 'other']),
      pick(['plaintiff', 'defendant']),
      money(5000),
    ],
    region: () => {
      region += 1
      return [`'${310_100 + region}'`, `'${districts[region - 1] ?? ''}'`, pick(['上海', '苏州'])]
    },
  }
  let enterprise = 0
  let region = 0
  const counts: Record<string, number> = {
    enterprise: 40,
    tax: 90,
    insurance: 60,
    court: 30,
    region: 4,
  }
  for (const { dataset, columns } of cityTables) {
    const list = columns.map(({ name, type }) => `${name} ${typeSql(type)}`).join(', ')
    await connection.run(`CREATE OR REPLACE TABLE ${dataset} (${list})`)
    const row = rows[dataset]
    const values = Array.from({ length: counts[dataset] ?? 0 }, () => `(${row?.().join(', ')})`)
    await connection.run(`INSERT INTO ${dataset} VALUES ${values.join(', ')}`)
  }
}
