import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import {
  createKeyring,
  openKeyring,
  type Keyring,
  type KeyringPaths,
} from '../../../sandbox/domain/keyring.ts'
import { testFolder } from '../../support/folder.ts'
import { testWorld } from '../../support/world.ts'

const folder = testFolder()
let world = testWorld()
let paths: KeyringPaths
let count = 0

beforeEach(() => {
  const home = join(folder, String((count += 1)))
  mkdirSync(home)
  paths = { keyFile: join(home, 'domain.key'), ringFile: join(home, 'keyring.json') }
  world = testWorld(home)
})

const created = (): Keyring => valueOf(createKeyring(paths, world))
const opened = (): Keyring => valueOf(openKeyring(paths, world))
const valueOf = (outcome: ReturnType<typeof openKeyring>): Keyring => {
  if (!outcome.ok) throw new Error(outcome.refusals[0]?.code)
  return outcome.value
}
const refusalOf = (outcome: ReturnType<typeof openKeyring>): string =>
  outcome.ok ? 'opened' : (outcome.refusals[0]?.code ?? '')

type Copy = { key: Buffer; ring: Buffer }
const copy = (): Copy => ({ key: readFileSync(paths.keyFile), ring: readFileSync(paths.ringFile) })
const put = ({ key, ring }: Copy): void => {
  writeFileSync(paths.keyFile, key, { mode: 0o600 })
  writeFileSync(paths.ringFile, ring, { mode: 0o600 })
}

test('a new domain has a key file and a ring that its owner alone can read, and none is written over', () => {
  created()
  for (const file of Object.values(paths)) expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(refusalOf(createKeyring(paths, world))).toBe('domain/exists')
})

test('a key is made once, kept, and the same after a restart; two identities have two keys', () => {
  const ring = created()
  const raw = ring.obtain('raw:v1')
  expect(raw).toHaveLength(32)
  expect(ring.obtain('raw:v1')).toEqual(raw)
  expect(ring.obtain('published:v1')).not.toEqual(raw)
  expect(opened().find('raw:v1')).toEqual(raw)
  expect(opened().identities()).toEqual(['published:v1', 'raw:v1'])
  expect(opened().generation()).toBe(3)
  expect(opened().find('raw:v2')).toBeUndefined()
})

test('keys that were made before are kept in one step, and none takes the place of another', () => {
  const ring = created()
  const [raw, other] = [world.randomBytes(32), world.randomBytes(32)]
  ring.keep(
    new Map([
      ['raw:v1', raw],
      ['published:v1', other],
    ]),
  )
  expect(ring.generation()).toBe(2)
  ring.keep(new Map([['raw:v1', raw]]))
  expect(ring.generation()).toBe(2)
  expect(() => ring.keep(new Map([['raw:v1', other]]))).toThrow('another key')
  ring.destroy(['raw:v1'])
  expect(() => ring.keep(new Map([['raw:v1', raw]]))).toThrow('destroyed')
  expect(opened().find('published:v1')).toEqual(other)
  expect(opened().identities()).toEqual(['published:v1'])
})

test('no key stands in the ring in clear', () => {
  const key = Buffer.from(created().obtain('raw:v1'))
  const ring = readFileSync(paths.ringFile)
  for (const form of [key, key.toString('base64'), key.toString('hex')])
    expect(ring.includes(form)).toBe(false)
})

test.each([
  ['others can read it', () => chmodSync(paths.keyFile, 0o640), 'domain/key-file-unsafe'],
  ['others can write it', () => chmodSync(paths.keyFile, 0o602), 'domain/key-file-unsafe'],
  [
    'it is a link',
    () => {
      renameSync(paths.keyFile, `${paths.keyFile}.real`)
      symlinkSync(`${paths.keyFile}.real`, paths.keyFile)
    },
    'domain/key-file-unsafe',
  ],
  [
    'it is a folder',
    () => {
      renameSync(paths.keyFile, `${paths.keyFile}.real`)
      mkdirSync(paths.keyFile)
    },
    'domain/key-file-unsafe',
  ],
  [
    'it is too short',
    () => writeFileSync(paths.keyFile, Buffer.alloc(31)),
    'domain/key-file-length',
  ],
  [
    'it is too long',
    () => writeFileSync(paths.keyFile, Buffer.alloc(33)),
    'domain/key-file-length',
  ],
  [
    'it is another key',
    () => writeFileSync(paths.keyFile, Buffer.alloc(32)),
    'domain/keyring-changed',
  ],
  [
    'it is gone',
    () => renameSync(paths.keyFile, `${paths.keyFile}.away`),
    'domain/key-file-missing',
  ],
  [
    'the ring is gone',
    () => renameSync(paths.ringFile, `${paths.ringFile}.away`),
    'domain/keyring-missing',
  ],
])('a key file is refused when %s', (_, spoil, code) => {
  created()
  spoil()
  expect(refusalOf(openKeyring(paths, world))).toBe(code)
})

test.skipIf(process.getuid?.() !== 0)('a key file of another user is refused', () => {
  created()
  chownSync(paths.keyFile, 12_345, 12_345)
  expect(refusalOf(openKeyring(paths, world))).toBe('domain/key-file-unsafe')
})

test('a ring in which anything was changed, moved, added or taken away does not open', () => {
  const ring = created()
  ring.obtain('a')
  ring.obtain('b')
  type Parsed = { generation: number; keys: Record<string, string>; destroyed: string[] }
  const changes: ((parsed: Parsed) => void)[] = [
    (parsed) => void (parsed.generation -= 1),
    (parsed) => void delete parsed.keys['a'],
    (parsed) => void (parsed.keys['c'] = parsed.keys['a']!),
    (parsed) => {
      const { a, b } = parsed.keys
      Object.assign(parsed.keys, { a: b, b: a })
    },
    (parsed) => void parsed.destroyed.push('a'),
    (parsed) => void Object.assign(parsed, { more: 1 }),
  ]
  const before = readFileSync(paths.ringFile, 'utf8')
  for (const change of changes) {
    const parsed = JSON.parse(before) as Parsed
    change(parsed)
    writeFileSync(paths.ringFile, JSON.stringify(parsed))
    expect(refusalOf(openKeyring(paths, world))).toBe('domain/keyring-changed')
  }
  writeFileSync(paths.ringFile, before.slice(0, -10))
  expect(refusalOf(openKeyring(paths, world))).toBe('domain/keyring-changed')
  writeFileSync(paths.ringFile, before)
  expect(refusalOf(openKeyring(paths, world))).toBe('opened')
})

test('a destroyed key is gone, the others stay, and its identity gets no second key (I11)', () => {
  const ring = created()
  ring.obtain('doomed')
  const kept = ring.obtain('kept')
  ring.destroy(['doomed', 'never there'])
  for (const state of [ring, opened()]) {
    expect(state.find('doomed')).toBeUndefined()
    expect(state.find('kept')).toEqual(kept)
    expect(() => state.obtain('doomed')).toThrow('destroyed')
  }
  expect(readdirSync(join(paths.keyFile, '..')).toSorted()).toEqual(['domain.key', 'keyring.json'])
})

test('a keyring from before a destruction does not bring the key back (I11)', () => {
  const ring = created()
  ring.obtain('doomed')
  const before = copy()
  ring.destroy(['doomed'])
  const after = copy()
  put({ ...after, ring: before.ring })
  expect(refusalOf(openKeyring(paths, world))).toBe('domain/keyring-changed')
  put({ ...after, key: before.key })
  expect(refusalOf(openKeyring(paths, world))).toBe('domain/keyring-changed')
  put(after)
  expect(opened().identities()).toEqual([])
})

test('a destruction cut short at any step is either not begun or finished at the next start (I12)', () => {
  const ring = created()
  ring.obtain('doomed')
  const kept = ring.obtain('kept')
  const before = copy()
  ring.destroy(['doomed'])
  const after = copy()
  const next = `${paths.keyFile}.next`
  const steps: [string, () => void, string[]][] = [
    ['the new key is written', () => put(before), ['doomed', 'kept']],
    ['the ring is replaced', () => put({ key: before.key, ring: after.ring }), ['kept']],
    [
      'the old key is overwritten',
      () => put({ key: Buffer.alloc(32), ring: after.ring }),
      ['kept'],
    ],
    [
      'the old key is unlinked',
      () => {
        put(after)
        renameSync(paths.keyFile, `${paths.keyFile}.away`)
      },
      ['kept'],
    ],
  ]
  for (const [, state, identities] of steps) {
    state()
    writeFileSync(next, after.key, { mode: 0o600 })
    const again = opened()
    expect(again.identities()).toEqual(identities)
    expect(again.find('kept')).toEqual(kept)
    expect(existsSync(next)).toBe(false)
    expect(refusalOf(openKeyring(paths, world))).toBe('opened')
  }
})
