import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonicalJson } from '../../../policies/canonical.ts'
import { events } from '../../../policies/event.ts'
import { entryBytes, entryBytesMax, entrySchema, type Entry } from '../../../sandbox/log/entry.ts'
import { readForm } from '../../../sandbox/log/form.ts'

const name = fc.stringMatching(/^[a-z数闸𠀀][a-z0-9_数-]{0,8}$/u)
const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.constantFrom(
    'a"b',
    'back\\slash',
    '数闸',
    '',
    '}',
    '"event":"ledger/charged"',
    '😀',
    '\u2028',
  ),
)
const number = fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }))
const detail = fc.dictionary(
  fc.stringMatching(/^[a-z][a-zA-Z0-9]{0,6}$/),
  fc.oneof(text, number, fc.array(text, { maxLength: 4 })),
  { maxKeys: 6 },
)
const entries: fc.Arbitrary<Entry> = fc.record(
  {
    salt: fc.stringMatching(/^[0-9a-f]{32}$/),
    seq: fc.maxSafeNat(),
    timeMs: fc.maxSafeNat(),
    actor: fc.record({ account: name, organisation: name, role: name }),
    event: fc.constantFrom(...events),
    subject: fc.record({ type: name, id: fc.string({ minLength: 1, maxLength: 12 }) }),
    decision: fc.constantFrom('allow' as const, 'deny' as const),
    detail,
  },
  { requiredKeys: ['salt', 'seq', 'timeMs', 'actor', 'event', 'subject', 'detail'] },
)

/** The same question answered by parsing, checking against the schema and writing anew. */
const slowForm = (body: string) => {
  if (!body.isWellFormed() || Buffer.byteLength(body) > entryBytesMax) return undefined
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch {
    return undefined
  }
  const parsed = entrySchema.safeParse(value)
  if (!parsed.success || canonicalJson(value) !== body) return undefined
  const { seq, timeMs, event } = parsed.data
  return { seq, timeMs, event }
}

const plain: Entry = {
  salt: '5a17'.repeat(8),
  seq: 7,
  timeMs: 8,
  actor: { account: 'li', organisation: 'bank', role: 'analyst' },
  event: 'log/checked',
  subject: { type: 'log', id: 'x' },
  detail: { a: 'b', n: 0.5, list: ['x', 'y'] },
}
const body = canonicalJson(plain)

describe('the form of an entry', () => {
  test('is seen in whatever the log can write', () => {
    fc.assert(
      fc.property(entries, (entry) => {
        const written = entrySchema.safeParse(entry).success
        const expected = { seq: entry.seq, timeMs: entry.timeMs, event: entry.event }
        const seen = readForm(canonicalJson(entry))
        expect(seen).toEqual(written ? expected : undefined)
        if (written) expect(Buffer.from(entryBytes(entry)).toString()).toBe(canonicalJson(entry))
      }),
      { numRuns: 300 },
    )
  })

  test('is seen in a changed text exactly where the schema and the canonical form allow it', () => {
    const pieces = [
      '"',
      '\\',
      ',',
      '}',
      '{',
      ']',
      '[',
      ':',
      '0',
      '-',
      '.',
      'e1',
      ' ',
      'a',
      '\n',
      '\\u0041',
      '"b":1,',
      '数',
      '',
    ]
    fc.assert(
      fc.property(
        entries,
        fc.nat(),
        fc.nat(3),
        fc.constantFrom(...pieces),
        (entry, at, cut, put) => {
          const original = canonicalJson(entry)
          const place = at % original.length
          const changed = original.slice(0, place) + put + original.slice(place + cut)
          expect(readForm(changed), changed).toEqual(slowForm(changed))
        },
      ),
      { numRuns: 1500 },
    )
  })

  test.each([
    ['white space', body.replace(',', ', ')],
    ['something before it', ` ${body}`],
    ['something after it', `${body} `],
    ['a member twice', body.replace('"a":"b",', '"a":"b","a":"b",')],
    ['members out of order', body.replace('"a":"b","list":["x","y"]', '"list":["x","y"],"a":"b"')],
    ['an escape that is not needed', body.replace('"b"', String.raw`"\u0062"`)],
    ['a slash escaped', body.replace('log/checked', String.raw`log\/checked`)],
    ['a number written otherwise', body.replace('0.5', '5e-1')],
    ['minus zero', body.replace('0.5', '-0')],
    ['a number without an end', body.replace('0.5', '1e999')],
    ['a place with a leading zero', body.replace('"seq":7', '"seq":07')],
    ['a place that is no safe integer', body.replace('"seq":7', '"seq":9007199254740993')],
    ['an event nobody knows', body.replace('log/checked', 'log/burnt')],
    ['a nested list', body.replace('["x","y"]', '[["x"]]')],
    ['a list that is cut', body.replace('["x","y"]', '["x"')],
    ['a truth value', body.replace('"b"', 'true')],
    ['a lone surrogate', body.replace('"b"', '"\ud800"')],
    ['a control character', body.replace('"b"', '"\u0085"')],
    ['a string of 401', body.replace('"b"', `"${'x'.repeat(401)}"`)],
    ['a string of 401 quotes', body.replace('"b"', `"${'\\"'.repeat(401)}"`)],
    ['a list of 101', body.replace('["x","y"]', JSON.stringify(Array(101).fill('x')))],
    ['a listed string of 201', body.replace('["x","y"]', `["${'x'.repeat(201)}"]`)],
    [
      '33 members',
      canonicalJson({
        ...plain,
        detail: Object.fromEntries(Array.from({ length: 33 }, (_, i) => [`a${i}`, 1])),
      }),
    ],
    ['a name of 64', body.replace('"li"', `"${'l'.repeat(64)}"`)],
    ['a name of 64 letters of two units', body.replace('"li"', `"${'𠀀'.repeat(64)}"`)],
    ['a type of 64', body.replace('"type":"log"', `"type":"${'l'.repeat(64)}"`)],
    ['an empty id', body.replace('"id":"x"', '"id":""')],
    ['an id of 201', body.replace('"id":"x"', `"id":"${'x'.repeat(201)}"`)],
    [
      'too many bytes',
      canonicalJson({
        ...plain,
        detail: Object.fromEntries(
          Array.from({ length: 20 }, (_, i) => [`a${i}`, '数'.repeat(400)]),
        ),
      }),
    ],
  ])('is not seen with %s', (_, changed) => {
    expect(changed).not.toBe(body)
    expect(readForm(changed)).toBeUndefined()
    expect(slowForm(changed)).toBeUndefined()
  })

  test.each([
    ['a string of 400 quotes', { a: '"'.repeat(400) }],
    ['nothing in its detail', {}],
    ['400 characters of two units', { a: '😀'.repeat(400) }],
    ['an empty list and an empty string', { a: [], b: '' }],
    ['100 items', { a: Array(100).fill('x') }],
    ['32 members', Object.fromEntries(Array.from({ length: 32 }, (_, i) => [`a${i}`, i]))],
    ['numbers small and large', { a: 1e21, b: -5e-324, c: 1e-7, d: -0 }],
  ])('is seen with %s', (_, detail) => {
    const text = canonicalJson({ ...plain, detail })
    expect(readForm(text)).toEqual({ seq: 7, timeMs: 8, event: 'log/checked' })
    expect(slowForm(text)).toEqual(readForm(text))
  })
})
