import type { Refusal } from '../../policies/refusal.ts'

export type Position = NonNullable<Refusal['at']>

/** Line and column of a UTF-8 byte offset in a text, both counted from 1, columns in characters (code points). */
export const positionOf = (text: string, byteOffset: number): Position => {
  let bytes = 0
  let line = 1
  let column = 1
  for (const character of text) {
    if (bytes >= byteOffset) break
    const code = character.codePointAt(0) ?? 0
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
    if (character === '\n') {
      line += 1
      column = 1
    } else column += 1
  }
  return { line, column }
}
