import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTrial } from '../../../api/cli/policy-trial.ts'
import { settingOf } from '../../../policies/test-setting.ts'
import { parseDocument } from '../../../policies/document.ts'
import { policyTestSchema } from '../../../policies/policy-test.ts'
import { cliAs, type Ran } from '../../support/cli.ts'
import { fakeDoor } from '../../support/door.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-trial-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const offline = cliAs('analyst', fakeDoor(), { SLUICE_KEY: '' })
const tested = (...args: readonly string[]): Promise<Ran> => offline('policy', 'test', ...args)
const written = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}
const shops = readFileSync('docs/example/shops.test.yaml', 'utf8').replaceAll(
  /\b(policy|agreement|dataset)\.yaml/g,
  (file) => resolve('docs/example', file),
)

test('the city and the example hold what their tests say', async () => {
  const ran = await tested(
    'connectors/city/documents/enterprise-credit.test.yaml',
    'docs/example/shops.test.yaml',
  )
  expect(ran).toMatchObject({ exit: 0, err: '' })
  expect(ran.out).toMatch(/^PASS \d{2} {2}FAIL 0 {2}ERROR 0 {2}SKIPPED 0$/m)
})

test('a policy that opens a hidden column fails its test, and the case says why', async () => {
  const policy = readFileSync('docs/example/policy.yaml', 'utf8')
  const open = written('open.yaml', policy.replace('doors: [noise]', 'doors: [noise, people]'))
  const agreement = readFileSync('docs/example/agreement.yaml', 'utf8')
  const both = written('both.yaml', agreement.replace('doors: [noise]', 'doors: [noise, people]'))
  const text = shops
    .replace(resolve('docs/example/policy.yaml'), open)
    .replace(resolve('docs/example/agreement.yaml'), both)
  const ran = await tested(written('open.test.yaml', text))
  expect(ran.exit).toBe(3)
  expect(ran.out).toMatch(
    / {2}✗ the people door is closed\n {6}outcome: wanted refused, found allowed\n/,
  )
  expect(ran.out).toMatch(/^PASS 6 {2}FAIL 1 {2}ERROR 0 {2}SKIPPED 0$/m)
})

test('a text that is refused against its case shows its refusals with line and caret', async () => {
  const text = shops.replace(
    'sql: select trade, sum(staff) as staff from shops group by trade',
    'sql: |\n      select trade,\n        string_agg(trade) as trades from shops group by trade',
  )
  const ran = await tested(written('list.test.yaml', text))
  expect(ran.exit).toBe(3)
  expect(ran.out).toMatch(
    /✗ staff by trade\n {6}outcome: wanted allowed, found refused\n {6}query\/function: .*\n {8}2 \|   string_agg\(trade\) as trades from shops.*\n {10}\| {3}\^/,
  )
  expect(ran.out).toMatch(/no allowed text reads: shops\.trade, shops\.staff/)
  const json = JSON.parse((await tested(join(folder, 'list.test.yaml'), '--json')).out) as object
  expect(json).toMatchObject({
    pass: 6,
    fail: 1,
    files: [
      {
        cases: expect.arrayContaining([
          {
            case: 'staff by trade',
            outcome: 'fail',
            differences: [{ what: 'outcome', wanted: 'allowed', found: 'refused' }],
            refusals: [expect.objectContaining({ at: { line: 2, column: 3 } })],
          },
        ]) as unknown,
      },
    ],
  })
})

test('a raw value that would be published otherwise fails with both values', async () => {
  const text = shops.replace('revenue: 1300', 'revenue: 1200')
  const ran = await tested(written('rounding.test.yaml', text), '--lang', 'zh')
  expect(ran.out).toMatch(/第 2 行：取值：预期 revenue: 1200，实际 revenue: 1300\.00/)
})

test('a skipped case is counted and shown only when asked for', async () => {
  const text = shops.replace(
    '  - case: staff by trade',
    '  - skip: later\n    case: staff by trade',
  )
  const path = written('skipped.test.yaml', text)
  expect((await tested(path)).out).not.toMatch(/staff by trade/)
  const ran = await tested(path, '--verbose')
  expect(ran.out).toMatch(/ {2}- staff by trade\n/)
  expect(ran).toMatchObject({ exit: 0, out: expect.stringMatching(/SKIPPED 1/) as unknown })
})

test('a test that cannot be read, or whose documents are wrong, is shown at its place', async () => {
  const wrong = written('wrong.test.yaml', shops.replaceAll('refuse: [', 'refused: ['))
  const ran = await tested(wrong)
  expect(ran.exit).toBe(3)
  expect(ran.out.split(wrong)).toHaveLength(2)
  expect(ran.out).toMatch(/source\/unknown-key: .*`cases\.2\.refused`\n {2}\d+ \|/)
  const missing = written('missing.test.yaml', shops.replace('policy: ', 'policy: ../none'))
  expect((await tested(missing)).out).toMatch(/source\/no-document: `policy` names the file/)
  expect((await tested(join(folder, 'none.test.yaml'))).exit).toBe(2)
})

test('a child that ends answers nothing, and the next case gets another', async () => {
  const parsed = parseDocument(
    readFileSync('docs/example/shops.test.yaml', 'utf8'),
    policyTestSchema,
  )
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.refusals))
  const found = settingOf(parsed.value, (file) => readFileSync(join('docs/example', file), 'utf8'))
  if (!('setting' in found)) throw new Error(JSON.stringify(found.faults))
  const trial = openTrial(found.setting)
  const ask = { ask: 'text', sql: 'select count(*) as n from shops', door: 'noise' } as const
  try {
    const pending = trial.ask(ask)
    trial.close()
    expect(await pending).toBeUndefined()
    expect(await trial.ask(ask)).toMatchObject({ answer: 'allowed', columns: ['n'] })
  } finally {
    trial.close()
  }
})
