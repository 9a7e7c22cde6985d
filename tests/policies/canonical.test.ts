import { createHash } from 'node:crypto'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonicalJson, digestOf } from '../../policies/canonical.ts'

/** A double from the sixteen hexadecimal digits of its bits. */
const double = (bits: string): number => Buffer.from(bits, 'hex').readDoubleBE()

describe('canonical JSON is that of RFC 8785', () => {
  test('the sample of section 3.2', () => {
    const value: unknown = JSON.parse(String.raw`{
      "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
      "literals": [null, true, false]
    }`)
    expect(canonicalJson(value)).toBe(
      String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
    )
  })

  test('members are sorted by UTF-16 code units, not by code points or locale (3.2.3)', () => {
    const value: unknown = JSON.parse(String.raw`{
      "\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh",
      "1": "One", "\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control",
      "\u00f6": "Latin Small Letter O With Diaeresis"
    }`)
    const titles = [...canonicalJson(value).matchAll(/:"([^"]+)"/g)].map((match) => match[1])
    expect(titles).toEqual([
      'Carriage Return',
      'One',
      'Control',
      'Latin Small Letter O With Diaeresis',
      'Euro Sign',
      'Emoji: Grinning Face',
      'Hebrew Letter Dalet With Dagesh',
    ])
  })

  test.each([
    ['0000000000000000', '0'],
    ['8000000000000000', '0'],
    ['0000000000000001', '5e-324'],
    ['8000000000000001', '-5e-324'],
    ['7fefffffffffffff', '1.7976931348623157e+308'],
    ['ffefffffffffffff', '-1.7976931348623157e+308'],
    ['4340000000000000', '9007199254740992'],
    ['c340000000000000', '-9007199254740992'],
    ['4430000000000000', '295147905179352830000'],
    ['44b52d02c7e14af5', '9.999999999999997e+22'],
    ['44b52d02c7e14af6', '1e+23'],
    ['44b52d02c7e14af7', '1.0000000000000001e+23'],
    ['444b1ae4d6e2ef4e', '999999999999999700000'],
    ['444b1ae4d6e2ef4f', '999999999999999900000'],
    ['444b1ae4d6e2ef50', '1e+21'],
    ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
    ['3eb0c6f7a0b5ed8d', '0.000001'],
    ['41b3de4355555553', '333333333.3333332'],
    ['41b3de4355555554', '333333333.33333325'],
    ['41b3de4355555555', '333333333.3333333'],
    ['41b3de4355555556', '333333333.3333334'],
    ['41b3de4355555557', '333333333.33333343'],
    ['becbf647612f3696', '-0.0000033333333333333333'],
    ['43143ff3c1cb0959', '1424953923781206.2'],
  ])('the number with bits %s is written %s (appendix B)', (bits, text) => {
    expect(canonicalJson(double(bits))).toBe(text)
  })

  test.each([
    ['a number that is not one (appendix B)', double('7fffffffffffffff')],
    ['infinity (appendix B)', double('7ff0000000000000')],
    ['undefined', undefined],
    ['a member that is undefined', { a: undefined }],
    ['a hole in an array', Array(1)],
    ['a big integer', 1n],
    ['a function', () => 1],
    ['a date', new Date(0)],
    ['a map', new Map()],
    ['a lone surrogate', 'a\ud800'],
    ['a lone surrogate in a name', { 'a\udc00': 1 }],
  ])('%s is refused', (_, value) => {
    expect(() => canonicalJson(value)).toThrow(TypeError)
  })

  test('a cycle is refused', () => {
    const value: Record<string, unknown> = {}
    value['self'] = value
    expect(() => canonicalJson(value)).toThrow(TypeError)
  })

  test('a value survives being written and read, and the order of its members does not matter', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        const text = canonicalJson(value)
        expect(canonicalJson(JSON.parse(text))).toBe(text)
        expect(canonicalJson(reversed(value))).toBe(text)
      }),
      { numRuns: 200 },
    )
  })
})

/** The same value with the members of every object in the opposite order. */
const reversed = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(reversed)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, member]) => [name, reversed(member)]),
  )
}

test('a digest is the SHA-256 of the canonical text in UTF-8', () => {
  const text = '{"企业":"数闸","a":1}'
  expect(digestOf({ 企业: '数闸', a: 1 })).toBe(
    createHash('sha256').update('{"a":1,"企业":"数闸"}', 'utf8').digest('hex'),
  )
  expect(digestOf(JSON.parse(text))).toBe(digestOf({ a: 1, 企业: '数闸' }))
})
