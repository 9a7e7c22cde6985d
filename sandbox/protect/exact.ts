import type { PeopleFigure, PeopleStage } from '../../policies/query/plan.ts'
import { decimalText } from '../../policies/relation/scaled.ts'
import type { Contributions } from '../../policies/output/contributions.ts'
import { nextItems, spreadItems, type Subject } from './dominance.ts'
import type { Item, Key } from './people-statement.ts'

/** One value of an answer of the engine: see `sandbox/run/engine.ts`. */
export type RawValue = bigint | number | string | boolean | null
export type RawRow = readonly RawValue[]

/** True numbers of one probe of one group. Entities: for each kind, exact or a lower bound that is enough. */
export type Numbers = {
  readonly rows: bigint
  readonly present: bigint
  readonly sum: bigint
  readonly squared: bigint
  readonly squares: bigint
  readonly entities: readonly bigint[]
  /** Which of them are exact. */
  readonly exact: readonly boolean[]
  readonly contributions?: Contributions
  /** No value was left out because it has too many digits. */
  readonly complete: boolean
}
export type Group = { readonly key: Key; readonly numbers: readonly Numbers[] }

export const keyOf = (row: RawRow, width: number): Key =>
  row.slice(0, width).map((value) => (value === null ? null : String(value)))
export const nameOfKey = (key: Key): string => JSON.stringify(key)

/** The engine's exact number in whole units: decimal texts lose their point. NULL is the sum of nothing. */
export const unitsOf = (value: RawValue): bigint => {
  if (value === null) return 0n
  if (typeof value === 'bigint') return value
  const text = String(value)
  if (!/^-?\d+(?:\.\d+)?$/.test(text)) throw new Error('a number that is not exact')
  return BigInt(text.replace('.', ''))
}

export const nothing = (kinds: number): Numbers => ({
  rows: 0n,
  present: 0n,
  sum: 0n,
  squared: 0n,
  squares: 0n,
  entities: Array.from({ length: kinds }, () => 0n),
  exact: Array.from({ length: kinds }, () => true),
  complete: true,
})

/** One row of `totalsStatement`. */
export const groupOf = (stage: PeopleStage, items: readonly Item[], row: RawRow): Group => {
  const width = stage.keys.length
  const found = (probe: number, what: Item['what'], kind?: number): bigint => {
    const index = items.findIndex(
      (item) => item.probe === probe && item.what === what && item.kind === kind,
    )
    return index < 0 ? 0n : unitsOf(row[width + index] ?? null)
  }
  const numbers = stage.probes.map(({ value, square }, probe): Numbers => {
    const rows = found(probe, 'rows')
    const present = found(probe, 'present')
    const squared = found(probe, 'squared')
    return {
      rows,
      present,
      sum: found(probe, 'sum'),
      squared,
      squares: found(probe, 'squares'),
      entities: stage.kinds.map((_, kind) =>
        kind === 0 && stage.single ? rows : found(probe, 'bits', kind),
      ),
      exact: stage.kinds.map((_, kind) => kind === 0 && stage.single),
      complete:
        (value === undefined || present === rows) && (square === undefined || squared === rows),
    }
  })
  return { key: keyOf(row, width), numbers }
}

/** A group with exact numbers of entities, from its row of `entitiesStatement`. */
export const withEntities = (stage: PeopleStage, group: Group, row: RawRow): Group => ({
  ...group,
  numbers: group.numbers.map((numbers, probe) => ({
    ...numbers,
    exact: stage.kinds.map(() => true),
    entities: stage.kinds.map((_, kind) =>
      unitsOf(row[stage.keys.length + probe * stage.kinds.length + kind] ?? null),
    ),
  })),
})

/** A group with what its units add, from its row of `spreadStatement` for these probes: the greatest one so far. */
export const withSpread = ({ stage, probes }: Subject, group: Group, row: RawRow): Group => {
  const read = (probe: number, name: (typeof spreadItems)[number]): bigint =>
    unitsOf(
      row[
        stage.keys.length + probes.indexOf(probe) * spreadItems.length + spreadItems.indexOf(name)
      ] ?? null,
    )
  const numbers = group.numbers.map((own, probe): Numbers => {
    if (!probes.includes(probe)) return own
    const contributions: Contributions = {
      total: read(probe, 'total'),
      largest: [read(probe, 'largest')],
      smallest: read(probe, 'smallest'),
      nonZero: read(probe, 'nonZero'),
      smallestNonZero: read(probe, 'smallestNonZero'),
      negatives: read(probe, 'negatives'),
    }
    const complete = own.complete && read(probe, 'units') === read(probe, 'summed')
    // The units behind a sum are counted with what they add: no lower bound is compared with exact numbers.
    const [, ...kinds] = own.entities
    const entities = [read(probe, 'units'), ...kinds]
    return { ...own, entities, exact: own.exact.with(0, true), contributions, complete }
  })
  return { ...group, numbers }
}

/** The smallest of the greatest known so far, for each probe: what `nextStatement` asks below. */
export const boundsOf = ({ probes }: Subject, { numbers }: Group): readonly bigint[] =>
  probes.map((probe) => numbers[probe]?.contributions?.largest.at(-1) ?? 0n)

/** A group with the next greatest contributions: all that equal the last one, and the greatest below it. */
export const withNext = ({ stage, probes }: Subject, group: Group, row: RawRow): Group => ({
  ...group,
  numbers: group.numbers.map((own, probe) => {
    const { contributions } = own
    const place = probes.indexOf(probe)
    if (contributions === undefined || place < 0) return own
    const [equal, less] = nextItems.map((_, index) =>
      unitsOf(row[stage.keys.length + place * nextItems.length + index] ?? null),
    )
    const last = contributions.largest.at(-1) ?? 0n
    const known = contributions.largest.filter((value) => value === last).length
    const more = Array.from({ length: Math.max(0, Number(equal) - known) }, () => last)
    return {
      ...own,
      contributions: {
        ...contributions,
        largest: [...contributions.largest, ...more.slice(0, 8), less ?? 0n],
      },
    }
  }),
})

/** Digits after the point of exact quotients, beyond those of the values. */
const quotientDigits = 12

const quotient = (dividend: bigint, divisor: bigint, scale: number): string => {
  const wide = dividend * 10n ** BigInt(quotientDigits)
  const half = (wide < 0n ? -divisor : divisor) / 2n
  return decimalText((wide + half) / divisor, scale + quotientDigits)
}

/** The exact figure as decimal text, or null where there is none. */
export const figureText = (
  figure: PeopleFigure,
  numbers: Numbers,
  scale: number,
): string | null => {
  const { rows: n, sum, squares, entities } = numbers
  if (figure.name === 'count') return String(figure.distinct ? (entities[0] ?? 0n) : n)
  if (n === 0n) return null
  if (figure.name === 'sum') return decimalText(sum, scale)
  if (figure.name === 'avg') return quotient(sum, n, scale)
  const divisor = figure.name.endsWith('samp') ? n * (n - 1n) : n * n
  if (divisor === 0n) return null
  const variance = quotient(n * squares - sum * sum, divisor, 2 * scale)
  return figure.name.startsWith('var') ? variance : String(Math.sqrt(Number(variance)))
}
