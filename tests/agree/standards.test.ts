import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { normalise, normaliseSql } from '../../connectors/standards/normal.ts'
import { residentIdCheck } from '../../connectors/standards/resident-id.ts'
import { standards } from '../../connectors/standards/standard.ts'
import { organisationCheck, usccCheck } from '../../connectors/standards/uscc.ts'
import { openDuck, quoted } from '../support/duck.ts'

let duck: Awaited<ReturnType<typeof openDuck>>
beforeAll(async () => {
  duck = await openDuck()
})
afterAll(() => duck.close())

const signs = '0123456789ABCDEFGHJKLMNPQRTUWXY'
const textOf = (alphabet: string, length: number): fc.Arbitrary<string> =>
  fc.string({
    unit: fc.constantFrom(...Array.from(alphabet)),
    minLength: length,
    maxLength: length,
  })

const validUscc = fc
  .tuple(textOf(signs, 2), textOf('0123456789', 6), textOf(signs, 8))
  .map(([head, region, body]) => `${head}${region}${body}${organisationCheck(body)}`)
  .map((seventeen) => seventeen + usccCheck(seventeen))

/** Right in its last character, and only by chance in the organisation code's. */
const halfValidUscc = fc
  .tuple(textOf(signs, 2), textOf('0123456789', 6), textOf(signs, 8), textOf('0123456789X', 1))
  .map((parts) => parts.join(''))
  .map((seventeen) => seventeen + usccCheck(seventeen))

/** Dates that exist, and digits that look like one. */
const born = fc.oneof(
  fc
    .date({ min: new Date('1800-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10).replaceAll('-', '')),
  fc.tuple(fc.constantFrom('19', '20', '17'), textOf('0123', 6)).map(([c, rest]) => c + rest),
)
const plausibleId = fc
  .tuple(textOf('0123456789', 6), born, textOf('0123456789', 3))
  .map((parts) => parts.join(''))
  .map((seventeen) => seventeen + residentIdCheck(seventeen))

const region = fc
  .tuple(fc.integer({ min: 10, max: 90 }), textOf('0123456789', 4))
  .map(([province, rest]) => `${province}${rest}`)
const industry = fc
  .tuple(
    textOf('ABCDEFGHIJKLMNOPQRSTU', 1),
    fc.integer({ min: 0, max: 99 }),
    textOf('0123456789', 2),
  )
  .chain(([letter, division, rest]) => {
    const digits = `${String(division).padStart(2, '0')}${rest}`
    return fc.constantFrom(
      letter,
      digits,
      letter + digits,
      letter + digits.slice(0, 3),
      digits.slice(0, 2),
    )
  })
const token = textOf('0123456789ABCDEF', 32).map((digits) => `TK${digits}`)
/** What a code or a number was before. */
const taxNumber = fc
  .tuple(textOf('0123456789', 6), textOf('0123456789ABC', 8))
  .map(([region, body]) => `${region}${body}${organisationCheck(body)}`)
const oldId = fc
  .tuple(textOf('123456789', 6), born, textOf('0123456789', 3))
  .map(([region, date, sequence]) => `${region}${date.slice(2)}${sequence}`)

/** The text with one character exchanged, dropped or doubled. */
const mutated = (text: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .tuple(
      text,
      fc.nat(17),
      fc.oneof(textOf(`${signs}IOSVZ`, 1), fc.constantFrom('', 'ab', 'x', '中', '\n')),
    )
    .map(([text, place, sign]) => text.slice(0, place) + sign + text.slice(place + 1))

const anything = fc
  .string({ unit: 'binary', maxLength: 24 })
  .filter((text) => !text.includes('\u0000') && text.isWellFormed())

const askEngine = async (
  sql: string,
  texts: readonly (string | null)[],
): Promise<(string | null)[]> => {
  const list = texts.map((text, row) => `(${row}, CAST(${quoted(text)} AS VARCHAR))`).join(', ')
  const rows = await duck.rows(
    `SELECT CAST(${sql} AS VARCHAR) FROM (VALUES ${list}) t(row, x) ORDER BY row`,
  )
  return rows.map((row) => row[0] ?? null)
}

test.each([
  ['uscc', fc.oneof(validUscc, halfValidUscc)],
  ['resident-id', plausibleId],
  ['region', region],
  ['industry', industry],
  ['token', token],
  ['old uscc', taxNumber],
  ['old resident-id', oldId],
] as const)('the engine and TypeScript agree on what is a %s', async (name, plausible) => {
  const { is, sql } =
    name === 'old uscc' || name === 'old resident-id'
      ? standards[name.slice(4) as 'uscc' | 'resident-id'].old!
      : standards[name]
  const texts = fc.array(
    fc.option(fc.oneof(plausible, mutated(plausible), anything), { freq: 20 }),
    { minLength: 100, maxLength: 200 },
  )
  const seen = { valid: 0, invalid: 0 }
  await fc.assert(
    fc.asyncProperty(texts, async (texts) => {
      const expected = texts.map((text) => (text === null ? null : String(is(text))))
      const answers = await askEngine(sql('x'), texts)
      expect(texts.filter((_, row) => answers[row] !== expected[row])).toEqual([])
      seen.valid += expected.filter((answer) => answer === 'true').length
      seen.invalid += expected.filter((answer) => answer === 'false').length
    }),
    { numRuns: 25, seed: 20260101 },
  )
  expect(seen.valid).toBeGreaterThan(300)
  expect(seen.invalid).toBeGreaterThan(300)
})

test('the engine and TypeScript agree on the normal form of every text', async () => {
  const spelled = fc
    .tuple(
      anything,
      validUscc,
      fc.constantFrom('', ' ', '\t', '\u3000', '\ufeff', '\u00a0', '\r\n'),
    )
    .chain(([other, code, blank]) =>
      fc.constantFrom(
        other,
        code,
        code.toLowerCase(),
        `${blank}${other}${blank}`,
        blank + code + blank,
        Array.from(code, (sign) => String.fromCodePoint(sign.codePointAt(0)! + 0xfee0)).join(''),
      ),
    )
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.option(spelled, { freq: 20 }), { minLength: 50, maxLength: 100 }),
      async (texts) => {
        expect(await askEngine(normaliseSql('x'), texts)).toEqual(
          texts.map((text) => (text === null ? null : normalise(text))),
        )
      },
    ),
    { numRuns: 25, seed: 20260101 },
  )
})
