import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { jsonLines } from '../../connectors/json-lines.ts'
import type { Refusal } from '../../policies/refusal.ts'
import { datasetOf } from '../support/dataset.ts'

const dataset = datasetOf({ a: 'text?', b: 'integer?', c: 'boolean?' })

const convert = (text: string, size = text.length): string | Refusal => {
  const converter = jsonLines(dataset)
  let out = ''
  for (let at = 0; at < text.length; at += size) {
    const part = converter.feed(text.slice(at, at + size))
    if (typeof part !== 'string') return part
    out += part
  }
  const last = converter.end()
  return typeof last === 'string' ? out + last : last
}

const whole = '{"a":"x","b":1,"c":true}'

test('objects become records in the order of the dataset, numbers as they are written', () => {
  const text = [
    '\uFEFF{"b":-1.50e3,"a":"say \\"hi\\"\\n税","c":false}',
    ' { "c" : null , "a" : "" , "b" : 12345678901234567890.123 } \r',
    '{"a":"\\u7a0e\\/"}',
    '{}',
  ].join('\n')
  for (const size of [1, 7, 1000])
    for (const end of ['', '\n'])
      expect(convert(`${text}${end}`, size)).toBe(
        'a,b,c\n"say ""hi""\n税",-1.50e3,false\n,12345678901234567890.123,\n"税/",,\n,,\n',
      )
})

test.each([
  ['', 'json-line'],
  ['[1]', 'json-line'],
  ['"x"', 'json-line'],
  ['{"a":"x"', 'json-line'],
  ['{"a":"x"}}', 'json-line'],
  ['{"a":"x",}', 'json-line'],
  ['{"a" "x"}', 'json-line'],
  ["{'a':'x'}", 'json-line'],
  ['{a:"x"}', 'json-line'],
  ['{"a":{"b":1}}', 'json-line'],
  ['{"a":["x"]}', 'json-line'],
  ['{"b":01}', 'json-line'],
  ['{"b":+1}', 'json-line'],
  ['{"b":.5}', 'json-line'],
  ['{"b":NaN}', 'json-line'],
  ['{"b":1_000}', 'json-line'],
  ['{"c":True}', 'json-line'],
  ['{"a":"x\ty"}', 'json-line'],
  ['{"a":"\\x41"}', 'json-line'],
  ['{"a":"\\ud800"}', 'json-line'],
  ['{"a":"x"} // y', 'json-line'],
  ['{"a":"x","a":"y"}', 'json-key'],
  ['{"a":"x","\\u0061":"y"}', 'json-key'],
  ['{"a":"x","SECRET":"y"}', 'json-key'],
  ['{"__proto__":"y"}', 'json-key'],
  ['{"a":"x\\u0000y"}', 'nul'],
])('the line %j is refused as %s', (line, code) => {
  expect(convert(`${whole}\n${line}\n${whole}\n`)).toEqual({
    code: `source/${code}`,
    params: { line: 2 },
  })
})

test('a column that no line has is missing, and one that some lines leave out is empty there', () => {
  expect(convert('{"a":"x"}\n{"b":1}\n')).toEqual({
    code: 'source/columns-missing',
    params: { list: 'c', count: 1 },
  })
  expect(convert('{"a":"x","c":null}\n{"b":1}\n')).toBe('a,b,c\n"x",,\n,1,\n')
})

test('a line is bounded, whether it ends or not', () => {
  const long = `{"a":"${'x'.repeat(1 << 20)}"}`
  const refusal = { code: 'source/line-too-long', params: { line: 2, max: 1 << 20 } }
  for (const text of [`${whole}\n${long}\n`, `${whole}\n${long}`])
    for (const size of [1 << 16, 1 << 22]) expect(convert(text, size)).toEqual(refusal)
})

test('whatever the runtime writes of flat objects is read as it was', () => {
  const value = fc.oneof(fc.string({ unit: 'binary' }), fc.string(), fc.constant('"\\\n,'))
  fc.assert(
    fc.property(
      value.filter((text) => text.isWellFormed() && !text.includes('\0') && text !== ''),
      fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true })),
      fc.boolean(),
      (a, b, c) => {
        const number = JSON.stringify(b)
        expect(convert(`${JSON.stringify({ a, b, c })}\n`)).toBe(
          `a,b,c\n"${a.replaceAll('"', '""')}",${number},${c}\n`,
        )
      },
    ),
    { numRuns: 300, seed: 3 },
  )
})
