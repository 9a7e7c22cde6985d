import { dataTypeOf, type DatasetColumn } from './dataset.ts'
import { held, holds, limitsOf, numberLimits, plainText } from './desensitize/decimal.ts'
import { checkDesensitization, desensitizeText } from './desensitize/method.ts'
import type { ColumnPolicy } from './policy.ts'
import { refuse, type Refusal } from './refusal.ts'

type Dimension = Extract<ColumnPolicy, { use: 'dimension' }>
type Measure = Extract<ColumnPolicy, { use: 'measure' }>
type Domain = NonNullable<Dimension['domain']>

/** How many values of a range are tried; a larger one is no grid (`question.gridMax` is at most this). */
const rangeTriedMax = 100_000

/** Identifiers become surrogates and free text stays inside, whatever a policy says. */
export const isUsable = (column: DatasetColumn): boolean =>
  column.class !== 'identifier' && column.class !== 'text'

/** What a policy says about one column, against what the catalogue says about it. `where` is the path of the former. */
export const checkColumn = (
  column: DatasetColumn,
  policy: ColumnPolicy,
  where: string,
): readonly Refusal[] => {
  if (!isUsable(column)) return [refuse('source/column-not-usable', { where, class: column.class })]
  const desensitization = checkDesensitization(column, policy.desensitize, where)
  if (policy.use === 'measure') return [...desensitization, ...checkMeasure(column, policy, where)]
  if (policy.domain === undefined) return desensitization
  const form = checkDomain(column, policy.domain, `${where}.domain`)
  const sound = desensitization.length === 0 && form.length === 0
  return [
    ...desensitization,
    ...form,
    ...(sound ? checkReach(column, policy, policy.domain, `${where}.domain`) : []),
  ]
}

const checkMeasure = (
  column: DatasetColumn,
  { clamp }: Measure,
  where: string,
): readonly Refusal[] => {
  const type = dataTypeOf(column)
  if (limitsOf(type) === undefined)
    return [refuse('source/not-numeric', { where, type: column.type })]
  const place = `${where}.clamp`
  const [low, high] = clamp
  return [
    ...(low < high ? [] : [refuse('source/range-empty', { where: place, low, high })]),
    ...clamp
      .filter((value) => !holds(type, value))
      .map((value) => refuse('source/value-not-held', { where: place, value, type: column.type })),
  ]
}

/** The forms of a domain that each type has; words for the fix. */
const domainForms = {
  text: '`codes` of texts',
  integer: '`codes` of whole numbers or a `range`',
  date: '`dates`',
  boolean: '`codes` of true and false',
  decimal: '`codes` of whole numbers',
} as const
type Family = keyof typeof domainForms
const familyOf = (column: DatasetColumn): Family => column.type.replace(/\(.*/, '') as Family

const isOfType = (type: Family, domain: Domain): boolean => {
  if ('dates' in domain) return type === 'date'
  if ('range' in domain) return type === 'integer'
  const wanted = {
    text: 'string',
    integer: 'number',
    decimal: 'number',
    boolean: 'boolean',
    date: '',
  }[type]
  return domain.codes.every((code) => typeof code === wanted)
}

const checkDomain = (column: DatasetColumn, domain: Domain, where: string): readonly Refusal[] => {
  const family = familyOf(column)
  if (!isOfType(family, domain))
    return [
      refuse('source/domain-mismatch', {
        where,
        type: column.type,
        allowed: domainForms[family],
      }),
    ]
  if ('codes' in domain)
    return [
      ...repeated(domain.codes).map((value) =>
        refuse('source/repeats', { where, value: String(value) }),
      ),
      ...notHeld(
        column,
        domain.codes.filter((code) => typeof code === 'number'),
        where,
      ),
    ]
  const [low, high] = 'range' in domain ? domain.range : domain.dates
  return low <= high ? [] : [refuse('source/range-empty', { where, low, high })]
}

const notHeld = (
  column: DatasetColumn,
  values: readonly number[],
  where: string,
): readonly Refusal[] =>
  values
    .filter((value) => !holds(dataTypeOf(column), value))
    .map((value) => refuse('source/value-not-held', { where, value, type: column.type }))

/** The values that stand more than once, each told once. */
export const repeated = <T>(values: readonly T[]): readonly T[] => [
  ...new Set(values.filter((value, position) => values.indexOf(value) !== position)),
]

/**
 * A published value has gone through desensitization, so a domain may hold only values that it leaves as they are: any
 * other would be a cell that is always empty, and hints that the author had other values in mind. Of dates only the
 * first counts: the last may stand anywhere in its period.
 */
const checkReach = (
  column: DatasetColumn,
  { desensitize }: Dimension,
  domain: Domain,
  where: string,
): readonly Refusal[] => {
  if (desensitize.length === 0) return []
  for (const value of textsOf(column, domain)) {
    const becomes = desensitizeText(column, desensitize, value) ?? 'NULL'
    if (becomes !== value)
      return [refuse('source/domain-contradicts', { where, value, becomes: becomes.slice(0, 400) })]
  }
  return []
}

/** The values of a domain as canonical text of the column's type. */
const textsOf = function* (column: DatasetColumn, domain: Domain): Generator<string> {
  if ('dates' in domain) yield domain.dates[0]
  else if ('range' in domain) {
    const [low, high] = domain.range
    yield String(high)
    for (let value = low; value <= Math.min(high, low + rangeTriedMax); value += 1)
      yield String(value)
  } else
    for (const code of domain.codes)
      yield typeof code === 'number' ? numberText(column, code) : String(code)
}

const numberText = (column: DatasetColumn, value: number): string => {
  const type = dataTypeOf(column)
  return plainText(held(type, value), numberLimits(type).scale)
}
