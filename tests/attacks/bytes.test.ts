import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bytesToLookFor, markerOf } from '../../connectors/city/planted.ts'
import { need, policyName, seed } from '../support/domain.ts'
import { openInside, poolSaying, type Inside } from '../support/inside.ts'
import { finderOf, type Finder } from '../support/needles.ts'

/*
 * What somebody finds who has the disk: everything under a home after files came in, questions were answered, refused,
 * held and failed, and while the keeper still has its files open. The inbox is the departments' own and is left out.
 */
let inside: Inside
let rows: readonly (readonly string[])[]
let find: Finder
beforeAll(async () => {
  inside = await openInside()
  const inbox = join(inside.domain.home.folder, 'inbox')
  const lines = readFileSync(join(inbox, 'ent_registry.csv'), 'utf8').trim().split('\n')
  rows = lines.slice(1).map((line) => line.split(','))
  find = finderOf([...raw(), ...keys()])
})
afterAll(() => inside.close())

type Named = readonly [string, string | Uint8Array]

/** Every enterprise's code, name and address and its representative's number; the names of persons are too short to tell. */
const raw = (): readonly Named[] => [
  ...bytesToLookFor(seed).map((text): Named => [`planted ${text}`, text]),
  ...rows.flatMap(([uscc = '', name = '', , person = '', address = '']): readonly Named[] => [
    ['a code', uscc],
    ['a name', name],
    ["a person's number", person],
    ['an address', address],
  ]),
]

/** The domain key may stand in its own file alone, every other key nowhere. */
const keys = (): readonly Named[] => {
  const { keyring, home } = inside.domain
  const ring = keyring
    .identities()
    .map((identity): Named => [`key ${identity}`, keyring.find(identity)!])
  const accounts = Object.entries(inside.keys).map(([who, key]): Named => [
    `api key of ${who}`,
    key,
  ])
  return [['domain key', readFileSync(home.keyFile)], ...ring, ...accounts]
}

const isOwn = (path: string): boolean => path.startsWith('inbox/') || path === 'keys/domain.key'

const files = (): readonly (readonly [string, Buffer])[] => {
  const { folder } = inside.domain.home
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).flatMap((name) => {
    const path = join(folder, name)
    try {
      return statSync(path).isFile() ? [[relative(folder, path), readFileSync(path)] as const] : []
    } catch {
      return []
    }
  })
}

const foundAtRest = (): readonly string[] =>
  files()
    .filter(([path]) => !isOwn(path))
    .flatMap(([path, bytes]) =>
      [...find(bytes), ...find(Buffer.from(path))].map((what) => `${what} in ${path}`),
    )

describe('under a home', () => {
  test('nothing is found once files came in (S1-48d)', () => {
    expect(files().filter(([path]) => !isOwn(path)).length).toBeGreaterThan(8)
    expect(foundAtRest()).toEqual([])
  })

  test('nothing is found after questions were answered, refused, held, and failed', async () => {
    const marker = markerOf(seed)
    const [uscc = ''] = rows[0]!
    await inside.ask({ sql: 'select district, count(*) from ent_registry group by district' })
    await inside.ask({ sql: 'select name from ent_registry' })
    const settings = { ...inside.domain.settings, failureMs: 100 }
    const held = await inside.ask(
      { sql: 'select district, count(*) from ent_registry group by district', door: 'people' },
      { settings },
    )
    expect(held.state).toBe('held')
    for (const answer of [
      { answer: 'failure', fault: `${uscc} ${marker}` },
      {
        answer: 'tables',
        tables: [{ columns: [], rows: [[uscc]] }],
        evidence: null,
        facts: { openMs: 0, stages: [], peakMb: 0 },
      },
    ])
      await inside.ask(
        { sql: 'select count(*) from ent_registry' },
        { runners: poolSaying(() => answer), settings },
      )
    await inside.ask(
      { sql: 'select 1' },
      { checkers: poolSaying(() => ({ answer: 'refusals', refusals: [{ code: uscc }] })) },
    )
    expect(foundAtRest()).toEqual([])
  })

  test('nothing is found while a file comes in, nor after it was refused', async () => {
    const seen = new Set<string>()
    const look = (): void => foundAtRest().forEach((what) => seen.add(what))
    const ingest = async (file: string): Promise<boolean> => {
      const input = { dataset: 'ent_registry', policy: policyName, file }
      const watch = setInterval(look, 30)
      const outcome = await inside.call(inside.keys.operator, 'dataset/ingest', input)
      clearInterval(watch)
      return outcome.ok
    }
    const good = await ingest('ent_registry.csv')
    const wrong = await ingest('tax_declaration.csv')
    expect([good, wrong]).toEqual([true, false])
    expect([...seen]).toEqual([])
    find = finderOf([...raw(), ...keys()])
    expect(foundAtRest()).toEqual([])
  })

  test('nothing of it is in the exported log', async () => {
    const { lines } = need(await inside.call(inside.keys.supervisor, 'log/export', { from: 0 }))
    expect(find(Buffer.from(lines.join('\n')))).toEqual([])
  })
})

describe('the search', () => {
  test('finds a department’s file', () => {
    const inbox = files().find(([path]) => path === 'inbox/ent_registry.csv')!
    expect(find(inbox[1]).filter((what) => what.startsWith('planted')).length).toBeGreaterThan(50)
    expect(find(readFileSync(inside.domain.home.keyFile))).toEqual(['domain key'])
  })

  test('finds every form of what it looks for', () => {
    const [code = ''] = rows[5]!
    const look = finderOf([['code', code]])
    const wide = Buffer.from(code, 'utf16le')
    const forms = [
      Buffer.from(code),
      wide,
      Buffer.from(wide).swap16(),
      Buffer.from(Buffer.from(code).toString('hex')),
      Buffer.from(Buffer.from(code).toString('hex').toUpperCase()),
      ...['', 'x', 'xy', 'xyz'].map((before) =>
        Buffer.from(Buffer.from(`${before}${code}?>`).toString('base64')),
      ),
      Buffer.from(Buffer.from(`ÿ${code}`).toString('base64url')),
    ]
    for (const form of forms)
      expect(look(Buffer.concat([Buffer.alloc(7, 1), form, Buffer.alloc(3)]))).toEqual(['code'])
    expect(look(Buffer.from(code.slice(0, -1)))).toEqual([])
  })
})
