import { expect, test } from 'vitest'
import * as z from 'zod'
import { documentBytesMax, parseDocument } from '../../policies/document.ts'
import { columnNameSchema, nameSchema } from '../../policies/name.ts'
import { domainSchema } from '../../policies/policy.ts'
import { refuse, refusalSchema, wordsOf, type Refusal } from '../../policies/refusal.ts'

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
  ['an unknown tag', 'name: !x a\n', ['1:7 document: tags', '1:10 name: tags']],
  ['a repeated key', 'name: a\nname: b\n', ['2:1 name: the key repeats']],
  ['a repeated key in another spelling', 'name: a\n"name": b\n', ['2:1 name: the key repeats']],
  ['a number as a key', 'name: a\n1: b\n', ['2:1 document: a key must be a name']],
  ['no key', 'name: a\n: b\n', ['2:1 document: a key must be a name']],
  ['a list as a key', 'name: a\n[x]: b\n', ['2:1 document: a key must be a name']],
  ['the prototype as a key', 'name: a\ncolumns: { __proto__: {} }\n', ['2:12 columns: a key must']],
  ['two documents', 'name: a\n---\nname: b\n', ['2:1 document: it must hold exactly one']],
  ['a directive', '%YAML 1.1\n---\nname: a\n', ['1:1 document: directives']],
  ['an unknown directive', '%HUGE 1\n---\nname: a\n', ['1:1 document: directives']],
  ['an open bracket', 'name: [a\n', ['2:1 document: a quotation mark, bracket']],
  ['an open quotation mark', 'name: "a\n', ['2:1 document: a quotation mark, bracket']],
  ['a tab before a key', 'list:\n\t- 1\n', ['2:1 document: a tab stands where spaces']],
  ['a line out of line', 'step:\n    low: 1\n  method: clip\n', ['3:1 document: the line is not']],
  ['a sign that begins nothing', 'name: @a\n', ['1:7 document: it is not YAML']],
  ['a NUL', 'name: "a\0"', ['undefined:undefined document: the text is not valid']],
  ['half a character', 'name: "\ud800"', ['undefined:undefined document: the text is not valid']],
])('%s is refused', (_, text, beginnings) => {
  const problems = told(text)
  expect(problems.map((problem, i) => problem.slice(0, beginnings[i]?.length))).toEqual(beginnings)
  for (const refusal of refusalsOf(text)) {
    const { message, fix } = wordsOf(refusal, 'zh')
    expect(message + fix).toMatch(/[\u4e00-\u9fff]/)
    expect(message + fix).not.toMatch(/[a-z]{3,} [a-z]{3,}/)
    expect(fix).not.toBe('请修正该处')
    expect(wordsOf(refusal, 'en').fix).not.toBe('correct that place')
  }
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

const numbers = z.strictObject({
  floor: z.int().min(3).max(100).optional(),
  share: z.number().gt(0).lt(1).optional(),
  any: z.int().optional(),
  note: z.string().min(2).max(5).optional(),
  some: z.array(z.boolean()).max(2).optional(),
  both: z.union([z.string(), z.int(), z.boolean()]).optional(),
  use: z.enum(['dimension', 'measure']).optional(),
  day: z.iso.date().optional(),
})
test.each([
  ['floor: 2', '`floor` is outside its bounds', 'give a number >= 3'],
  ['floor: 101', '`floor` is outside its bounds', 'give a number <= 100'],
  ['floor: 1e30', '`floor` is outside its bounds', 'give a number <= 100'],
  ['floor: 1e400', '`floor` is outside its bounds', 'give a number < 1e308'],
  ['floor: -1e400', '`floor` is outside its bounds', 'give a number > -1e308'],
  ['floor: 3.5', '`floor` takes another kind of value', 'write it like this: 0'],
  ['floor: "10"', '`floor` takes another kind of value', 'write it like this: 0'],
  ['floor:', '`floor` takes another kind of value', 'write it like this: 0'],
  ['any: 1e30', '`any` is outside its bounds', 'give a number <= 9007199254740991'],
  ['share: 0', '`share` is outside its bounds', 'give a number > 0'],
  ['share: 1', '`share` is outside its bounds', 'give a number < 1'],
  ['note: a', '`note` has not as many characters or entries', 'give it >= 2 of them'],
  ['note: abcdef', '`note` has not as many characters or entries', 'give it <= 5 of them'],
  ['some: [yes, true]', '`some.0` takes another kind of value', 'like this: true, false'],
  ['some: [true, true, true]', '`some` has not as many characters or entries', 'give it <= 2'],
  ['both: 1.5', '`both` takes another kind of value', 'like this: text, 0, true, false'],
  ['use: mesure', '`use` is none of the values', 'use one of: measure, dimension'],
  ['day: 2025-02-30', '`day`: Invalid ISO date', 'write a day of the calendar'],
  ['flor: 3', 'there is no key `flor`', 'use one of: floor, share, any'],
])('of `%s` it is said %s, and: %s', (text, message, fix) => {
  const outcome = parseDocument(text, numbers)
  const refusals = outcome.ok ? [] : outcome.refusals
  const words = refusals.map((refusal) => wordsOf(refusal, 'en'))
  expect(words[0]?.message).toContain(message)
  expect(words[0]?.fix).toContain(fix)
  const chinese = refusals.map((refusal) => wordsOf(refusal, 'zh'))
  for (const one of chinese) expect(one.message + one.fix).not.toMatch(/[a-z]{4,} [a-z]{2,}/)
})

test('kind, bounds and length have a code each, at the place', () => {
  const outcome = parseDocument('floor: "10"\nany: 1e30\nnote: a\n', numbers)
  expect(outcome.ok ? [] : outcome.refusals.map(({ code, at }) => [code, at?.line])).toEqual([
    ['source/wrong-type', 1],
    ['source/out-of-bounds', 2],
    ['source/wrong-length', 3],
  ])
})

test('of two bounds at one place the tighter one is told, and of two places both', () => {
  const outcome = parseDocument('floor: 1e30\nany: 1e30\n', numbers)
  expect(outcome.ok ? [] : outcome.refusals.map(({ params }) => params['where'])).toEqual([
    'floor',
    'any',
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
