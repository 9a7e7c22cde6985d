import { fromNano } from './privacy/amount.ts'
import { sure } from './sure.ts'
import type { DataCase, TextCase } from './policy-test.ts'
import type { Refusal, RefusalCode } from './refusal.ts'

type Cell = string | null
/** What a domain would answer to a case. */
export type CaseAnswer =
  | { readonly answer: 'refused'; readonly refusals: readonly Refusal[] }
  | {
      readonly answer: 'allowed'
      readonly columns: readonly string[]
      readonly cost: readonly { readonly kind: string; readonly rhoNano: number }[]
      readonly cells?: number | undefined
      readonly level?: number | undefined
    }
  | {
      readonly answer: 'published'
      readonly columns: readonly string[]
      readonly rows: readonly (readonly Cell[])[]
    }

/** One thing that is not as the case says. `row` counts from 1. */
export type Difference = {
  readonly what:
    | 'outcome'
    | 'codes'
    | 'columns'
    | 'cost'
    | 'cells'
    | 'level'
    | 'rows'
    | 'value'
    | 'hidden'
  readonly wanted: string
  readonly found: string
  readonly row?: number
}

/** How the answer to a text differs from what its case says; empty where it does not. */
export const differencesOfText = (
  { allow, refuse }: TextCase,
  answer: CaseAnswer,
): readonly Difference[] => {
  if (refuse !== undefined) return differencesOfRefusal(refuse, answer)
  if (answer.answer !== 'allowed') return [outcome('allowed', answer)]
  const { columns, cost, cells, level } = allow === true || allow === undefined ? {} : allow
  return [
    ...(columns === undefined
      ? []
      : unequal('columns', columns.join(', '), answer.columns.join(', '))),
    ...(cost === undefined ? [] : overcharged(cost, answer.cost)),
    ...(cells === undefined ? [] : unequal('cells', String(cells), String(answer.cells ?? '-'))),
    ...(level === undefined ? [] : unequal('level', String(level), String(answer.level ?? '-'))),
  ]
}

/** How published rows differ from what their case says. A row is compared in the columns that it names. */
export const differencesOfRows = (
  { published, refuse }: DataCase,
  answer: CaseAnswer,
): readonly Difference[] => {
  if (refuse !== undefined) return differencesOfRefusal(refuse, answer)
  if (answer.answer !== 'published') return [outcome('published', answer)]
  const wanted = sure(published, 'published rows')
  if (wanted.length !== answer.rows.length)
    return unequal('rows', String(wanted.length), String(answer.rows.length))
  return wanted.flatMap((row, at) =>
    Object.entries(row).flatMap(([name, value]): readonly Difference[] => {
      const position = answer.columns.indexOf(name)
      if (position < 0)
        return [{ what: 'hidden', wanted: name, found: answer.columns.join(', '), row: at + 1 }]
      const found = answer.rows[at]?.[position] ?? null
      return isSame(value, found)
        ? []
        : [
            {
              what: 'value',
              wanted: cellText(name, value),
              found: cellText(name, found),
              row: at + 1,
            },
          ]
    }),
  )
}

/** Texts are equal as they stand, numbers by their value: a decimal is published with all its digits. */
const isSame = (wanted: string | number | boolean | null, found: Cell): boolean => {
  if (wanted === null || found === null) return wanted === found
  return typeof wanted === 'number' ? Number(found) === wanted : String(wanted) === found
}
const cellText = (name: string, value: string | number | boolean | null): string =>
  `${name}: ${value === null ? 'null' : String(value)}`

const differencesOfRefusal = (
  codes: readonly RefusalCode[],
  answer: CaseAnswer,
): readonly Difference[] =>
  answer.answer === 'refused'
    ? unequal('codes', listOf(codes), listOf(answer.refusals.map(({ code }) => code)))
    : [outcome('refused', answer)]

const outcome = (wanted: CaseAnswer['answer'], { answer }: CaseAnswer): Difference => ({
  what: 'outcome',
  wanted,
  found: answer,
})

const listOf = (codes: readonly string[]): string => [...new Set(codes)].sort().join(', ')

const overcharged = (
  most: Readonly<Record<string, number>>,
  charged: readonly { readonly kind: string; readonly rhoNano: number }[],
): readonly Difference[] =>
  charged
    .map(({ kind, rhoNano }) => ({ kind, rho: fromNano(rhoNano), max: most[kind] ?? 0 }))
    .filter(({ rho, max }) => rho > max)
    .map(({ kind, rho, max }) => ({
      what: 'cost',
      wanted: `${kind} <= ${max}`,
      found: `${kind} ${rho}`,
    }))

const unequal = (what: Difference['what'], wanted: string, found: string): readonly Difference[] =>
  wanted === found ? [] : [{ what, wanted, found }]
