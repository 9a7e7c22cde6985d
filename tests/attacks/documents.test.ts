import { execFileSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { cityDocuments } from '../../connectors/city/documents.ts'
import type { Outcome } from '../../policies/outcome.ts'
import { agreementName, need, policyName } from '../support/domain.ts'
import { openInside, type Inside } from '../support/inside.ts'

/*
 * An operator's account is good, what it is given need not be: documents that grow, repeat, hide or lie, names that lead
 * elsewhere, files that are none. Each is refused in moments, and nothing is kept of it.
 */
let inside: Inside
let inbox: string
beforeAll(async () => {
  inside = await openInside()
  inbox = join(inside.domain.home.folder, 'inbox')
})
afterAll(() => inside.close())

const { datasets, policy, agreement } = cityDocuments()
const registry = datasets.find(({ text }) => /^dataset: ent_registry$/m.test(text))!.text

const codesOf = (outcome: Outcome<unknown>): readonly string[] =>
  outcome.ok ? ['accepted'] : [...new Set(outcome.refusals.map(({ code }) => code))]

const laughs = [
  'a0: &a0 [x, x, x, x, x, x, x, x, x]',
  ...Array.from({ length: 9 }, (_, index) => {
    const before = `*a${index}`
    return `a${index + 1}: &a${index + 1} [${Array.from({ length: 9 }, () => before).join(', ')}]`
  }),
].join('\n')

const documents: Readonly<Record<string, string>> = {
  'no document': '',
  'a billion laughs': laughs,
  'a megabyte and more': `# ${'x'.repeat(1_048_577)}`,
  'sixty thousand brackets': '['.repeat(60_000),
  'sixty thousand maps in one another': Array.from(
    { length: 2000 },
    (_, i) => `${' '.repeat(i)}a:`,
  ).join('\n'),
  'a hundred thousand words': `a: [${'x, '.repeat(100_000)}x]`,
  'two documents in one': `${registry}\n---\n${registry}`,
  'a tag that makes objects': `${registry}\nmore: !!js/function 'function () { return 1 }'`,
  'a binary tag': `${registry}\nmore: !!binary aGk=`,
  'a directive': `%YAML 1.1\n---\n${registry}`,
  'a merge of maps': `base: &b { a: 1 }\nother:\n  <<: *b`,
  'a key twice': `${registry}\ndataset: other`,
  'a key of the language': `${registry}\n__proto__: { isAdmin: true }`,
  'a key that is a list': `${registry}\n? [a, b]\n: c`,
  'a NUL': `${registry}\0`,
  'half a surrogate': `${registry}\n# \ud800`,
  'an unknown key': `${registry}\nexecute: true`,
  'a name that leads elsewhere': registry.replace('dataset: ent_registry', 'dataset: ../../etc'),
  'a name of the language': registry.replace('dataset: ent_registry', 'dataset: constructor'),
  'a name that an answer has': registry.replace('dataset: ent_registry', 'dataset: protected_0'),
  'a name with a quote': registry.replace('dataset: ent_registry', "dataset: 'a\"b'"),
  'a name in look-alike letters': registry.replace('dataset: ent_registry', 'dataset: еnt'),
  'a hidden column': registry.replaceAll('name: district', 'name: __rank_person'),
  'a level that is no number': registry.replace(/level: \d/, 'level: 1e999'),
}

const newNames = (): readonly (readonly string[])[] => {
  const { reader } = inside.domain.state
  return ['documents', 'versions'].map((table) =>
    reader.all(`SELECT rowid AS id FROM ${table}`).map((row) => String(row['id'])),
  )
}

describe('a document with', () => {
  test.each(Object.entries(documents))('%s is no dataset, policy or agreement', async (_, text) => {
    const before = newNames()
    const startMs = performance.now()
    const outcomes = [
      await inside.call(inside.keys.operator, 'dataset/register', { text }),
      await inside.call(inside.keys.operator, 'policy/propose', { text }),
      await inside.call(inside.keys.operator, 'agreement/sign', { text }),
    ]
    for (const outcome of outcomes)
      for (const code of codesOf(outcome)) expect(code).toMatch(/^(?:source|submission)\//)
    expect(performance.now() - startMs).toBeLessThan(3000)
    expect(newNames()).toEqual(before)
    expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined()
  })

  /** Words in a document as a plain reader has it, each counted wherever it is reached. */
  const wordsIn = (value: unknown, known = new Map<unknown, number>()): number => {
    if (!Array.isArray(value)) return 1
    const before = known.get(value)
    if (before !== undefined) return before
    const count = value.reduce((sum: number, part) => sum + wordsIn(part, known), 0)
    known.set(value, count)
    return count
  }

  test('more than it shows is taken by a plain reader of YAML', () => {
    const plain = (name: string): Record<string, unknown> => {
      const options = { maxAliasCount: -1, uniqueKeys: false, logLevel: 'silent' } as const
      return parse(documents[name]!, options) as Record<string, unknown>
    }
    expect(documents['a billion laughs']!.length).toBeLessThan(600)
    expect(wordsIn(plain('a billion laughs')['a9'])).toBe(9 ** 10)
    expect(plain('a key twice')['dataset']).toBe('other')
    expect(plain('an unknown key')['execute']).toBe(true)
    expect(plain('a name that leads elsewhere')['dataset']).toBe('../../etc')
    expect(plain('a binary tag')).toHaveProperty('more')
    expect(JSON.stringify(plain('a level that is no number'))).toContain('"level":null')
  })

  const lies: Readonly<Record<string, (text: string) => string>> = {
    'more rho than a ledger may have': (text) => text.replace(/rho: 0\.5/, 'rho: 1e15'),
    'less than no rho': (text) => text.replace(/rho: 0\.5/, 'rho: -1'),
    'no number for rho': (text) => text.replace(/rho: 0\.5/, 'rho: .nan'),
    'rho beyond its own most': (text) => text.replace(/rhoMax: 0\.05/, 'rhoMax: 0.001'),
    'a clamp the wrong way round': (text) => text.replace('clamp: [0, 5000]', 'clamp: [5000, 0]'),
    'a clamp without end': (text) => text.replace('clamp: [0, 5000]', 'clamp: [0, .inf]'),
    'a clamp beyond what can be added up': (text) =>
      text.replace('clamp: [0, 5000]', 'clamp: [0, 1e300]'),
    'groups without number': (text) => text.replace('groupsMax: 12', 'groupsMax: 1e9'),
    'rows without number': (text) => text.replace('rowsMax: 12', 'rowsMax: 0'),
    'an identifier for a dimension': (text) =>
      text.replace(
        '    columns:\n      district:\n        use: dimension',
        '    columns:\n      legal_rep_id: { use: dimension }\n      district:\n        use: dimension',
      ),
    'a floor of one': (text) => text.replace('floor: 10', 'floor: 1'),
  }

  test.each(Object.entries(lies))('%s is no policy', async (_, change) => {
    const text = change(policy)
    expect(text).not.toBe(policy)
    const before = newNames()
    const outcome = await inside.call(inside.keys.operator, 'policy/propose', { text })
    for (const code of codesOf(outcome)) expect(code).toMatch(/^source\//)
    expect(newNames()).toEqual(before)
  })

  test('columns that the policy has not, or another organisation’s name, is no agreement', async () => {
    const before = newNames()
    for (const text of [
      agreement.replace('tax_rating: [grade]', 'tax_rating: [grade, uscc]'),
      agreement.replace('tax_rating: [grade]', 'citizens: [name]'),
      agreement.replace('rho: 0.25', 'rho: 11'),
      agreement.replace('runsMax: 1000', 'runsMax: 0'),
      agreement.replace('organisation: bank-a', 'organisation: "bank-a\\u0000"'),
    ]) {
      expect(text).not.toBe(agreement)
      const outcome = await inside.call(inside.keys.operator, 'agreement/sign', { text })
      for (const code of codesOf(outcome)) expect(code).toMatch(/^source\//)
    }
    expect(newNames()).toEqual(before)
  })
})

describe('a file', () => {
  const ingest = (file: string) =>
    inside.call(inside.keys.operator, 'dataset/ingest', {
      dataset: 'ent_registry',
      policy: policyName,
      file,
    })
  const published = (): readonly string[] =>
    readdirSync(join(inside.domain.home.folder, 'published')).sort()

  const lay = (): void => {
    if (existsSync(join(inbox, 'folder'))) return
    mkdirSync(join(inbox, 'folder'))
    symlinkSync('/etc/passwd', join(inbox, 'link.csv'))
    symlinkSync(join(inside.domain.home.folder, 'keys'), join(inbox, 'link-to-folder'))
    execFileSync('mkfifo', [join(inbox, 'pipe.csv')])
  }

  test('of another folder is read where a name is only joined to the inbox and opened', () => {
    lay()
    const read = (name: string): string => readFileSync(join(inbox, name), 'latin1')
    const key = readdirSync(join(inside.domain.home.folder, 'keys'))[0]!
    expect(read(`../keys/${key}`)).toBe(read(`link-to-folder/${key}`))
    expect(read('link.csv')).toBe(readFileSync('/etc/passwd', 'latin1'))
    expect(read('a/../ent_registry.csv')).toBe(read('ent_registry.csv'))
  })

  test.each([
    '../keys/domain.key',
    '/etc/passwd',
    '..',
    '.',
    './ent_registry.csv',
    'a/../ent_registry.csv',
    'a\\b.csv',
    '.hidden.csv',
    'nothing.csv',
    'folder',
    'link.csv',
    'link-to-folder',
    'pipe.csv',
  ])('%s does not come in', async (file) => {
    lay()
    const before = published()
    const outcome = await ingest(file)
    expect(codesOf(outcome).join()).toMatch(
      /^(?:source\/(?:file-name|no-file)|submission\/malformed)$/,
    )
    expect(JSON.stringify(outcome)).not.toContain('root:')
    expect(published()).toEqual(before)
  })

  test('with a NUL in its name, or a name as long as there may be, does not come in', async () => {
    for (const file of ['ent_registry.csv\0.png', 'x'.repeat(255), 'x'.repeat(300)])
      expect(codesOf(await ingest(file)).join()).toMatch(/^(?:source|submission)\//)
  })

  const good = (): string => readFileSync(join(inbox, 'ent_registry.csv'), 'utf8')
  const contents: Readonly<Record<string, (text: string) => string | Buffer>> = {
    'is empty': () => '',
    'is a header alone that is not the catalogue’s': () => 'a,b,c\n1,2,3\n',
    'has a column twice': (text) => text.replace('uscc,name', 'uscc,uscc'),
    'never closes a quote': (text) => `${text}"`,
    'has a NUL in it': (text) => text.replace('云州市', '云\0州市'),
    'is not UTF-8': () => Buffer.from([0xff, 0xfe, 0x75, 0x00, 0x0a]),
    'has a line of twenty megabytes': (text) => `${text}${'x'.repeat(20_000_000)}\n`,
    'is SQL': (text) => text.replace('存续', "'); DROP TABLE ent_registry; --"),
  }

  test.each(Object.entries(contents))('that %s does not come in', async (name, change) => {
    const file = `hostile-${Object.keys(contents).indexOf(name)}.csv`
    writeFileSync(join(inbox, file), change(good()))
    const before = published()
    const outcome = await ingest(file)
    for (const code of codesOf(outcome)) expect(code).toMatch(/^source\//)
    expect(published()).toEqual(before)
    expect(readdirSync(join(inside.domain.home.folder, 'staging'))).toEqual([])
  })
})

test('a file with one enterprise twice comes in with it once: the row that repeats is set aside', async () => {
  const text = readFileSync(join(inbox, 'ent_registry.csv'), 'utf8').trimEnd()
  writeFileSync(join(inbox, 'twice.csv'), `${text}\n${text.split('\n')[1]}\n`)
  const input = { dataset: 'ent_registry', policy: policyName, file: 'twice.csv' }
  const outcome = await inside.call(inside.keys.operator, 'dataset/ingest', input)
  expect(outcome).toMatchObject({
    ok: true,
    value: {
      rows: text.split('\n').length - 1,
      quarantine: { rows: 1, reasons: [{ reason: 'repeats', rows: 1 }] },
    },
  })
})

test('after all of it the bank asks as before', async () => {
  const view = await inside.ask({ sql: 'select count(*) from ent_registry' })
  expect(view.state).toBe('released')
  const { agreements } = need(await inside.call(inside.keys.bank, 'agreement/list', {}))
  expect(agreements.map((one) => one.agreement)).toEqual([agreementName])
})
