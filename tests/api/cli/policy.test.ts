import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { refused } from '../../../policies/outcome.ts'
import { refuse } from '../../../policies/refusal.ts'
import { cliAs } from '../../support/cli.ts'
import { fakeDoor } from '../../support/door.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-policy-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Without a key and without a server. */
const offline = cliAs('analyst', fakeDoor(), { SLUICE_KEY: '' })
const written = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}
const city = readdirSync('connectors/city/documents')
  .filter((name) => /^[^.]+\.yaml$/.test(name))
  .map((name) => join('connectors/city/documents', name))

test('documents are checked here, with every problem at its place and what would be taken', async () => {
  const path = written(
    'policy.yaml',
    'policy: Credit\ntitle: { zh: 信贷, en: credit }\ndoors: [nois]\nkind: {}\n',
  )
  const ran = await offline('policy', 'validate', path)
  expect(ran.exit).toBe(3)
  expect(ran.out).toBe('')
  expect(ran.err).toMatch(
    /source\/invalid-document: .*`policy`.*\n {2}1 \| policy: Credit\n {4}\| \^/,
  )
  expect(ran.err).toMatch(
    /`doors\.0`.*\n {2}3 \| doors: \[nois\]\n {4}\| {9}\^\n {2}fix: use one of: noise, people/,
  )
  expect(ran.err).toMatch(/no key `kind`\n {2}4 \| kind: {}\n.*\n {2}fix: .*policy, title, doors/)
  expect(ran.err).toMatch(/`kinds` is missing/)
  const chinese = await offline('policy', 'validate', path, '--lang', 'zh')
  expect(chinese.err).toMatch(/没有 `kind` 这一项[^]*可用的项：kinds, policy, title/)
})

test('a folder of documents is checked as one', async () => {
  const ran = await offline('policy', 'validate', ...city)
  expect(ran).toMatchObject({ exit: 0, err: '' })
  expect(ran.out.match(/ {2}valid$/gm)).toHaveLength(29)
  const alone = await offline('policy', 'validate', 'docs/example/agreement.yaml')
  expect(alone.out).toMatch(/valid in itself/)
  const wrong = written('wrong.yaml', 'rows: 1\n')
  const both = await offline('policy', 'validate', ...city, wrong, '--json')
  expect(both.exit).toBe(3)
  expect(JSON.parse(both.out)).toMatchObject({
    valid: false,
    files: [
      ...city.map((path) => ({ path, valid: true, whole: true })),
      { path: wrong, valid: false, refusals: [{ code: 'source/unknown-document' }] },
    ],
  })
  expect((await offline('policy', 'validate', join(folder, 'none.yaml'))).exit).toBe(2)
  const other = join(folder, 'gb18030.yaml')
  writeFileSync(other, Buffer.from([0x70, 0x3a, 0x20, 0xb2, 0xdf, 0x0a]))
  expect(await offline('policy', 'validate', other)).toMatchObject({
    exit: 2,
    err: `cannot read ${other} as UTF-8 text\n`,
  })
})

const operator = cliAs('operator')
const policyText = readFileSync('docs/example/policy.yaml', 'utf8')

test('two policies are compared here, in words', async () => {
  const wider = written('wider.yaml', policyText.replace('clamp: [0, 20]', 'clamp: [0, 50]'))
  const ran = await offline('policy', 'diff', 'docs/example/policy.yaml', wider)
  expect(ran).toEqual({
    exit: 0,
    out: '~ `shops.staff` is bounded otherwise: 0 … 20 becomes 0 … 50\n',
    err: '',
  })
  const hidden = written('hidden.yaml', policyText.replace(/ {6}staff: .*\n/, ''))
  expect(
    (await offline('policy', 'diff', 'docs/example/policy.yaml', hidden, '--lang', 'zh')).out,
  ).toBe('- `shops.staff` 变为隐藏\n')
  expect((await offline('policy', 'diff', hidden, hidden)).out).toBe('no difference\n')
  const wrong = written('wrong.yaml', policyText.replace('use: measure', 'use: mesure'))
  expect(await offline('policy', 'diff', wrong, hidden)).toMatchObject({
    exit: 3,
    err: expect.stringMatching(/wrong\.yaml\nsource\/not-an-option/) as unknown,
  })
})

test('past decisions are told by how they would come out otherwise, with reasons and widths', async () => {
  const ran = await operator('policy', 'diff', 'docs/example/policy.yaml', '--replay', '12')
  expect(ran.exit).toBe(0)
  expect(ran.out).toMatch(/^- the people door is closed\n/)
  expect(ran.out).not.toMatch(/now allowed/)
  expect(ran.out).toMatch(
    /^now refused: 1 questions\n {2}\S+ {2}harbour-bank {2}allowed enterprise rho 0\.005 → refused query\/unknown-column {2}\(2 times\)\n {6}select district/m,
  )
  expect(ran.out).toMatch(
    /^at another cost: 8 questions, 1 shown \(--examples\)\n.*allowed enterprise rho 0\.005 → allowed enterprise rho 0\.02\n.*\n {6}n ± 20 → ± 9\.8\n {6}cells 16 → groups above a threshold\n/m,
  )
  expect(ran.err).toBe(
    'replayed 12 submissions: 1 the same, 2 now refused, 9 at another cost, 0 undecided\n',
  )
  const path = 'docs/example/policy.yaml'
  const chinese = await operator('policy', 'diff', path, '--replay', '12', '--lang', 'zh')
  expect(chinese.out).toMatch(/^预算消耗不同：8 个问题，列出 1 个（--examples）$/m)
  expect(chinese.err).toBe(
    '重放 12 次提交：1 次相同，2 次由允许变为拒绝，9 次预算消耗不同，0 次未能判定\n',
  )
})

test('as many examples are asked for as are wanted', async () => {
  const door = fakeDoor()
  const path = 'docs/example/policy.yaml'
  await cliAs('operator', door)('policy', 'diff', path, '--replay', '12', '--examples', '0')
  expect(door.calls[0]?.input).toMatchObject({ replay: 12, examples: 0 })
})

test.for([
  ['--replay', '501'],
  ['--replay', '-1'],
  ['--replay', 'all'],
  ['--examples', '51'],
  ['docs/example/policy.yaml', 'docs/example/policy.yaml'],
])('policy diff of %j is a wrong use', async (more) => {
  expect((await operator('policy', 'diff', 'docs/example/policy.yaml', ...more)).exit).toBe(2)
})

test('an operator reads how long a ledger lasts, without a server', async () => {
  const ran = await offline('policy', 'simulate', ...city)
  expect(ran).toMatchObject({ exit: 0, err: '' })
  expect(ran.out).toMatch(/^count by district +16 +\d+ {2}enterprise 0\.00\d+, person 0\.005 +50$/m)
  expect(ran.out).toMatch(
    /by district: one question of rho 0\.005 answers 16 cells; .* cost 0\.08$/m,
  )
  expect(ran.out).toMatch(/^agreement bank-a, in its life: rho 0\.25 pays 50 questions/m)
  expect(ran.out).toMatch(/^enterprise, everybody .*: rho 0\.5 pays 100 questions .* epsilon \d/m)
  const chinese = await offline('policy', 'simulate', ...city, '--lang', 'zh')
  expect(chinese.out).toMatch(/按 district 计数[^]*协议 bank-a（有效期内）/)
  const json = JSON.parse((await offline('policy', 'simulate', ...city, '--json')).out) as object
  expect(json).toMatchObject({ policy: 'enterprise-credit', rho: 0.005 })
})

test('a simulation needs the policy and all of its datasets', async () => {
  const ran = await offline('policy', 'simulate', 'docs/example/policy.yaml')
  expect(ran).toMatchObject({ exit: 2, err: expect.stringMatching(/missing: shops/) as unknown })
  const wrong = written('unsound.yaml', policyText.replace('rho: 0.05', 'rho: 5'))
  expect(await offline('policy', 'simulate', wrong, 'docs/example/dataset.yaml')).toMatchObject({
    exit: 3,
    err: expect.stringMatching(/unsound\.yaml\nsource\/limit-exceeded/) as unknown,
  })
  const people = written('people.yaml', policyText.replace('doors: [noise]', 'doors: [people]'))
  expect((await offline('policy', 'simulate', people, 'docs/example/dataset.yaml')).out).toMatch(
    /the noise door is closed/,
  )
})

test('a text is proposed with what it was made from, and shown as waiting', async () => {
  const door = fakeDoor()
  const run = cliAs('operator', door)
  const path = 'docs/example/policy.yaml'
  const ran = await run('policy', 'propose', path, '--base', 'ab'.repeat(32))
  expect(ran).toMatchObject({ exit: 0, out: `credit  ${'ab'.repeat(32)}\n` })
  expect(ran.err).toMatch(/another operator approves it: sluice policy approve credit/)
  expect(door.calls[0]?.input).toEqual({ text: policyText, base: 'ab'.repeat(32) })
  expect((await run('policy', 'list')).out).toMatch(/^credit +(ab){32} +(cd){32}$/m)
  const history = await run('policy', 'history', 'credit')
  expect(history.out).toMatch(/9 {2}2023-11-14 22:14:20 {2}proposed +ops +(cd){32}/)
  expect(history.err).toBe('waits for approval:\n- `kinds.enterprise.floor`: 10 becomes 20\n')
})

test('who approves is shown what changes, and approves that text by its digest', async () => {
  const door = fakeDoor()
  const run = cliAs('operator', door)
  const ran = await run('policy', 'approve', 'credit')
  expect(ran.exit).toBe(0)
  expect(ran.err).toMatch(/^- `kinds\.enterprise\.floor`: 10 becomes 20\n/)
  expect(door.calls.at(-1)).toMatchObject({
    action: 'policy/approve',
    input: { policy: 'credit', digest: 'cd'.repeat(32) },
  })
  const other = await run('policy', 'approve', 'credit', '--digest', 'ab'.repeat(32))
  expect(other).toMatchObject({ exit: 2, err: 'no such text waits for approval\n' })
})

test.for([
  ['source/base-changed', 7],
  ['source/base-missing', 7],
  ['source/same-text', 7],
] as const)('%s exits with %i', async ([code, exit]) => {
  const door = fakeDoor({ 'policy/propose': () => refused(refuse(code)) })
  const ran = await cliAs('operator', door)('policy', 'propose', 'docs/example/policy.yaml')
  expect(ran.exit).toBe(exit)
})
