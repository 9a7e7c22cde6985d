import { organisationCheck, usccCheck } from '../standards/uscc.ts'
import { mix, seedWord } from './random.ts'
import { districts, sections } from './places.ts'

/** Enterprises that attacks aim at, by their number in the city, which counts from 1. */
type Planted = {
  readonly number: number
  readonly uscc: string
  readonly district: string
  readonly section: string
}

const rareCount = 50
const markedCount = 3
const codesCount = 31 ** 6
const alphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY'

/** Coprime with 31^6, so that the serials of all enterprises differ. */
export const serialStep = 3 ** 18
/** Where a seed's serials begin. */
export const serialStart = (seed: number): number => mix(seedWord(seed)) % codesCount
export const serialCount = codesCount

const usccOf = (number: number, district: string, seed: number): string => {
  const serial = Number(
    (BigInt(number + serialStart(seed)) * BigInt(serialStep)) % BigInt(codesCount),
  )
  const digits = Array.from(
    { length: 6 },
    (_, position) => alphabet[Math.floor(serial / 31 ** (5 - position)) % 31] ?? '',
  )
  const eight = `MA${digits.join('')}`
  const seventeen = `91${district}${eight}${organisationCheck(eight)}`
  return seventeen + usccCheck(seventeen)
}

const placed = (number: number, place: number, section: string, seed: number): Planted => {
  const district = districts[place % districts.length]?.code ?? ''
  return { number, uscc: usccOf(number, district, seed), district, section }
}

/** Fifty enterprises, each alone in its district and section: whatever tells them apart from nobody tells a secret. */
export const rareEnterprises = (seed: number): readonly Planted[] => {
  const rareSections = sections.filter(({ weight }) => weight === 0)
  return Array.from({ length: rareCount }, (_, position) => {
    const section = rareSections[Math.floor(position / districts.length)]?.code ?? ''
    return placed(position + 1, position, section, seed)
  })
}

/** Three enterprises with two thirds of the taxable sales of their district and section in each month. */
export const whaleEnterprises = (seed: number): readonly Planted[] =>
  ['E', 'H', 'R'].map((section, position) =>
    placed(rareCount + 1 + position, position, section, seed),
  )

/** Three ordinary enterprises whose free texts carry the markers. */
export const markedEnterprises = (seed: number): readonly Planted[] =>
  Array.from({ length: markedCount }, (_, position) =>
    placed(rareCount + 4 + position, position, 'M', seed),
  )

/** A text that stands in no answer, message, log or published file, unless raw data has got there. */
export const markerOf = (seed: number): string =>
  `SLUICE-MARKER-${seedWord(seed).toString(16).toUpperCase().padStart(8, '0')}`

/** Everything a scan of bytes looks for: the marker, and the codes of the planted enterprises. */
export const bytesToLookFor = (seed: number): readonly string[] => [
  markerOf(seed),
  ...[rareEnterprises, whaleEnterprises, markedEnterprises].flatMap((planted) =>
    planted(seed).map(({ uscc }) => uscc),
  ),
]
