import { describe, expect, it } from 'vitest'
import { Fraction, parseJson } from '../../../sandbox/query/json.ts'

describe('JSON of the engine', () => {
  it.each([
    ['0', 0],
    ['42', 42],
    ['-7', -7],
    ['999999999999999', 999_999_999_999_999],
    ['9007199254740991', 9_007_199_254_740_991],
    ['9007199254740993', 9_007_199_254_740_993n],
    ['18446744073709551615', 18_446_744_073_709_551_615n],
    ['-0', 0n],
    ['100.0', new Fraction('100.0')],
    ['7.', new Fraction('7.')],
    ['1e3', new Fraction('1e3')],
    ['2E-9', new Fraction('2E-9')],
    ['NaN', new Fraction('NaN')],
    ['-Infinity', new Fraction('-Infinity')],
  ])('keeps the number %s as it was written', (text, value) => {
    expect(parseJson(text)).toEqual(value)
    expect(parseJson(`[${text} ]`)).toEqual([value])
  })

  it('gives objects the keys that were written and no others', () => {
    const read = parseJson('{"__proto__":{"a":1},"constructor":2}')
    expect(Object.keys(read as object)).toEqual(['__proto__', 'constructor'])
    expect(Object.entries(read as object)[0]?.[1]).toEqual({ a: 1 })
    const plain = parseJson('{}') as Record<string, unknown>
    expect([plain['__proto__'], plain['toString'], plain['a']]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
  })

  it.each([
    '',
    '{',
    '[1',
    '{"a" 1}',
    '{"a":}',
    '{a":1}',
    '"a',
    'tru',
    '1 2',
    '-',
    '['.repeat(5000),
  ])('turns down %s', (text) => {
    expect(() => parseJson(text)).toThrow()
  })
})
