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
import type { Published } from '../../../sandbox/run/publisher-protocol.ts'
import { openDuck } from '../../support/duck.ts'
import { testFolder } from '../../support/folder.ts'
import { badRows, taxPolicy, testHome, valueOf } from '../../support/publishing.ts'

const folder = testFolder()
const names = [
  'ent_registry',
  'tax_declaration',
  'si_contribution',
  'court_case',
  'ent_person',
  'ent_annual_report',
  'realestate_right',
  'tax_rating',
  'tax_arrears',
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
      await home.fromCsv(readFileSync(path), {
        dataset,
        policy: policyOf(dataset),
        authorities: authoritiesOf(dataset),
      }),
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
}, 180_000)
afterAll(() => (deliveries.length = 0))

/** The raw versions of the registry, where the dataset is measured by it. */
const authoritiesOf = ({ columns }: Dataset) => {
  const names = new Set(columns.flatMap(({ authority }) => authority?.dataset ?? []))
  return [...names].map((name) => {
    const { value, dataset } = deliveries.find((each) => each.dataset.dataset === name)!
    return { dataset: name, unit: dataset.entities[0]!.column, raw: value.raw }
  })
}

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
  'otherwise registered',
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

test('of two sources for one fact one answers: the other is set aside, or corrected (S4-02)', () => {
  const said = (name: string) =>
    deliveries
      .find(({ dataset }) => dataset.dataset === name)!
      .value.quarantine!.reasons.find(({ column }) => column === 'legal_rep_name')
  expect(said('tax_rating')).toMatchObject({ reason: 'replaced' })
  expect(said('tax_arrears')).toMatchObject({ reason: 'contradicts' })
})

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
    const out = planted.filter(({ reason }) => reason !== 'replaced').length
    expect(value.rows, dataset.dataset).toBe(rows - out)
    expect(value.quarantine?.rows, dataset.dataset).toBe(out)
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
