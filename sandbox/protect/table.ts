import type { DataType } from '../../policies/relation/type.ts'
import type { Cell } from '../../policies/result.ts'

/** A result after the gate: keys as they are, figures protected. */
export type ProtectedTable = {
  readonly columns: readonly { readonly name: string; readonly type: DataType }[]
  readonly rows: readonly (readonly Cell[])[]
}

/** Decimal text as a number where 15 digits hold it, and as text beyond: no digit is lost on the way. */
export const numberCell = (text: string): number | string =>
  text.replaceAll(/[^0-9]/g, '').replace(/^0+/, '').length <= 15 ? Number(text) : text
