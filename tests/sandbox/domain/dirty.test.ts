import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { cityOf, copySql } from '../../../connectors/city/city.ts'
import { spoilSql } from '../../../connectors/city/dirty.ts'
import { cityDocument, type CityDataset } from '../../../connectors/city/documents.ts'
import { profiles, referenceSeed } from '../../../connectors/city/profile.ts'
import { datasetSchema, type Dataset } from '../../../policies/dataset.ts'
import { parseDocument } from '../../../policies/document.ts'
import { cycles } from '../../../policies/quality.ts'
import type { BadRow } from '../../../policies/quarantine.ts'
import { filePath } from '../../../sandbox/domain/home.ts'
import { readQuarantine } from '../../../sandbox/domain/quarantine.ts'
import type { Published } from '../../../sandbox/run/publisher-protocol.ts'
import { openDuck } from '../../support/duck.ts'
import { testFolder } from '../../support/folder.ts'
import { taxPolicy, testHome, valueOf, type TestHome } from '../../support/publishing.ts'

const folder = testFolder()
const names = [
  'ent_registry',
  'tax_declaration',
  'si_contribution',
  'court_case',
  'ent_person',
  'ent_annual_report',
  'realestate_right',
] as const satisfies readonly CityDataset[]

type Planted = {
  readonly line: number
  readonly column: string | null
  readonly kind: string
  readonly reason: string
}
type Delivery = {
  readonly dataset: Dataset
  readonly planted: readonly Planted[]
  readonly value: Published
  readonly bad: readonly BadRow[]
  readonly rows: number
}

const deliveries: Delivery[] = []
/** A city as it is delivered in life, through the publisher. */
beforeAll(async () => {
  const duck = await openDuck(2)
  const home = testHome(join(folder, 'home'))
  const city = cityOf({ ...profiles.ci, enterprises: 6000, months: 6 }, referenceSeed)
  for (const sql of city.setup) await duck.run(sql)
  for (const name of names) {
    const parsed = parseDocument(cityDocument(name), datasetSchema)
    if (!parsed.ok) throw new Error(name)
    const dataset = parsed.value
    const { make, rows, planted } = spoilSql(dataset, city.table(name), referenceSeed)
    for (const sql of make) await duck.run(sql)
    const path = join(folder, `${name}.csv`)
    await duck.run(copySql(rows, path))
    const list = await duck.rows(
      `SELECT line, "column", kind, reason FROM (${planted}) WHERE line IS NOT NULL`,
    )
    const value = valueOf(
      await home.fromCsv(readFileSync(path), { dataset, policy: policyOf(dataset) }),
    )
    deliveries.push({
      dataset,
      value,
      rows: Number((await duck.rows('SELECT count(*) FROM spoilt'))[0]?.[0]),
      bad: await badRows(home, value),
      planted: list.map(([line, column, kind, reason]) => ({
        line: Number(line),
        column: column ?? null,
        kind: kind ?? '',
        reason: reason ?? '',
      })),
    })
  }
  duck.close()
})
afterAll(() => (deliveries.length = 0))

/** One column of it published: what a delivery is worth does not depend on more. */
const policyOf = ({ dataset, columns }: Dataset) => {
  const column = columns.find(({ class: kind }) => kind === 'code')!
  return taxPolicy(
    {},
    {
      datasets: {
        [dataset]: {
          contribution: { rowsMax: 100, groupsMax: 100 },
          columns: { [column.name]: { use: 'dimension' } },
        },
      },
    },
  )
}

const badRows = async (home: TestHome, value: Published): Promise<readonly BadRow[]> => {
  const { id, sha256 } = value.quarantine!.file
  const file = {
    path: filePath(home.home, 'quarantine', id),
    sha256,
    key: home.keyOf(`quarantine ${id}`),
  }
  const all: BadRow[] = []
  for (let from: number | undefined = 0; from !== undefined;) {
    const page: Awaited<ReturnType<typeof readQuarantine>> = await readQuarantine(file, {
      from,
      limit: 200,
    })
    all.push(...page.rows)
    from = page.next
  }
  return all
}

const isFound = ({ line, column, reason }: Planted, bad: readonly BadRow[]): boolean =>
  bad.some(
    (row) =>
      row.line === line &&
      row.faults.some((fault) => fault.reason === reason && (fault.column ?? null) === column),
  )

const kinds = [
  'repeated row',
  'two representatives',
  'old tax number',
  'wrong check digit',
  'wrong identity number',
  'day that is none',
  'old identity number',
  'date to come',
  'unknown region',
  'unknown industry',
  'empty cell',
  'malformed number',
]

test.each(kinds)(
  'of what is planted as `%s`, at least 99 in 100 are set aside for what they are',
  (kind) => {
    const all = deliveries.flatMap(({ planted, bad }) =>
      planted.filter((each) => each.kind === kind).map((each) => isFound(each, bad)),
    )
    expect(all.length).toBeGreaterThan(0)
    expect(all.filter(Boolean).length / all.length).toBeGreaterThanOrEqual(0.99)
  },
)

test('nothing is planted that this test does not look for', () => {
  const planted = new Set(
    deliveries.flatMap((delivery) => delivery.planted.map(({ kind }) => kind)),
  )
  expect([...planted].toSorted()).toEqual(kinds.toSorted())
})

test('every clean row is kept, and nothing else (S1-02)', () => {
  for (const { dataset, planted, bad, value, rows } of deliveries) {
    expect(
      bad.map(({ line }) => line),
      dataset.dataset,
    ).toEqual(planted.map(({ line }) => line).toSorted((a, b) => a - b))
    expect(value.rows, dataset.dataset).toBe(rows - planted.length)
  }
})

test('a late feed is older than its cycle allows, and cells that may be empty are not faults', () => {
  const [punctual, late] = (['tax_declaration', 'si_contribution'] as const).map(
    (name) => deliveries.find(({ dataset }) => dataset.dataset === name)!.value.delivery!.ageDays!,
  )
  expect(late! - punctual!).toBeGreaterThan(cycles.monthly)
  const registry = deliveries[0]!.value.delivery!
  const empty = registry.columns.find(({ column }) => column === 'legal_rep_id')!.empty
  expect(empty / registry.rows).toBeGreaterThan(0.03)
})
