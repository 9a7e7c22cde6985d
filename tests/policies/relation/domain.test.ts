import { expect, test } from 'vitest'
import {
  boundsOfDomain,
  dayOf,
  extract,
  keep,
  narrow,
  unite,
  valuesOf,
  type Domain,
} from '../../../policies/relation/domain.ts'
import { callBounds, type Interval } from '../../../policies/relation/interval.ts'
import { isOneOfAKind } from '../../../policies/relation/literal.ts'
import { scaled } from '../../../policies/relation/scaled.ts'
import {
  BIGINT,
  BOOLEAN,
  DATE,
  DOUBLE,
  VARCHAR,
  type DataType,
} from '../../../policies/relation/type.ts'

const values = (...list: string[]): Domain => ({ kind: 'values', values: list })
const integers = (low: number, high: number): Domain => ({ kind: 'integers', low, high })
const days = (low: string, high: string): Domain => ({
  kind: 'days',
  low: dayOf(low),
  high: dayOf(high),
  part: 'day',
})
const spring = days('2024-03-01', '2024-05-31')

test.each<[Domain, string[], string[]]>([
  [values('a', 'b'), ['b', 'c'], ['b']],
  [integers(1, 5), ['0', '5', '6', '5'], ['5']],
  [spring, ['2024-02-29', '2024-03-01', '2024-06-01'], ['2024-03-01']],
])('of %j the values %j are kept: %j', (domain, list, kept) => {
  expect(valuesOf(keep(domain, list))).toEqual(kept)
})

test.each<[Domain, Interval, Domain]>([
  [integers(1, 9), { low: 2.5, high: 7.5 }, integers(3, 7)],
  [integers(1, 9), { low: -5, high: 50 }, integers(1, 9)],
  [values('-1', '4', '9', 'none'), { low: 0, high: 5 }, values('4', 'none')],
])('%j between %j is %j', (domain, interval, narrowed) => {
  expect(narrow(domain, interval)).toEqual(narrowed)
})

test('domains that are too large together are no longer known', () => {
  expect(unite(integers(1, 6000), integers(1, 4001))).toBeUndefined()
  expect(unite(integers(1, 2), values('2', '3'))).toEqual(values('1', '2', '3'))
  expect(unite(integers(1, 2), undefined)).toBeUndefined()
})

test.each<[string, Domain | undefined, Domain | undefined]>([
  ['year', days('1999-12-31', '2001-01-01'), integers(1999, 2001)],
  ['year', undefined, undefined],
  ['year', values('1999-12-31'), undefined],
  ['quarter', undefined, integers(1, 4)],
  ['month', undefined, integers(1, 12)],
  ['day', undefined, integers(1, 31)],
  ['week', spring, undefined],
])('the %s of %j is one of %j', (part, domain, wanted) => {
  expect(extract(domain, part)).toEqual(wanted)
})

test.each<[Domain | undefined, Interval | undefined]>([
  [integers(2, 5), { low: 2, high: 5 }],
  [values('3', '-1', '2.5'), { low: -1, high: 3 }],
  [values('3', 'x'), undefined],
  [values(), undefined],
  [spring, undefined],
  [undefined, undefined],
])('%j lies in %j', (domain, bounds) => {
  expect(boundsOfDomain(domain)).toEqual(bounds)
})

const between = (low: number, high: number): Interval => ({ low, high })
test.each<[string, (Interval | undefined)[], Interval | undefined]>([
  ['%', [between(-5, 9), between(-3, 2)], between(-3, 3)],
  ['%', [between(-5, 9), undefined], between(-5, 9)],
  ['%', [undefined, between(1, 2)], undefined],
  ['trunc', [between(3.5, 7)], between(0, 7)],
  ['trunc', [undefined], undefined],
  ['log10', [between(1, 100)], between(0, 2)],
  ['log10', [between(0, 100)], undefined],
  ['log10', [undefined], undefined],
  ['ln', [undefined], undefined],
  ['constructor', [between(0, 1)], undefined],
])('%s of %j lies in %j', (name, args, bounds) => {
  expect(callBounds(name, args)).toEqual(bounds)
})

const decimal = (scale: number): DataType => ({ id: 'DECIMAL', width: 18, scale })
test.each<[DataType, readonly string[], readonly string[]]>([
  [VARCHAR, ['', 'a', '01'], []],
  [BOOLEAN, ['true', 'false'], ['TRUE', 't']],
  [BIGINT, ['0', '-7', '10'], ['-0', '07', '+7', '1.0', '']],
  [DOUBLE, ['0.5', '1e+21', '-3'], ['-0', '0.50', 'nan', 'inf', '1e21']],
  [decimal(2), ['0.10', '-3.25', '12.00'], ['-0.00', '0.1', '00.10', '1']],
  [decimal(0), ['0', '-3'], ['-0', '3.0', '03']],
  [DATE, ['2024-01-01'], ['2024-1-1', '2024-01-01 00:00:00']],
  [
    { id: 'TIMESTAMP' },
    ['2024-01-01 00:00:00', '2024-01-01 00:00:00.5'],
    ['2024-01-01 00:00:00.50'],
  ],
  [{ id: 'INTERVAL' }, [], ['1 day', '24:00:00']],
])('of %j the texts %j stand for one value each, %j may not', (type, alone, others) => {
  expect(alone.filter((text) => !isOneOfAKind(text, type))).toEqual([])
  expect(others.filter((text) => isOneOfAKind(text, type))).toEqual([])
})

test.each([Number.NaN, Infinity, -Infinity])('%s is no number of units', (value) => {
  expect(() => scaled(value, 2, 'down')).toThrow(RangeError)
})

test.each<[number, number, bigint, bigint]>([
  [1.2, 1, 12n, 12n],
  [1.25, 1, 12n, 13n],
  [-1.25, 1, -13n, -12n],
  [1e21, 0, 10n ** 21n, 10n ** 21n],
])('%s in units of 1e-%s lies from %s to %s', (value, scale, low, high) => {
  expect([scaled(value, scale, 'down'), scaled(value, scale, 'up')]).toEqual([low, high])
})
