import { expect, onTestFinished, test } from 'vitest'
import { testFolder } from '../support/folder.ts'
import { expectKnown, expectOurs } from '../support/ours.ts'
import { csvTarget, jsonLinesTarget, parquetTarget, workbookTarget } from './fuzz/files.ts'
import { checkerTarget, childTarget, keeperTarget, logTarget } from './fuzz/messages.ts'
import { mutateText } from './fuzz/mutate.ts'
import { plainTargets, unbounded } from './fuzz/plain.ts'
import { belowOf, fuzz, usualBounds } from './fuzz/run.ts'
import type { Target } from './fuzz/target.ts'
import { httpTarget, sqlTarget, yamlTarget } from './fuzz/texts.ts'

/*
 * Whatever reads what others wrote is given inputs that were changed at random: good and bad ones of the cases, cut,
 * repeated and mixed. A value comes of each, or a refusal in our own words, soon and in little memory.
 */
const prove = process.env['SLUICE_PROVE'] !== undefined
const seed = process.env['SLUICE_SEED'] ?? '1'
const folder = testFolder()

const targets: Readonly<Record<string, () => Target | Promise<Target>>> = {
  'texts of SQL': sqlTarget,
  'YAML documents': yamlTarget,
  'bodies and queries of HTTP': httpTarget,
  'CSV files': () => csvTarget(folder),
  'files of JSON lines': () => jsonLinesTarget(folder),
  workbooks: () => workbookTarget(folder),
  'Parquet files': () => parquetTarget(folder),
  'messages to a checker': checkerTarget,
  'messages to the keeper': keeperTarget,
  'messages of broken children': childTarget,
  'exported logs': logTarget,
}

test.each(Object.entries(targets))(
  `%s give a value or a refusal in our own words (seed ${seed})`,
  async (name, open) => {
    const target = await open()
    onTestFinished(async () => target.close?.())
    const tries = target.tries[prove ? 1 : 0]
    await fuzz(target, { seed: `fuzz ${name} ${seed}`, tries })
    if (prove) process.stdout.write(`fuzz: ${name}: ${tries} tries, seed ${seed}\n`)
  },
  prove ? 3_600_000 : 60_000,
)

test.each(Object.entries(plainTargets))('it would be seen of %s', async (name, open) => {
  const target = await open(folder)
  onTestFinished(async () => target.close?.())
  const below = belowOf(`fuzz ${seed}`)
  let seen = 0
  for (let tried = 0; tried < 100; tried += 1) await target.attempt(below).catch(() => (seen += 1))
  expect(seen).toBeGreaterThan(0)
  if (prove) process.stdout.write(`fuzz: ${name}: seen in ${seen} of 100 tries\n`)
})

test.each([
  ['aliases that are followed', { ...usualBounds, cpuMs: 20 }, /CPU time/],
  ['inputs that are kept', { ...usualBounds, heldMb: 64 }, /memory/],
] as const)('a bound is seen to be passed by %s', async (name, bounds, words) => {
  const passed = fuzz(unbounded[name]!(), { seed, tries: 20, bounds })
  await expect(passed).rejects.toThrow(words)
})

test.each([
  ['of no catalogue', [{ code: 'query/nonsense', params: {} }]],
  ['that quotes the engine', [{ code: 'query/function', params: { name: 'Binder Error: x' } }]],
  ['that is none', []],
])('a refusal %s would be seen', (_, refusals) => {
  expect(() => expectKnown(refusals as never)).toThrow()
})

test('a name that the submitter did not write would be seen in a refusal', () => {
  const refusal = { code: 'query/unknown-column', params: { name: 'SECRET 91350100' } } as const
  expect(() => expectOurs([refusal], 'select x from tax')).toThrow()
  expectOurs([refusal], 'select "SECRET 91350100" from tax')
})

test('changed inputs are others, and the same seed makes the same', () => {
  const made = (name: string): string => {
    const below = belowOf(name)
    const more = { other: 'from tax', words: ['where'] }
    const texts = Array.from({ length: 200 }, () => mutateText('select 1', below, more))
    expect(new Set(texts).size).toBeGreaterThan(150)
    return texts.join()
  }
  expect(made('one')).toBe(made('one'))
  expect(made('one')).not.toBe(made('two'))
})
