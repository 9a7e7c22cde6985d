import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { cityOf, copySql, type City } from '../../../connectors/city/city.ts'
import { cityDatasets, cityDocument, cityPolicies } from '../../../connectors/city/documents.ts'
import { profiles, referenceSeed } from '../../../connectors/city/profile.ts'
import { checkPolicy } from '../../../policies/check-policy.ts'
import { datasetSchema } from '../../../policies/dataset.ts'
import { parseDocument } from '../../../policies/document.ts'
import { policySchema } from '../../../policies/policy.ts'
import type { Published } from '../../../sandbox/run/publisher-protocol.ts'
import { openDuck } from '../../support/duck.ts'
import { testFolder } from '../../support/folder.ts'
import { testHome, valueOf, type TestHome } from '../../support/publishing.ts'

const folder = testFolder()
const datasets = cityDatasets.map((name) => {
  const parsed = parseDocument(cityDocument(name), datasetSchema)
  if (!parsed.ok) throw new Error(name)
  return parsed.value
})
const policies = cityPolicies.map((name) => {
  const parsed = parseDocument(cityDocument(name), policySchema, (policy) =>
    checkPolicy(policy, datasets),
  )
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.refusals))
  return parsed.value
})

let duck: Awaited<ReturnType<typeof openDuck>>
let city: City
let home: TestHome
beforeAll(async () => {
  duck = await openDuck(2)
  city = cityOf({ ...profiles.ci, enterprises: 800 }, referenceSeed)
  home = testHome(join(folder, 'home'))
  for (const sql of city.setup) await duck.run(sql)
})
afterAll(() => duck.close())

const published = new Map<string, Published['raw']>()
/** The raw versions that answer for columns of a table: they come before it. */
const authoritiesOf = (name: string) => {
  const { columns } = datasets.find(({ dataset }) => dataset === name)!
  const names = new Set(columns.flatMap(({ authority }) => authority?.dataset ?? []))
  return [...names].map((dataset) => ({ dataset, unit: 'uscc', raw: published.get(dataset)! }))
}

test('each table of the city has its policy', () => {
  expect(policies.flatMap((policy) => Object.keys(policy.datasets)).toSorted()).toEqual(
    cityDatasets.toSorted(),
  )
})

test.each(cityDatasets)(
  '%s is published as it was generated, and nothing is set aside',
  async (name) => {
    const path = join(folder, `${name}.csv`)
    await duck.run(copySql(city.table(name), path))
    const rows = readFileSync(path, 'utf8').split('\n').length - 2
    const value = valueOf(
      await home.fromCsv(readFileSync(path), {
        dataset: datasets.find(({ dataset }) => dataset === name)!,
        policy: policies.find((policy) => policy.datasets[name] !== undefined)!,
        authorities: authoritiesOf(name),
      }),
    )
    published.set(name, value.raw)
    expect(value.rows).toBe(rows)
    expect(value.quarantine).toBeUndefined()
  },
)
