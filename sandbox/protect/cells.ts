import { numberCell } from '../../policies/query/answer.ts'
import type { Cell } from '../../policies/result.ts'
import type { Key } from './people-statement.ts'

type GridKey = { readonly values?: readonly string[] | undefined; readonly nullable: boolean }

/** All cells of a public grid, the last key fastest; NULL is a value of a key that may be NULL. */
export const gridOf = ({ keys }: { readonly keys: readonly GridKey[] }): readonly Key[] =>
  keys.reduce<Key[]>(
    (cells, { values = [], nullable }) => {
      const all = nullable ? [...values, null] : values
      return cells.flatMap((cell) => all.map((value) => [...cell, value]))
    },
    [[]],
  )

/** A key's value from its canonical text, by its type's name. */
export const keyCell = (text: string | null, type: string): Cell => {
  if (text === null) return null
  if (type === 'BOOLEAN') return text === 'true'
  return type.includes('INT') ? numberCell(text) : text
}
