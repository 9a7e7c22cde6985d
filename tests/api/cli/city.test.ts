import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { cityProfiles } from '../../../api/city.ts'
import {
  bankDocuments,
  cityDatasets,
  cityPolicies,
  departmentDatasets,
} from '../../../connectors/city/documents.ts'
import { profiles } from '../../../connectors/city/profile.ts'
import { cliAs } from '../../support/cli.ts'
import { fakeDoor } from '../../support/door.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-city-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const city = async (...args: string[]) => cliAs('analyst', fakeDoor({}))('city', ...args)

test('the command and the generator know the same profiles', () => {
  expect(cityProfiles).toEqual(Object.keys(profiles))
})

test('a city is written as files and documents, with a bank, persons and faults when asked for', async () => {
  const out = join(folder, 'whole')
  const ran = await city('--out', out, '--months', '4', '--persons', '--bank', '--dirty', '--json')
  expect(ran.exit).toBe(0)
  const { tables } = JSON.parse(ran.out) as { tables: { dataset: string; rows: number }[] }
  const bank = ['bank_customer', 'bank_loan_sample', 'bank_behaviour_month']
  expect(tables.map(({ dataset }) => dataset)).toEqual([...cityDatasets, 'planted', ...bank])
  expect(ran.err).toMatch(/^ent_registry 20,1\d\d$/m)
  for (const { dataset, rows } of tables) {
    const path = join(out, bank.includes(dataset) ? 'bank' : '', `${dataset}.csv`)
    expect(readFileSync(path, 'utf8').split('\n')).toHaveLength(rows + 2)
  }
  expect(readdirSync(join(out, 'documents')).toSorted()).toEqual(
    [...cityDatasets, ...cityPolicies].map((name) => `${basename(name)}.yaml`).toSorted(),
  )
  expect(readdirSync(join(out, 'bank', 'documents')).toSorted()).toEqual(
    bankDocuments.map((name) => `${basename(name)}.yaml`).toSorted(),
  )
  expect(departmentDatasets).not.toContain('si_person')
  const [header, ...planted] = readFileSync(join(out, 'planted.csv'), 'utf8').trim().split('\n')
  expect(header).toBe('dataset,line,column,kind,reason')
  const [dataset = '', line = ''] = planted
    .find((each) => each.includes('old tax number'))!
    .split(',')
  const rows = readFileSync(join(out, `${dataset}.csv`), 'utf8').split('\n')
  expect(rows[Number(line) - 1]).toMatch(/(^|,)\d{6}MA[0-9A-Z]{7},/)
}, 180_000)

test.each([
  ['--profile', 'moscow'],
  ['--seed', '-1'],
  ['--months', '3'],
  ['--months', '1e1'],
])('%s %s is refused before anything is written', async (...args) => {
  const out = join(folder, 'nothing')
  expect(await city('--out', out, ...args)).toMatchObject({ exit: 2, out: '' })
  expect(readdirSync(folder)).not.toContain('nothing')
})

test('the generator ends with whoever started it', async () => {
  const out = mkdtempSync(join(folder, 'left-'))
  const job = { folder: out, profile: 'beijing', seed: 1, tables: 'story' }
  const child = spawn(process.execPath, ['dist/sandbox/run/city-process.js', JSON.stringify(job)], {
    stdio: ['pipe', 'ignore', 'inherit'],
  })
  child.stdin.end()
  const [code] = (await once(child, 'exit')) as [number | null]
  expect(code).toBe(1)
  expect(readdirSync(out)).not.toContain('court_case.csv')
})

test('nothing that is there is written over', async () => {
  expect(await city('--out', folder)).toMatchObject({ exit: 2 })
})
