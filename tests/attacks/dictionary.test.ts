import { createHash, createHmac } from 'node:crypto'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { filePath } from '../../sandbox/domain/home.ts'
import { openEngine } from '../../sandbox/run/engine.ts'
import { testFolder } from '../support/folder.ts'
import { residentIdOf } from '../support/identifiers.ts'
import { csvOf, testHome, valueOf, type TestHome } from '../support/publishing.ts'

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
): readonly string[] => candidates.filter((candidate) => digests.includes(digestOf(candidate)))
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
const keyed =
  (key: Uint8Array) =>
  (text: string): string =>
    createHmac('sha256', key).update(text).digest('hex')

test('a dictionary of one district and birth date names everybody behind unkeyed digests', () => {
  const digests = people.map((person) => sha256(residentIdOf(person)))
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
