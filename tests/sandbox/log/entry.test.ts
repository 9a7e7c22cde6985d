import { describe, expect, test } from 'vitest'
import {
  commitmentOf,
  commitTo,
  entryBytes,
  entrySchema,
  type Entry,
} from '../../../sandbox/log/entry.ts'
import { systemWorld } from '../../../sandbox/world.ts'

const entry: Entry = {
  salt: '5a17'.repeat(8),
  seq: 0,
  timeMs: 1_700_000_000_000,
  actor: { account: 'li', organisation: 'city-bank', role: 'analyst' },
  event: 'submission/received',
  subject: { type: 'submission', id: '0b54' },
  detail: { purpose: '贷前审查', datasets: ['tax', 'market'], bytes: 120 },
}

describe('an entry', () => {
  test('is its canonical JSON in UTF-8', () => {
    expect(Buffer.from(entryBytes(entry)).toString()).toBe(
      '{"actor":{"account":"li","organisation":"city-bank","role":"analyst"},' +
        '"detail":{"bytes":120,"datasets":["tax","market"],"purpose":"贷前审查"},' +
        '"event":"submission/received","salt":"5a175a175a175a175a175a175a175a17","seq":0,' +
        '"subject":{"id":"0b54","type":"submission"},' +
        '"timeMs":1700000000000}',
    )
  })

  test.each([
    ['an event nobody knows', { event: 'submission/vanished' }],
    ['no salt', { salt: undefined }],
    ['a short salt', { salt: '5a' }],
    ['a place before the first', { seq: -1 }],
    ['a time that is no whole number', { timeMs: 0.5 }],
    ['a nested detail', { detail: { rows: { a: 1 } } }],
    ['a detail that is too long', { detail: { note: 'x'.repeat(401) } }],
    ['a detail with a control character', { detail: { note: 'a\nb' } }],
    ['a detail with a lone surrogate', { detail: { note: '\ud800' } }],
    ['a detail that is not a number', { detail: { n: Number.NaN } }],
    ['a list that is too long', { detail: { list: Array(101).fill('x') } }],
    [
      'too many details',
      { detail: Object.fromEntries(Array.from({ length: 33 }, (_, i) => [`d${i}`, 1])) },
    ],
    ['a member nobody knows', { more: 1 }],
    ['an actor without a role', { actor: { account: 'li', organisation: 'b' } }],
  ])('with %s is refused', (_, change) => {
    expect(entrySchema.safeParse({ ...entry, ...change }).success).toBe(false)
  })

  test('of more than 16384 bytes is refused though each part is within its bounds', () => {
    const detail = Object.fromEntries(
      Array.from({ length: 20 }, (_, i) => [`d${i}`, '数'.repeat(400)]),
    )
    expect(() => entryBytes({ ...entry, detail })).toThrow(RangeError)
  })
})

describe('a commitment', () => {
  test('opens with its salt and bytes, and says nothing without the salt', () => {
    const bytes = Buffer.from('7')
    const { salt, commitment } = commitTo(systemWorld, bytes)
    expect(commitmentOf(salt, bytes)).toBe(commitment)
    expect(commitmentOf(salt, Buffer.from('8'))).not.toBe(commitment)
    expect(commitTo(systemWorld, bytes).commitment).not.toBe(commitment)
    expect(() => commitmentOf(new Uint8Array(0), bytes)).toThrow(RangeError)
  })
})
