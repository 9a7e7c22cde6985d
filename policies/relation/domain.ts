import type { Interval } from './interval.ts'

/**
 * The finitely many values a column can take, known without data. `values`: texts in the canonical form of literals.
 * `days`: dates counted in days since 1970-01-01, one for each first day of `part` in an inclusive range.
 */
export type Domain =
  | { readonly kind: 'values'; readonly values: readonly string[] }
  | { readonly kind: 'integers'; readonly low: number; readonly high: number }
  | Days
type Days = {
  readonly kind: 'days'
  readonly low: number
  readonly high: number
  readonly part: DatePart
  /** Written as a timestamp at midnight. */
  readonly midnight?: true
}

export type DatePart = 'day' | 'month' | 'quarter' | 'year'

const msPerDay = 86_400_000
/** A date, or the date of a timestamp, as days since 1970-01-01. */
export const dayOf = (text: string): number =>
  Date.parse(`${text.slice(0, 10)}T00:00:00Z`) / msPerDay
export const dateOf = (day: number): string => new Date(day * msPerDay).toISOString().slice(0, 10)

const monthsPer: Record<Exclude<DatePart, 'day'>, number> = { month: 1, quarter: 3, year: 12 }

/** Months since year 0 of the period of `part` that holds this day. */
const periodOf = (day: number, part: Exclude<DatePart, 'day'>): number => {
  const date = new Date(day * msPerDay)
  return Math.floor((date.getUTCFullYear() * 12 + date.getUTCMonth()) / monthsPer[part])
}

const firstDayOf = (period: number, part: Exclude<DatePart, 'day'>): string => {
  const months = period * monthsPer[part]
  const year = String(Math.floor(months / 12)).padStart(4, '0')
  return `${year}-${String((months % 12) + 1).padStart(2, '0')}-01`
}

/** How many values. */
export const sizeOf = (domain: Domain): number => {
  if (domain.kind === 'values') return domain.values.length
  if (domain.kind === 'integers') return Math.max(0, domain.high - domain.low + 1)
  if (domain.part === 'day') return Math.max(0, domain.high - domain.low + 1)
  return Math.max(0, periodOf(domain.high, domain.part) - periodOf(domain.low, domain.part) + 1)
}

/** All values as canonical literal texts. Ask `sizeOf` first. */
export const valuesOf = (domain: Domain): readonly string[] => {
  if (domain.kind === 'values') return domain.values
  const count = sizeOf(domain)
  if (domain.kind === 'integers')
    return Array.from({ length: count }, (_, i) => String(domain.low + i))
  const { part } = domain
  const time = domain.midnight ? ' 00:00:00' : ''
  if (part === 'day')
    return Array.from({ length: count }, (_, i) => `${dateOf(domain.low + i)}${time}`)
  const first = periodOf(domain.low, part)
  return Array.from({ length: count }, (_, i) => `${firstDayOf(first + i, part)}${time}`)
}

export const booleanDomain: Domain = { kind: 'values', values: ['false', 'true'] }

export const singleton = (value: string): Domain => ({ kind: 'values', values: [value] })

/** Largest domain that is written out in order to be combined; a larger one is no longer known. */
const listMax = 10_000

export const unite = (left: Domain | undefined, right: Domain | undefined): Domain | undefined => {
  if (left === undefined || right === undefined) return undefined
  if (sizeOf(left) + sizeOf(right) > listMax) return undefined
  return { kind: 'values', values: [...new Set([...valuesOf(left), ...valuesOf(right)])] }
}

/** Values of `domain` that are also in `list`. */
export const keep = (domain: Domain, list: readonly string[]): Domain => {
  const wanted = new Set(list)
  if (domain.kind === 'values')
    return { kind: 'values', values: domain.values.filter((value) => wanted.has(value)) }
  const within = list.filter((value) => {
    const at = domain.kind === 'integers' ? Number(value) : dayOf(value)
    return at >= domain.low && at <= domain.high
  })
  return { kind: 'values', values: [...new Set(within)] }
}

/** Values of a domain of integers or days that lie in an interval (days for dates). */
export const narrow = (domain: Domain, interval: Interval): Domain => {
  const inside = (at: number): boolean => at >= interval.low && at <= interval.high
  if (domain.kind === 'values')
    return {
      kind: 'values',
      values: domain.values.filter((value) => !/^-?\d+$/.test(value) || inside(Number(value))),
    }
  return {
    ...domain,
    low: Math.max(domain.low, Math.ceil(interval.low)),
    high: Math.min(domain.high, Math.floor(interval.high)),
  }
}

/** The domain of a date cut down to the first day of its month, quarter or year. */
export const truncate = (domain: Domain | undefined, part: string): Days | undefined =>
  domain?.kind === 'days' &&
  (part === 'month' || part === 'quarter' || part === 'year' || part === 'day')
    ? { ...domain, part: domain.part === 'day' ? part : coarser(domain.part, part) }
    : undefined

const order: readonly DatePart[] = ['day', 'month', 'quarter', 'year']
const coarser = (left: DatePart, right: DatePart): DatePart =>
  order.indexOf(left) > order.indexOf(right) ? left : right

/** The domain of one part of a date. */
export const extract = (domain: Domain | undefined, part: string): Domain | undefined => {
  if (part === 'quarter') return { kind: 'integers', low: 1, high: 4 }
  if (part === 'month') return { kind: 'integers', low: 1, high: 12 }
  if (part === 'day') return { kind: 'integers', low: 1, high: 31 }
  if (part !== 'year' || domain?.kind !== 'days') return undefined
  return {
    kind: 'integers',
    low: Number(dateOf(domain.low).slice(0, 4)),
    high: Number(dateOf(domain.high).slice(0, 4)),
  }
}

export const boundsOfDomain = (domain: Domain | undefined): Interval | undefined => {
  if (domain?.kind === 'integers') return { low: domain.low, high: domain.high }
  if (domain?.kind !== 'values') return undefined
  const numbers = domain.values.map(Number)
  return numbers.every(Number.isFinite) && numbers.length > 0
    ? { low: Math.min(...numbers), high: Math.max(...numbers) }
    : undefined
}
