import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { writeSecret } from '../../../api/cli/key.ts'
import { groups, leaves } from '../../../api/cli/program.ts'
import { accepted, refused } from '../../../policies/outcome.ts'
import { refuse, type RefusalCode } from '../../../policies/refusal.ts'
import { cliAs } from '../../support/cli.ts'
import { digest, fakeDoor, keyOf, samples, submissionId } from '../../support/door.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-cli-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const created = samples['submission/create']
const sql = 'select name\nfrom enterprise'

test('every command and option is described in both languages', () => {
  const all = [...leaves, ...groups, ...groups.flatMap((group) => group.leaves)]
  for (const { name, zh, en } of [
    ...all,
    ...leaves
      .flatMap((leaf) => leaf.options ?? [])
      .map((option) => ({ ...option, name: option.flags })),
  ]) {
    expect(en, name).not.toBe('')
    expect(zh, name).not.toBe('')
  }
  for (const { name, zh } of all) expect(zh, name).toMatch(/\p{Script=Han}/u)
})

test('query submits, waits and prints figures with half the width of their interval', async () => {
  const door = fakeDoor({
    'submission/create': () => accepted({ ...created, state: 'running' }),
    'submission/show': () => accepted(created),
  })
  const ran = await cliAs('analyst', door)('query', sql)
  expect(ran.out).toBe('district      firms\n海港区    1204 ± 14\n=cmd()           ▒▒\n')
  expect(ran.err).toMatch(
    /^noise added, ± is a 95 % interval · charged enterprise rho 0.005 · sha-256/,
  )
  expect(ran.exit).toBe(0)
  expect(door.calls.map(({ action }) => action)).toEqual([
    'agreement/list',
    'submission/create',
    'submission/show',
    'result/fetch',
  ])
  expect(door.calls[1]?.input).toMatchObject({
    submission: { agreement: 'credit-2026', door: 'noise', sql },
    waitMs: 30_000,
    idempotencyKey: expect.stringMatching(/^5f0c/) as unknown,
  })
})

test('a refusal shows the line, a caret, the words and the fix, and exits with 3', async () => {
  const refusals = [refuse('query/not-text', {}, { line: 2, column: 6 })]
  const door = fakeDoor({
    'submission/create': () => accepted({ ...created, state: 'refused', refusals }),
  })
  const ran = await cliAs('analyst', door)('query', '-a', 'credit-2026', sql)
  expect(ran).toEqual({
    exit: 3,
    out: '',
    err: [
      'query/not-text: the text is not valid UTF-8 without NUL characters',
      '  2 | from enterprise',
      '    |      ^',
      '  fix: send plain UTF-8 text',
      '',
    ].join('\n'),
  })
  const chinese = await cliAs('analyst', door)('query', '-a', 'credit-2026', sql, '--lang', 'zh')
  expect(chinese.err).toMatch(/处理: 请提交 UTF-8 纯文本/)
})

test('check says the same words as query and costs nothing', async () => {
  const refusals = [refuse('query/not-text', {}, { line: 1, column: 8 })]
  const door = fakeDoor({ 'submission/check': () => accepted({ accepted: false, refusals }) })
  const ran = await cliAs('analyst', door)('check', '-a', 'credit-2026', sql)
  expect(ran.err).toMatch(/^query\/not-text: .*\n {2}1 \| select name\n {4}\| {8}\^\n/)
  expect(ran.exit).toBe(3)
  const good = await cliAs('analyst')('check', '-a', 'credit-2026', '--rho', '0.01', sql)
  expect(good.exit).toBe(0)
  expect(good.out).toMatch(/enterprise: rho 0.005 \(about 96 more like this\)/)
  expect(good.out).toMatch(/firms ± 20/)
  expect(good.out).toMatch(/^level +3$/m)
})

test.for<[RefusalCode, number]>([
  ['internal/failure', 1],
  ['run/unavailable', 1],
  ['submission/malformed', 2],
  ['query/not-text', 3],
  ['run/not-released', 3],
  ['budget/exhausted', 5],
  ['access/not-allowed', 6],
  ['access/not-found', 6],
  ['submission/conflict', 7],
])('%s exits with %i', async ([code, exit]) => {
  const door = fakeDoor({ 'submission/create': () => refused(refuse(code)) })
  expect((await cliAs('analyst', door)('submit', '-a', 'credit-2026', sql)).exit).toBe(exit)
})

test.for([
  ['held', 4],
  ['declined', 3],
  ['withdrawn', 3],
  ['failed', 3],
  ['released', 0],
] as const)('watching a submission that ends %s exits with %i', async ([state, exit]) => {
  const door = fakeDoor({ 'submission/show': () => accepted({ ...created, state }) })
  const ran = await cliAs('analyst', door)('watch', submissionId)
  expect(ran.exit).toBe(exit)
  expect(ran.out).toBe(`${submissionId}  ${state}\n`)
})

test('--json prints one line of JSON, refusals too, and nothing else on standard output', async () => {
  const ran = await cliAs('analyst')('list', '--json')
  expect(JSON.parse(ran.out)).toEqual(samples['submission/list'])
  const wrong = await cliAs('analyst')('review', 'list', '--json')
  expect(JSON.parse(wrong.out)).toMatchObject({ code: 'access/not-allowed', status: 403 })
  expect(wrong.exit).toBe(6)
})

test('a fetched file has exactly the bytes whose digest is in the log', async () => {
  const path = join(folder, 'result.json')
  const ran = await cliAs('analyst')('fetch', submissionId, '-o', path)
  const bytes = readFileSync(path)
  expect(createHash('sha256').update(bytes).digest('hex')).toBe(samples['result/fetch'].digest)
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(ran.err).toContain(samples['result/fetch'].digest)
  const csv = await cliAs('analyst')('fetch', submissionId, '--format', 'csv')
  expect(csv.out).toMatch(/^district,firms,firms_sd,firms_low,firms_high\r\n/)
})

test.for<[string, object]>([
  ['the digest', { digest }],
  ['the bytes', { bytes: '{}' }],
  [
    'the result',
    { result: { ...samples['result/fetch'].result, notes: [{ note: 'clipped', params: {} }] } },
  ],
] as const)(
  'a release whose %s was changed on the way is not shown, exit 8',
  async ([, change]) => {
    const door = fakeDoor({
      'result/fetch': () => accepted({ ...samples['result/fetch'], ...change }),
    })
    for (const args of [
      ['fetch', submissionId],
      ['query', '-a', 'credit-2026', sql],
    ]) {
      const ran = await cliAs('analyst', door)(...args)
      expect(ran.exit).toBe(8)
      expect(ran.out).toBe('')
    }
  },
)

test('a question is read from its argument, a .sql file, or standard input', async () => {
  const path = join(folder, 'question.sql')
  writeFileSync(path, sql)
  const door = fakeDoor()
  for (const question of ['select 2', path, '-'])
    await cliAs('analyst', door)('submit', '-a', 'credit-2026', question)
  const asked = door.calls.map(
    ({ input }) => (input as { submission: { sql: string } }).submission.sql,
  )
  expect(asked).toEqual(['select 2', sql, 'select 1 from stdin'])
  expect((await cliAs('analyst', door)('check', '-a', 'x', 'none.sql')).exit).toBe(2)
})

test('a key comes from the environment or from a file that nobody else can read', async () => {
  const path = join(folder, 'key')
  writeFileSync(path, `${keyOf('operator')}\n`, { mode: 0o600 })
  const ran = await cliAs('analyst')('dataset', 'register', '--key-file', path, path)
  expect(ran.exit).toBe(0)
  writeFileSync(join(folder, 'open-key'), keyOf('operator'), { mode: 0o644 })
  const open = await cliAs('analyst')('account', 'show', '--key-file', join(folder, 'open-key'))
  expect(open).toMatchObject({ exit: 6, out: '' })
  expect(open.err).toMatch(/access\/key-file: .*others/)
  const none = await cliAs('analyst', fakeDoor(), { SLUICE_KEY: '' })('account', 'show')
  expect(none.err).toMatch(/access\/unauthenticated/)
})

test('a key is sent in clear to this machine alone', async () => {
  const ran = await cliAs('analyst')('account', 'show', '--url', 'http://sluice.example')
  expect(ran.exit).toBe(6)
  expect(ran.err).toMatch(/access\/plain-http/)
})

test('a new key is printed once, or written to a new file of mode 0600', async () => {
  const make = ['account', 'create', 'wu', '--organisation', 'city', '--role', 'reviewer']
  const { key } = samples['account/create']
  expect((await cliAs('administrator')(...make)).out).toBe(`${key}\n`)
  const path = join(folder, 'new-key')
  const door = fakeDoor()
  const ran = await cliAs('administrator', door)(...make, '--key-out', path)
  expect(ran.out + ran.err).not.toContain(key)
  expect(readFileSync(path, 'utf8')).toBe(`${key}\n`)
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect((await cliAs('administrator', door)(...make, '--key-out', path)).exit).toBe(2)
  expect(door.calls).toHaveLength(1)
})

test('ingest lays the file into the inbox under a name of its own and takes it away afterwards', async () => {
  const path = join(folder, '企业.csv')
  writeFileSync(path, 'a,b\n1,2\n')
  let seen = ''
  const door = fakeDoor({
    'domain/status': () => accepted({ ...samples['domain/status'], inbox: folder }),
    'dataset/ingest': ({ file, ...rest }) => {
      expect(rest).toMatchObject({ mode: 'append', encoding: 'gb18030' })
      seen = readFileSync(join(folder, file ?? ''), 'utf8')
      expect(file).toBe('5f0c6d6e-7a3c-4f0a-9d58-000000000001.csv')
      return accepted(samples['dataset/ingest'])
    },
  })
  const ingest = ['ingest', 'enterprise', path, '--policy', 'credit', '--mode', 'append']
  expect((await cliAs('operator', door)(...ingest, '--encoding', 'latin1')).exit).toBe(2)
  for (const none of [folder, join(folder, 'none.csv')]) {
    const ran = await cliAs('operator', door)('ingest', 'enterprise', none, '--policy', 'credit')
    expect(ran).toMatchObject({
      exit: 2,
      err: `cannot read ${none}: it must be a file that this user may read\n`,
    })
  }
  const ran = await cliAs('operator', door)(...ingest, '--encoding', 'gb18030')
  expect(ran.exit).toBe(0)
  expect(ran.err).toMatch(/2 rows set aside\n {2}2 standard uscc/)
  expect(ran.err).toMatch(/40000 rows/)
  expect(seen).toBe('a,b\n1,2\n')
  expect(() => statSync(join(folder, '5f0c6d6e-7a3c-4f0a-9d58-000000000001.csv'))).toThrow()
})

test('datasets are listed with the day on which more of them is due (S2-08e)', async () => {
  const [head] = samples['catalogue/list'].datasets
  const dueMs = Date.UTC(2026, 2, 4)
  const door = fakeDoor({
    'catalogue/list': () =>
      accepted({
        datasets: [
          { ...head!, freshness: { dueMs, isOverdue: true } },
          { ...head!, dataset: 'punctual', freshness: { dueMs, isOverdue: false } },
          { ...head!, dataset: 'once' },
        ],
      }),
  })
  const { out } = await cliAs('operator', door)('dataset', 'list')
  expect(out).toMatch(/enterprise .* overdue since 2026-03-04 00:00:00 UTC\n/)
  expect(out).toMatch(/punctual .* due by 2026-03-04 00:00:00 UTC\n/)
  expect(out).toMatch(/once .*regulator *\n/)
})

test('rows whose value was replaced are told apart from those that were left out', async () => {
  const reasons = [{ reason: 'replaced' as const, column: 'name', rows: 3 }]
  const door = fakeDoor({
    'dataset/ingest': () =>
      accepted({ ...samples['dataset/ingest'], quarantine: { rows: 0, reasons } }),
  })
  const ran = await cliAs('operator', door)('ingest', 'enterprise', '--policy', 'credit')
  expect(ran.err).toMatch(/^3 rows took name from the dataset that answers for it\n/)
  expect(ran.err).not.toMatch(/set aside/)
})

test('a dataset is shown with the quality of its versions, and what was set aside of them', async () => {
  const shown = await cliAs('operator')('dataset', 'show', 'enterprise')
  expect(shown.out).toMatch(/credit +2023-11-14 22:13:20 +40000 +2 +97.00 % +99.99 % +- +100.00 %/)
  expect(shown.err).toContain('district: public interest, level 2')
  const aside = await cliAs('source')('dataset', 'quarantine', 'enterprise', '--limit', '5')
  expect(aside.out).toMatch(/7 {2}standard uscc {2}=cmd\(\)/)
  expect(aside.err).toContain('--cursor 1')
  expect((await cliAs('source')('dataset', 'quarantine', 'enterprise', '--limit', 'x')).exit).toBe(
    2,
  )
})

test('what nobody foresaw is exit 1 and says where nothing answered', async () => {
  const broken = fakeDoor()
  const call = async (): Promise<never> => Promise.reject(new Error('boom 330102199001011234'))
  const ran = await cliAs('analyst', { ...broken, call })('account', 'show')
  expect(ran.exit).toBe(1)
  expect(ran.err).not.toMatch(/3301/)
})

test.for([
  [['query'], 2],
  [['query', 'a', 'b'], 2],
  [['nothing'], 2],
  [['list', '--limit', 'x'], 2],
  [['check', '-a', 'x', '--rho', '-1', 'select 1'], 2],
  [['log', 'prove', '-1'], 2],
  [['log', 'tail', '-n', '0'], 2],
  [['--help'], 0],
] as const)('sluice %j exits with %i', async ([args, exit]) => {
  expect((await cliAs('supervisor')(...args)).exit).toBe(exit)
})

test('lists, catalogue, ledgers and status are readable', async () => {
  const listed = fakeDoor({ 'submission/list': () => accepted({ submissions: [created] }) })
  expect((await cliAs('analyst', listed)('list')).out).toMatch(/released {2}2023-11-14 22:13:20/)
  expect((await cliAs('analyst')('catalog', '--lang', 'zh')).out).toMatch(
    /^enterprise {2}企业登记 · 市场监督管理局[^]*uscc .*商业秘密、个人隐私/,
  )
  expect((await cliAs('analyst')('budget')).out).toMatch(
    /agreement credit-2026 {2}enterprise +0.02 +0.5 +96/,
  )
  expect((await cliAs('operator')('agreement', 'list')).out).toMatch(/credit-2026 {2}harbour-bank/)
  expect((await cliAs('operator')('status')).out).toMatch(/inbox/)
  expect((await cliAs('operator')('status')).out).toMatch(/overdue datasets +1 enterprise\n/)
  expect((await cliAs('reviewer')('review', 'list')).out).toContain(submissionId)
  expect((await cliAs('reviewer')('review', 'show', submissionId)).out).toMatch(/1204 ± 14/)
})

test('a secret is only ever written to a new file', () => {
  const path = join(folder, 'secret')
  writeSecret(path, 'a')
  expect(() => writeSecret(path, 'b')).toThrow(/EEXIST/)
  expect(readFileSync(path, 'utf8')).toBe('a\n')
})

test('neither JSON nor words carry control characters to the terminal', async () => {
  const sql = 'select \u009B2J'
  const door = fakeDoor({
    'submission/show': () => accepted({ ...created, submission: { ...created.submission, sql } }),
    'review/list': () => refused(refuse('access/not-found', { thing: '\u001B[2J' })),
  })
  const json = await cliAs('analyst', door)('show', submissionId, '--json')
  expect(json.out).toContain('\\u009b2J')
  expect(json.out).not.toContain('\u009B')
  const words = await cliAs('reviewer', door)('review', 'list')
  expect(words.err).not.toContain('\u001B')
})
