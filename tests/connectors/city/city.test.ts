import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bankSetupSql, bankSql } from '../../../connectors/city/bank.ts'
import { cityOf, copySql } from '../../../connectors/city/city.ts'
import {
  cityDatasets,
  cityDocument,
  cityDocuments,
  panelDatasets,
} from '../../../connectors/city/documents.ts'
import {
  bytesToLookFor,
  markedEnterprises,
  markerOf,
  rareEnterprises,
  whaleEnterprises,
} from '../../../connectors/city/planted.ts'
import { profiles, referenceSeed } from '../../../connectors/city/profile.ts'
import { mix, mixSql } from '../../../connectors/city/random.ts'
import { standards } from '../../../connectors/standards/standard.ts'
import { agreementSchema } from '../../../policies/agreement.ts'
import { checkAgreement } from '../../../policies/check-agreement.ts'
import { checkPolicy } from '../../../policies/check-policy.ts'
import { dataTypeOf, datasetSchema, type Dataset } from '../../../policies/dataset.ts'
import { desensitizeSql } from '../../../policies/desensitize/method.ts'
import { parseDocument } from '../../../policies/document.ts'
import type { Outcome } from '../../../policies/outcome.ts'
import { policySchema } from '../../../policies/policy.ts'
import { typeSql } from '../../../policies/relation/type.ts'
import { openDuck, quoted } from '../../support/duck.ts'

const valueOf = <T>(outcome: Outcome<T>): T => {
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.refusals, null, 1))
  return outcome.value
}

const documents = cityDocuments()
const datasets = documents.datasets.map(({ text }) => valueOf(parseDocument(text, datasetSchema)))
const everything = cityDatasets.map((name) =>
  valueOf(parseDocument(cityDocument(name), datasetSchema)),
)
const policy = valueOf(
  parseDocument(documents.policy, policySchema, (policy) => checkPolicy(policy, datasets)),
)

let duck: Awaited<ReturnType<typeof openDuck>>
let folder: string
/** The `ci` city as its departments deliver it: files, read back as text. */
beforeAll(async () => {
  duck = await openDuck(2)
  folder = mkdtempSync(join(tmpdir(), 'city-'))
  const city = cityOf(profiles.ci, referenceSeed)
  for (const sql of city.setup) await duck.run(sql)
  for (const dataset of cityDatasets) {
    const path = join(folder, `${dataset}.csv`)
    await duck.run(copySql(city.table(dataset), path))
    await duck.run(
      `CREATE TABLE ${dataset} AS FROM read_csv('${path}', all_varchar = true, header = true)`,
    )
  }
})
afterAll(() => {
  duck.close()
  rmSync(folder, { recursive: true })
})

const count = async (from: string): Promise<number> =>
  Number((await duck.rows(`SELECT count(*) FROM ${from}`))[0]?.[0])

test('the policy and the agreement of the city pass every check', () => {
  expect(documents.datasets.map(({ dataset }) => dataset)).toEqual(
    datasets.map(({ dataset }) => dataset),
  )
  expect(Object.keys(policy.datasets)).toEqual(datasets.map(({ dataset }) => dataset))
  const agreement = parseDocument(documents.agreement, agreementSchema, (agreement) =>
    checkAgreement(agreement, policy),
  )
  expect(agreement.ok ? [] : agreement.refusals).toEqual([])
})

test('the city has a table for every dataset document, with its columns in order (S1-53)', async () => {
  expect(everything.map(({ dataset }) => dataset)).toEqual([...cityDatasets])
  for (const { dataset, columns } of everything) {
    const described = await duck.rows(`DESCRIBE ${dataset}`)
    expect(described.map(([name]) => name)).toEqual(columns.map(({ name }) => name))
  }
})

test.each(everything.map((dataset) => [dataset.dataset, dataset] as const))(
  'the rows of %s are what its document says',
  async (name, { grain, columns, entities }: Dataset) => {
    expect(await count(name)).toBeGreaterThan(0)
    expect(
      await count(`(SELECT 1 FROM ${name} GROUP BY ${grain.join(', ')} HAVING count(*) > 1)`),
    ).toBe(0)
    for (const column of columns) {
      const value = `"${column.name}"`
      if (!column.nullable) expect(await count(`${name} WHERE ${value} IS NULL`)).toBe(0)
      const typed = `TRY_CAST(${value} AS ${typeSql(dataTypeOf(column))})`
      expect(await count(`${name} WHERE ${value} IS NOT NULL AND ${typed} IS NULL`)).toBe(0)
      if (column.type.startsWith('decimal'))
        expect(
          await count(`${name} WHERE NOT regexp_full_match(${value}, '-?[0-9]+\\.[0-9]{2,4}')`),
        ).toBe(0)
      if (column.past === true) expect(await count(`${name} WHERE ${value} > '2024-12-31'`)).toBe(0)
      if (column.standard !== undefined)
        expect(
          await count(
            `(SELECT DISTINCT ${value} FROM ${name}) WHERE NOT ${standards[column.standard].sql(value)}`,
          ),
        ).toBe(0)
    }
    const [unit] = entities
    if (unit === undefined) return
    expect(await count(`${name} WHERE uscc NOT IN (SELECT uscc FROM ent_registry)`)).toBe(0)
    if (policy.datasets[name] === undefined) return
    const rowsMax = policy.datasets[name].contribution.rowsMax
    expect(
      await count(`(SELECT 1 FROM ${name} GROUP BY ${unit.column} HAVING count(*) > ${rowsMax})`),
    ).toBe(0)
  },
)

test('every value of a dimension lies in its domain after desensitization, and each value occurs', async () => {
  for (const { dataset, columns } of datasets)
    for (const column of columns) {
      const rule = policy.datasets[dataset]?.columns[column.name]
      if (rule?.use !== 'dimension' || rule.domain === undefined) continue
      const typed = `CAST("${column.name}" AS ${typeSql(dataTypeOf(column))})`
      const published = `CAST(${desensitizeSql(column, rule.desensitize, typed)} AS VARCHAR)`
      const rows = await duck.rows(`SELECT DISTINCT ${published} FROM ${dataset} ORDER BY 1`)
      const values = rows.map(([value]) => value ?? 'NULL')
      if ('codes' in rule.domain) expect(values).toEqual(rule.domain.codes.map(String).toSorted())
      else if ('dates' in rule.domain) {
        expect(values[0]).toBe(rule.domain.dates[0])
        expect(values.at(-1)! <= rule.domain.dates[1]).toBe(true)
      }
    }
})

test('the city has as many enterprises as its profile and about as many rows as a year has', async () => {
  expect(await count('ent_registry')).toBe(20_000)
  expect(await count('tax_declaration')).toBeGreaterThan(220_000)
  expect(await count('si_contribution')).toBeGreaterThan(160_000)
  expect(await count('court_case')).toBeGreaterThan(2_500)
})

test('a representative may stand behind many enterprises, and nobody shares a number', async () => {
  const [row] = await duck.rows(
    `SELECT max(n), count(*) FILTER (n > 3) FROM (SELECT count(*) n FROM ent_registry WHERE legal_rep_id IS NOT NULL GROUP BY legal_rep_id)`,
  )
  expect(Number(row?.[0])).toBeGreaterThan(10)
  expect(Number(row?.[1])).toBeGreaterThan(100)
})

test('fifty enterprises are alone in their district and section', async () => {
  const alone = await duck.rows(
    `SELECT min(uscc), district, left(industry, 1) FROM ent_registry GROUP BY district, left(industry, 1) HAVING count(*) = 1`,
  )
  const planted = rareEnterprises(referenceSeed).map(({ uscc, district, section }) => [
    uscc,
    district,
    section,
  ])
  expect(alone).toEqual(expect.arrayContaining(planted))
  expect(planted).toHaveLength(50)
})

test('three whales have more than six tenths of their cell in every month', async () => {
  const shares = await duck.rows(`
    SELECT max_by(uscc, sales), district, section, min(largest / total), count(*), min(others) FROM (
      SELECT district, left(industry, 1) AS section, period, max_by(uscc, amount) AS uscc, max(amount) AS sales,
        max(amount) AS largest, sum(amount) AS total, count(*) - 1 AS others
      FROM (SELECT *, CAST(taxable_sales AS DOUBLE) AS amount FROM tax_declaration) JOIN ent_registry USING (uscc)
      GROUP BY ALL)
    WHERE others > 20 GROUP BY district, section HAVING min(largest / total) > 0.6 ORDER BY district`)
  const [whales, others] = [
    shares.map((row) => row.slice(0, 3)),
    shares.map((row) => Number(row[5])),
  ]
  expect(whales).toEqual(
    whaleEnterprises(referenceSeed).map(({ uscc, district, section }) => [uscc, district, section]),
  )
  expect(Math.min(...others)).toBeGreaterThan(20)
})

test('the marker stands in the free texts of three enterprises and in no column that is published', async () => {
  const marker = markerOf(referenceSeed)
  const marked = await duck.rows(
    `SELECT uscc FROM ent_registry WHERE contains(name, ${quoted(marker)}) AND contains(address, ${quoted(marker)}) ORDER BY 1`,
  )
  expect(marked.flat()).toEqual(
    markedEnterprises(referenceSeed)
      .map(({ uscc }) => uscc)
      .toSorted(),
  )
  expect(bytesToLookFor(referenceSeed)).toHaveLength(57)
  const bytes = readFileSync(join(folder, 'ent_registry.csv'))
  for (const text of bytesToLookFor(referenceSeed)) expect(bytes.includes(text)).toBe(true)
  for (const { dataset, columns } of datasets)
    for (const { name } of columns.filter((column) => ['code', 'amount'].includes(column.class)))
      expect(await count(`${dataset} WHERE contains("${name}", ${quoted(marker)})`)).toBe(0)
})

test('facts go together: bad grades come with delay, little sales and enforcement', async () => {
  const [good, bad] = (
    await duck.rows(`
    SELECT avg(CAST(late_days AS DOUBLE)), avg(CAST(uscc IN (FROM (SELECT uscc FROM court_case WHERE party_role = '被执行人')) AS INTEGER))
    FROM tax_declaration JOIN tax_rating USING (uscc) WHERE grade IN ('A', 'D') GROUP BY grade ORDER BY grade`)
  ).map((row) => row.map(Number))
  expect(bad![0]! / good![0]!).toBeGreaterThan(3)
  expect(bad![1]! / good![1]!).toBeGreaterThan(3)
})

test('what is rare is as rare as it is said to be', async () => {
  const enterprises = await count('ent_registry')
  const active = await count(
    `(SELECT uscc FROM tax_declaration WHERE is_zero = 'false' GROUP BY uscc HAVING count(*) > 6)`,
  )
  const shares = {
    ent_serious_illegal: [(await count('ent_serious_illegal')) / enterprises, 0.001, 0.0022],
    ent_abnormal: [(await count('ent_abnormal')) / enterprises, 0.04, 0.08],
    tax_arrears: [(await count('tax_arrears')) / active, 0.015, 0.035],
    tax_violation: [(await count('tax_violation')) / enterprises, 0.006, 0.01],
    dishonest_debtor: [(await count('dishonest_debtor')) / enterprises, 0.004, 0.012],
    limited_to_dishonest: [
      (await count('consumption_limit')) / (await count('dishonest_debtor')),
      1.15,
      1.45,
    ],
    mortgaged: [
      (await count('realestate_mortgage')) / (await count('realestate_right')),
      0.42,
      0.48,
    ],
    penalised: [(await count('admin_penalty')) / enterprises, 0.035, 0.055],
  } as const
  for (const [name, [share, low, high]] of Object.entries(shares)) {
    expect(share, name).toBeGreaterThan(low)
    expect(share, name).toBeLessThan(high)
  }
})

test('shares of an enterprise are whole, and what courts publish they enforce', async () => {
  expect(
    await count(
      `(SELECT 1 FROM ent_shareholder GROUP BY uscc HAVING sum(CAST(ratio AS DECIMAL(9,4))) <> 100)`,
    ),
  ).toBe(0)
  for (const table of [
    'dishonest_debtor',
    'consumption_limit',
    'asset_freeze',
    'court_enforcement',
  ])
    expect(
      await count(
        `${table} WHERE case_no NOT IN (SELECT case_no FROM court_case WHERE party_role = '被执行人')`,
      ),
    ).toBe(0)
  expect(
    await count(`realestate_mortgage WHERE unit_no NOT IN (SELECT unit_no FROM realestate_right)`),
  ).toBe(0)
})

test('a person keeps a number: no two employees share one, and none is a representative', async () => {
  expect(
    await count(`(SELECT person_id FROM si_person GROUP BY 1 HAVING count(DISTINCT uscc) > 1)`),
  ).toBe(0)
  expect(await count(`si_person WHERE person_id IN (SELECT legal_rep_id FROM ent_registry)`)).toBe(
    0,
  )
  expect(await count(`hpf_person WHERE person_id NOT IN (SELECT person_id FROM si_person)`)).toBe(0)
})

test('panels are of months in which an enterprise was: two years leave out who was founded later', async () => {
  const profile = { ...profiles.ci, enterprises: 500, months: 24 }
  const engine = await openDuck(2)
  const city = cityOf(profile, referenceSeed)
  for (const sql of city.setup) await engine.run(sql)
  for (const dataset of panelDatasets.filter((name) => !name.endsWith('person'))) {
    const rows = await engine.rows(
      `SELECT min(p.period) = DATE '2023-01-01', max(p.period) = DATE '2024-12-01',
         count(*) FILTER (WHERE NOT is_planted AND p.period < date_trunc('month', established))
       FROM (${city.table(dataset as (typeof cityDatasets)[number])}) p JOIN city_enterprise USING (uscc)`,
    )
    expect(rows, dataset).toEqual([['true', 'true', '0']])
  }
  engine.close()
})

/** SHA-256 of all files of a small city. Logarithms and sines may differ in their last bit; two decimals do not. */
const digestOf = async (seed: number, threads: number): Promise<string> => {
  const engine = await openDuck(threads)
  const profile = { ...profiles.ci, enterprises: 600, months: 4 }
  const city = cityOf(profile, seed)
  for (const sql of [...city.setup, ...bankSetupSql(profile, seed)]) await engine.run(sql)
  const hash = createHash('sha256')
  const queries = [
    ...cityDatasets.map((name) => city.table(name)),
    ...Object.values(bankSql(profile)),
  ]
  for (const sql of queries) {
    const path = join(folder, `${seed}-${threads}.csv`)
    await engine.run(copySql(sql, path))
    hash.update(readFileSync(path))
  }
  engine.close()
  return hash.digest('hex')
}

test('the same seed gives the same bytes, on one thread and on two, and another seed another city', async () => {
  const digest = await digestOf(referenceSeed, 1)
  expect(digest).toBe('8337693ecad6c3b150ade90c6177bd1db824517e5ed2199da6502b16ff5d6e5b')
  expect(await digestOf(referenceSeed, 2)).toBe(digest)
  expect(await digestOf(7, 1)).not.toBe(digest)
})

test('cities of two seeds share no enterprise but by chance', async () => {
  const city = cityOf({ ...profiles.ci, enterprises: 2000, months: 1 }, 7)
  const engine = await openDuck()
  await engine.run(city.setup[0]!)
  const codes = (await engine.rows('SELECT uscc FROM city_enterprise')).flat()
  engine.close()
  expect(await count(`ent_registry WHERE uscc IN (${codes.map(quoted).join(', ')})`)).toBeLessThan(
    5,
  )
})

test('the mixer is the same in TypeScript and in the engine', async () => {
  const inputs = [0, 1, 2, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff, 123_456_789, 3_405_691_582]
  const list = inputs.map((input) => `(CAST(${input} AS BIGINT))`).join(', ')
  const rows = await duck.rows(`SELECT ${mixSql('x')} FROM (VALUES ${list}) t(x)`)
  expect(rows.flat().map(Number)).toEqual(inputs.map(mix))
})
