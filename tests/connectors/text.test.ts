import { expect, test } from 'vitest'
import { textDecoder, type Encoding } from '../../connectors/text.ts'
import type { Refusal } from '../../policies/refusal.ts'

/** Decodes bytes in blocks of a size; the first refusal ends it. */
const decode = (encoding: Encoding, bytes: Uint8Array, size = bytes.length): string | Refusal => {
  const decoder = textDecoder(encoding)
  let text = ''
  for (let at = 0; at < bytes.length; at += size) {
    const part = decoder.feed(bytes.subarray(at, at + size))
    if (typeof part !== 'string') return part
    text += part
  }
  const last = decoder.end()
  return typeof last === 'string' ? text + last : last
}

/** Bytes of GB18030: one, two and four to a character; a vertical bar as a second byte (0x7C). */
const gb = Uint8Array.from([
  0x61, 0x2c, 0xd6, 0xd0, 0xb9, 0xfa, 0x0a, 0x81, 0x7c, 0x0a, 0x90, 0x30, 0x81, 0x30, 0x0a,
])

test('GB18030 is read in characters of one, two and four bytes, however the blocks are cut', () => {
  for (const size of [1, 2, 3, 100])
    expect(decode('gb18030', gb, size)).toBe('a,中国\n亅\n\u{10000}\n')
})

test('a byte that is none of the encoding is refused with its line', () => {
  const wrong = Uint8Array.from([...gb, 0x62, 0x0a, 0xff, 0x0a])
  for (const size of [1, 4, 100])
    expect(decode('gb18030', wrong, size)).toEqual({
      code: 'source/not-gb18030',
      params: { line: 5 },
    })
  expect(decode('gb18030', gb.subarray(0, 3))).toEqual({
    code: 'source/not-gb18030',
    params: { line: 1 },
  })
  const utf8 = Buffer.from('a\n税\nb\n')
  for (const size of [1, 3, 100])
    expect(decode('utf-8', Buffer.concat([utf8, Uint8Array.from([0xe7, 0x0a])]), size)).toEqual({
      code: 'source/not-utf8',
      params: { line: 4 },
    })
})

test('UTF-8 that is declared GB18030 is refused before its characters become others', () => {
  const text = Buffer.from('中国'.repeat(20))
  for (const size of [1, 5, 1000])
    expect(decode('gb18030', text, size)).toEqual({ code: 'source/is-utf8', params: {} })
  // However short: the mark of UTF-8 would become a character of the first name.
  expect(decode('gb18030', Buffer.from('\uFEFFa,b\n'))).toEqual({
    code: 'source/is-utf8',
    params: {},
  })
  expect(decode('gb18030', Buffer.from('plain ASCII\n'.repeat(50)))).toHaveLength(600)
})
