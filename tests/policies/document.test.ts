import { expect, test } from 'vitest'
import * as z from 'zod'
import { documentBytesMax, parseDocument } from '../../policies/document.ts'
import { columnNameSchema, nameSchema } from '../../policies/name.ts'
import { domainSchema } from '../../policies/policy.ts'
import { refuse, refusalSchema, type Refusal } from '../../policies/refusal.ts'

const schema = z.strictObject({
  name: nameSchema,
  rho: z.number().optional(),
  columns: z
    .record(columnNameSchema, z.strictObject({ domain: domainSchema.optional() }))
    .default({}),
  list: z.array(z.int()).default([]),
  step: z
    .discriminatedUnion('method', [z.strictObject({ method: z.literal('clip'), low: z.int() })])
    .optional(),
})

const refusalsOf = (text: string): readonly Refusal[] => {
  const outcome = parseDocument(text, schema)
  if (outcome.ok) throw new Error('it was accepted')
  for (const refusal of outcome.refusals) refusalSchema.parse(refusal)
  return outcome.refusals
}

/** `line:column where: problem` of each refusal. */
const told = (text: string): string[] =>
  refusalsOf(text).map(
    ({ code, at, params }) =>
      `${at?.line}:${at?.column} ${params['where']}: ${params['problem'] ?? `${code} ${params['allowed'] ?? params['form']}`}`,
  )

test('a document is read into the value its schema describes', () => {
  const text = '# 策略\nname: 企业\nrho: 0.5\ncolumns:\n  区域: { domain: { codes: [甲, 乙] } }\n'
  expect(parseDocument(text, schema)).toEqual({
    ok: true,
    value: {
      name: '企业',
      rho: 0.5,
      columns: { 区域: { domain: { codes: ['甲', '乙'] } } },
      list: [],
    },
  })
})

test('JSON is a document too', () => {
  expect(parseDocument('{"name":"a","list":[1,2]}', schema)).toMatchObject({
    ok: true,
    value: { name: 'a', list: [1, 2] },
  })
})

test('every problem is told at once, with its path, line and column', () => {
  expect(told('name: A\nrho: much\nextra: 1\nmore: 2\nlist: [1, x, 3]\n')).toEqual([
    expect.stringMatching(/^1:1 name: a name has lower-case letters/),
    expect.stringMatching(/^2:1 rho: /),
    expect.stringMatching(/^5:11 list\.1: /),
    '3:1 extra: source/unknown-key name, rho, columns, list, step',
    '4:1 more: source/unknown-key name, rho, columns, list, step',
  ])
})

test('columns count characters, not bytes or halves of them', () => {
  expect(told('{ name: a, "𠀀𠀀": 1 }')).toEqual([
    '1:12 𠀀𠀀: source/unknown-key name, rho, columns, list, step',
  ])
  expect(told('{ "𠀀": 1, name: a, b: 1 }').at(-1)).toBe(
    '1:20 b: source/unknown-key name, rho, columns, list, step',
  )
})

test('a missing key is told at what should hold it', () => {
  expect(told('\nrho: 1\n')).toEqual(['2:1 name: source/key-missing text'])
  expect(told('')).toEqual([expect.stringMatching(/^1:1 document: /)])
})

test('a missing key whose form has no sign is told without one', () => {
  const formsOf = (own: z.ZodType): unknown[] => {
    const outcome = parseDocument('{}', own)
    return outcome.ok ? [] : outcome.refusals.map(({ params }) => [params['where'], params['form']])
  }
  expect(formsOf(z.strictObject({ domain: domainSchema, when: z.date() }))).toEqual([
    ['domain', '…'],
    ['when', '…'],
  ])
  const crossed = z.strictObject({ low: z.int().optional() }).check(({ value, issues }) => {
    issues.push({ code: 'custom', message: 'no low', path: ['low'], input: value })
  })
  expect(formsOf(crossed)).toEqual([['low', '…']])
})

test('of a choice the nearest form is told', () => {
  expect(told('name: a\ncolumns:\n  b:\n    domain: { range: [1, x] }\n')).toEqual([
    expect.stringMatching(/^4:26 columns\.b\.domain\.range\.1: /),
  ])
  expect(told('name: a\ncolumns: { b: { domain: { codes: [ [] ] } } }')).toEqual([
    expect.stringMatching(/^2:36 columns\.b\.domain\.codes\.0: /),
  ])
  expect(told('name: a\ncolumns: { b: { domain: { code: [x] } } }')).toEqual([
    '2:17 columns.b.domain.codes: source/key-missing [ ]',
    '2:27 columns.b.domain.code: source/unknown-key codes, range, dates',
  ])
})

test('of a choice by name an unknown name is told at the name', () => {
  expect(told('name: a\nstep: { method: mask }')).toEqual([
    '2:9 step.method: source/not-an-option clip',
  ])
  expect(told('name: a\nstep: {}')).toEqual(['2:1 step.method: source/key-missing clip'])
})

test('a key of a record is held to its own rule', () => {
  expect(told('name: a\ncolumns: { A-b: {} }')).toEqual([
    expect.stringMatching(/^2:12 columns\.A-b: a name has lower-case letters/),
    '2:12 columns.A-b: a column name has no `-`',
  ])
})

test.each([
  ['aliases and anchors', 'name: &n a\nrho: *n\n', ['1:10 name: anchors', '2:6 rho: aliases']],
  ['an alias as a key', 'name: &n a\n*n : 1\n', ['1:10 name: anchors', '2:1 document: a key must']],
  ['an anchor on a map', 'name: a\ncolumns: &c {}\n', ['2:13 columns: anchors']],
  ['an anchor on a key', '&k name: a\n', ['1:4 name: anchors and tags']],
  ['a tag', 'name: !!str a\n', ['1:13 name: tags']],
  ['a tag on a list', 'name: a\nlist: !!seq [1]\n', ['2:13 list: tags']],
  ['an unknown tag', 'name: !x a\n', ['1:7 document: Unresolved tag', '1:10 name: tags']],
  ['a repeated key', 'name: a\nname: b\n', ['2:1 name: the key repeats']],
  ['a repeated key in another spelling', 'name: a\n"name": b\n', ['2:1 name: the key repeats']],
  ['a number as a key', 'name: a\n1: b\n', ['2:1 document: a key must be a name']],
  ['no key', 'name: a\n: b\n', ['2:1 document: a key must be a name']],
  ['a list as a key', 'name: a\n[x]: b\n', ['2:1 document: a key must be a name']],
  ['the prototype as a key', 'name: a\ncolumns: { __proto__: {} }\n', ['2:12 columns: a key must']],
  ['two documents', 'name: a\n---\nname: b\n', ['1:1 document: it must hold exactly one']],
  ['a directive', '%YAML 1.1\n---\nname: a\n', ['1:1 document: directives']],
  ['an unknown directive', '%HUGE 1\n---\nname: a\n', ['1:1 document: Unknown directive']],
  ['bad YAML', 'name: [a\n', ['2:1 document: ']],
  ['a NUL', 'name: "a\0"', ['undefined:undefined document: the text is not valid']],
  ['half a character', 'name: "\ud800"', ['undefined:undefined document: the text is not valid']],
])('%s is refused', (_, text, beginnings) => {
  const problems = told(text)
  expect(problems.map((problem, i) => problem.slice(0, beginnings[i]?.length))).toEqual(beginnings)
})

test('a billion laughs are not heard', () => {
  const lines = Array.from(
    { length: 9 },
    (_, i) => `l${i + 1}: &l${i + 1} [${`*l${i},`.repeat(9)}]`,
  )
  const refusals = refusalsOf(['l0: &l0 ha', ...lines].join('\n'))
  expect(refusals.length).toBeGreaterThan(80)
})

test.each([
  ['brackets', '['.repeat(500_000)],
  ['braces', '{'.repeat(500_000)],
  ['dashes', '- '.repeat(500_000)],
  ['keys of keys', '? '.repeat(500_000)],
  ['steps', Array.from({ length: 1000 }, (_, i) => `${' '.repeat(i)}a:\n`).join('')],
])('nesting without end by %s is refused before anything recurses', (_, text) => {
  expect(told(text)).toEqual(['undefined:undefined document: it is nested deeper than 100 levels'])
})

test.each([
  ['commas', `list: [${'1,'.repeat(400_000)}]`],
  ['keys', Array.from({ length: 100_000 }, (_, i) => `k${i}: 1\n`).join('')],
  ['comments', '# c\n'.repeat(250_000)],
])('a document of too many %s is refused', (_, text) => {
  expect(told(text)).toEqual([
    'undefined:undefined document: it has more than 50000 words and signs',
  ])
})

test('a document of more than a megabyte is refused, counted in bytes', () => {
  const filler = (sign: string, length: number): string => `name: a # ${sign.repeat(length)}`
  expect(parseDocument(filler('x', documentBytesMax - 10), schema).ok).toBe(true)
  expect(refusalsOf(filler('x', documentBytesMax - 9))[0]?.code).toBe('source/document-too-large')
  expect(refusalsOf(filler('中', 400_000))[0]?.code).toBe('source/document-too-large')
})

test('at most a hundred problems are told', () => {
  expect(
    told(`name: a\n${Array.from({ length: 150 }, (_, i) => `k${i}: 1`).join('\n')}`),
  ).toHaveLength(100)
  expect(told(`name: a\n${'k: 1\n'.repeat(150)}`)).toHaveLength(100)
})

test('what a cross-check refuses is placed where its path was written', () => {
  const check = (where: string) => (): Refusal[] => [
    refuse('source/kind-missing', { where, kind: 'x' }),
  ]
  const text = 'name: a\ncolumns:\n  b:\n    domain:\n      codes: [1]\n'
  const placeOf = (where: string): unknown => {
    const outcome = parseDocument(text, schema, check(where))
    return outcome.ok ? undefined : outcome.refusals[0]?.at
  }
  expect(placeOf('columns.b.domain')).toEqual({ line: 4, column: 5 })
  expect(placeOf('columns.b.domain.codes.0')).toEqual({ line: 5, column: 15 })
  expect(placeOf('columns.b.nowhere.at.all')).toEqual({ line: 3, column: 3 })
  expect(placeOf('')).toEqual({ line: 1, column: 1 })
  const unplaced = parseDocument(text, schema, () => [refuse('run/busy')])
  expect(unplaced.ok ? undefined : unplaced.refusals[0]?.at).toEqual({ line: 1, column: 1 })
  expect(parseDocument(text, schema, () => []).ok).toBe(true)
})

test.each([
  'constructor',
  '__proto__',
  '\uf900',
  'é',
  'Name',
  'a b',
  "a'b",
  'a.b',
  'a/b',
  '1a',
  '',
])('%j is no name', (name) => {
  expect(nameSchema.safeParse(name).success).toBe(false)
})
