import { expect, test } from 'vitest'
import { normalise } from '../../../connectors/standards/normal.ts'
import { isIndustry } from '../../../connectors/standards/industry.ts'
import { isRegion } from '../../../connectors/standards/region.ts'
import {
  isOldResidentId,
  isResidentId,
  residentIdCheck,
} from '../../../connectors/standards/resident-id.ts'
import { isTaxNumber } from '../../../connectors/standards/tax-number.ts'
import { isUscc, organisationCheck, usccCheck } from '../../../connectors/standards/uscc.ts'

/** Codes that companies print on their own pages. */
const published = [
  '91350100M000100Y43',
  '914403001922038216',
  '9144030071526726XG',
  '91110108551385082Q',
]

test.each(published)('the published code %s is valid', (code) => {
  expect(isUscc(code)).toBe(true)
  expect(organisationCheck(code.slice(8, 16))).toBe(code.charAt(16))
  expect(usccCheck(code.slice(0, 17))).toBe(code.charAt(17))
})

test.each(published)('each single mistyped character of %s is found', (code) => {
  const missed = Array.from(code).flatMap((sign, place) =>
    Array.from('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ')
      .filter((other) => other !== sign)
      .map((other) => code.slice(0, place) + other + code.slice(place + 1))
      .filter(isUscc),
  )
  expect(missed).toEqual([])
})

test('a code whose last character is right and whose organisation code is not is refused', () => {
  const seventeen = '91350100M000100Y5'
  expect(isUscc(seventeen + usccCheck(seventeen))).toBe(false)
})

test.each([
  '',
  '91350100M000100Y4',
  '91350100M000100Y433',
  '91350100m000100y43',
  '9135010OM000100Y43',
  '91350100M000100Y43\n',
])('%j is no code', (text) => {
  expect(isUscc(text)).toBe(false)
})

test.each(['11010519491231002X', '440524188001010014'])(
  'the number %s of the standard is valid',
  (id) => {
    expect(isResidentId(id)).toBe(true)
    expect(residentIdCheck(id.slice(0, 17))).toBe(id.charAt(17))
  },
)

const withCheck = (seventeen: string): string => seventeen + residentIdCheck(seventeen)

test.each([
  ['110105', '20240229', true],
  ['110105', '20230229', false],
  ['110105', '19001301', false],
  ['110105', '19000431', false],
  ['110105', '19000100', false],
  ['110105', '17990101', false],
  ['010105', '19900101', false],
])('region %s born %s: %s', (region, born, valid) => {
  expect(isResidentId(withCheck(`${region}${born}001`))).toBe(valid)
})

test('each single mistyped digit of a number is found', () => {
  const id = '11010519491231002X'
  const missed = Array.from(id).flatMap((sign, place) =>
    Array.from('0123456789X')
      .filter((other) => other !== sign)
      .map((other) => id.slice(0, place) + other + id.slice(place + 1))
      .filter(isResidentId),
  )
  expect(missed).toEqual([])
})

test('one code in several spellings has one normal form', () => {
  const spellings = [
    '91350100M000100Y43',
    '91350100m000100y43',
    '９１３５０１００Ｍ０００１００Ｙ４３',
    '９１３５０１００ｍ０００１００ｙ４３',
    ' \t91350100M000100Y43\r\n',
    '\u3000\u00a091350100M000100Y43\ufeff',
  ]
  expect(new Set(spellings.map(normalise))).toEqual(new Set(['91350100M000100Y43']))
})

test('what is no letter or digit of a code is left as it is', () => {
  expect(normalise('  91 35ß-ı中 ')).toBe('91 35ß-ı中')
  expect(normalise(' \t ')).toBe('')
})

test.each([
  ['110000', true],
  ['110105', true],
  ['350100', true],
  ['350102', true],
  ['419001', true],
  ['659012', true],
  ['710000', true],
  ['110001', false],
  ['118005', false],
  ['160101', false],
  ['890101', false],
  ['11010', false],
  ['1101055', false],
])('region %s: %s', (code, valid) => {
  expect(isRegion(code)).toBe(valid)
})

test.each([
  ['F', true],
  ['51', true],
  ['F51', true],
  ['F5191', true],
  ['5191', true],
  ['A0111', true],
  ['T9700', true],
  ['C5191', false],
  ['U9800', false],
  ['00', false],
  ['98', false],
  ['F51911', false],
  ['5', false],
])('industry %s: %s', (code, valid) => {
  expect(isIndustry(code)).toBe(valid)
})

test('there are 97 divisions, each of one section', () => {
  const letters = Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZ')
  const divisions = Array.from({ length: 100 }, (_, n) => String(n).padStart(2, '0'))
  const found = divisions.map((two) => letters.filter((letter) => isIndustry(letter + two)))
  expect(found.map((of) => of.length)).toEqual(
    divisions.map((two) => (Number(two) >= 1 && Number(two) <= 97 ? 1 : 0)),
  )
  expect(new Set(found.flat()).size).toBe(20)
})

test('a tax number holds the organisation code of the unified code that came after it', () => {
  for (const code of published) expect(isTaxNumber(code.slice(2, 17))).toBe(true)
  expect(isTaxNumber('350100M000100Y5')).toBe(false)
  expect(published.some(isTaxNumber)).toBe(false)
})

test('a number of fifteen digits has a day of the twentieth century', () => {
  expect(isOldResidentId('110105491231002')).toBe(true)
  expect(isOldResidentId('110105490231002')).toBe(false)
  expect(isOldResidentId('11010519491231002X')).toBe(false)
})
