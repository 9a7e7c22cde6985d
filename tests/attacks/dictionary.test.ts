import { createHash, createHmac } from 'node:crypto'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { filePath } from '../../sandbox/domain/home.ts'
import { digestBytes, registerDigest, tokensOf } from '../../sandbox/domain/token.ts'
import { suites } from '../../sandbox/log/suite.ts'
import { openEngine } from '../../sandbox/run/engine.ts'
import { testFolder } from '../support/folder.ts'
import { residentIdOf } from '../support/identifiers.ts'
import { csvOf, testHome, valueOf, type TestHome } from '../support/publishing.ts'
import { testWorld } from '../support/world.ts'

/**
 * Whoever knows a person's district and birth date has a thousand identity numbers to try: three digits of a sequence,
 * the check digit follows. Registers keep keyed digests of identifiers; here the attacker has them in the clear.
 */
const candidates = Array.from({ length: 1000 }, (_, sequence) => residentIdOf(sequence))
const folder = testFolder()

const people = [3, 141, 592, 653, 897]
const rows = people.map((person, at) => [at, person, '2026-01-01', '350100,1,1,true,'] as const)

/** A home, and the digests its register of persons holds, read with the key of the file. */
const registered = async (
  name: string,
): Promise<{ home: TestHome; digests: readonly string[] }> => {
  const home = testHome(join(folder, name))
  valueOf(await home.fromCsv(csvOf(...rows)))
  const file = home.registers.get('person')
  if (file === undefined) throw new Error('no register of persons')
  const engine = await openEngine({
    threads: 1,
    memoryMb: 256,
    attach: [
      {
        path: filePath(home.home, 'register', file.id),
        alias: 'register',
        key: home.keyOf('register person'),
        sha256: file.sha256,
      },
    ],
  })
  const { rows: found } = await engine
    .query('SELECT hex(digest) FROM register.main.entity')
    .finally(() => engine.close())
  return { home, digests: found.map(([digest]) => String(digest).toLowerCase()) }
}

/** The identifiers a dictionary finds among digests. */
const foundIn = (
  digests: readonly string[],
  digestOf: (text: string) => string,
): readonly string[] =>
  // A register keeps 128 bits of each.
  candidates.filter((candidate) => digests.includes(digestOf(candidate).slice(0, 2 * digestBytes)))
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
const keyed =
  (key: Uint8Array) =>
  (text: string): string =>
    createHmac('sha256', key).update(text).digest('hex')

test('a dictionary of one district and birth date names everybody behind unkeyed digests', () => {
  const digests = people.map((person) => sha256(residentIdOf(person)).slice(0, 2 * digestBytes))
  expect(foundIn(digests, sha256)).toEqual(people.map(residentIdOf))
})

test('the same dictionary names nobody in a register, whose digests are keyed', async () => {
  const { home, digests } = await registered('keyed')
  expect(digests).toHaveLength(people.length)
  expect(foundIn(digests, sha256)).toEqual([])
  for (const key of ['register person', 'hmac enterprise', 'published-1'])
    expect(foundIn(digests, keyed(home.keyOf(key)))).toEqual([])
  // Whoever has the key itself finds them: it never leaves the domain's keyring but for the publisher.
  expect(foundIn(digests, keyed(home.keyOf('hmac person')))).toEqual(people.map(residentIdOf))
})

test('registers of two domains cannot be joined: the same persons have other digests', async () => {
  const [here, there] = [await registered('here'), await registered('there')]
  expect(here.digests.filter((digest) => there.digests.includes(digest))).toEqual([])
})

test('published surrogates are numbers in an order that no dictionary gives', async () => {
  const home = testHome(join(folder, 'numbers'))
  const value = valueOf(await home.fromCsv(csvOf(...rows)))
  const numbers = await home.read(
    value,
    'SELECT DISTINCT legal_id FROM published.main.tax ORDER BY 1',
  )
  expect(numbers.flat()).toEqual(people.map((_, at) => BigInt(at + 1)))
})

/**
 * Tokens leave the domain, in the files of a bank. Whoever has such a file, and everything else that is outside, tries the
 * same dictionary; the domain's own keys are given to the attack one at a time, to show that either alone is worth nothing.
 */
describe.each(['intl', 'gm'] as const)(
  'tokens of two agreements in a domain of the suite %s',
  (name) => {
    const suite = suites[name]
    const world = testWorld(`tokens ${name}`)
    const [hmacKey, keyA, keyB] = [
      world.randomBytes(32),
      world.randomBytes(32),
      world.randomBytes(32),
    ]
    const tokens = (texts: readonly string[], key: Uint8Array, hmac = hmacKey): readonly string[] =>
      tokensOf(
        { suite, key },
        texts.map((text) => registerDigest(hmac, text)),
      )
    const [ofA, ofB] = [keyA, keyB].map((key) => tokens(people.map(residentIdOf), key))
    const named = (found: readonly string[], guesses: readonly string[]): readonly string[] =>
      candidates.filter((_, at) => found.includes(guesses[at]!))

    test('the dictionary names nobody by what is outside, and everybody by the two keys together', () => {
      const unkeyed = candidates.map((text) => `TK${sha256(text).slice(0, 32).toUpperCase()}`)
      expect(named(ofA!, unkeyed)).toEqual([])
      const nothing = new Uint8Array(32)
      expect(named(ofA!, tokens(candidates, nothing, nothing))).toEqual([])
      expect(named(ofA!, tokens(candidates, keyA, nothing))).toEqual([])
      expect(named(ofA!, tokens(candidates, nothing))).toEqual([])
      expect(named(ofA!, tokens(candidates, keyA))).toEqual(people.map(residentIdOf))
    })

    test('two banks find no customer in common, nor does who makes tokens of the other for the whole dictionary', () => {
      expect(ofA!.filter((token) => ofB!.includes(token))).toEqual([])
      expect(named(ofA!, tokens(candidates, keyB))).toEqual([])
      // Bit by bit they are as far apart as if they had been drawn: 64 of 128 on the average, sd 5.7 a pair.
      const bits = (token: string): bigint => BigInt(`0x${token.slice(2)}`)
      const apart = (left: string, right: string): number =>
        (bits(left) ^ bits(right)).toString(2).replaceAll('0', '').length
      const all = candidates.map((text) => [...tokens([text], keyA), ...tokens([text], keyB)])
      const mean = all.reduce((sum, [left, right]) => sum + apart(left!, right!), 0) / all.length
      expect(Math.abs(mean - 64)).toBeLessThan(1)
    })
  },
)
