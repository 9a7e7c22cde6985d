import {
  chmodSync,
  chownSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Outcome } from '../../../policies/outcome.ts'
import { custodyOf, domainKeySchema, type Custody } from '../../../sandbox/domain/custody.ts'
import {
  createKeyring,
  openKeyring,
  type Keyring,
  type KeyringPaths,
} from '../../../sandbox/domain/keyring.ts'
import { suiteNames, type SuiteName } from '../../../sandbox/log/suite-name.ts'
import { suites } from '../../../sandbox/log/suite.ts'
import { testFolder } from '../../support/folder.ts'
import { testWorld } from '../../support/world.ts'

const folder = testFolder()
let home: string
let paths: KeyringPaths
let world = testWorld()
let count = 0

beforeEach(() => {
  home = join(folder, `custody ${(count += 1)}`)
  mkdirSync(home)
  paths = { keyFile: join(home, 'domain.key'), ringFile: join(home, 'keyring.json') }
  world = testWorld(home)
})

const codeOf = (outcome: Outcome<unknown>): string =>
  outcome.ok ? 'opened' : (outcome.refusals[0]?.code ?? '')
const ringOf = (outcome: Outcome<Keyring>): Keyring => {
  if (!outcome.ok) throw new Error(codeOf(outcome))
  return outcome.value
}

const outside = Buffer.alloc(32, 5).toString('base64')
const fromEnvironment = (key?: string, previous?: string): Custody =>
  custodyOf({ source: 'environment' }, world, {
    ...(key !== undefined && { SLUICE_DOMAIN_KEY: key }),
    ...(previous !== undefined && { SLUICE_DOMAIN_KEY_PREVIOUS: previous }),
  })

/** Stands for a device: keeps what it is given in a folder of its own, and answers a name for it. It notes its words. */
const device = (): string => {
  const program = join(home, 'device')
  const safe = join(home, 'safe')
  mkdirSync(safe)
  writeFileSync(
    program,
    `#!/bin/sh
PATH=/usr/bin:/bin
echo "$@" >> '${home}/words'
read -r line
case "$2" in
wrap) name=slot-$(ls '${safe}' | wc -l | tr -d ' '); echo "$line" > '${safe}'/"$name"; echo "$name" ;;
unwrap) cat '${safe}'/"$line" ;;
esac
`,
    { mode: 0o700 },
  )
  return program
}
const fromCommand = (program: string): Custody =>
  custodyOf({ source: 'command', command: [program, '--slot=7'] }, world, {})

const custodies: [string, () => Custody][] = [
  ['file', () => custodyOf({ source: 'file' }, world, {})],
  ['environment', () => fromEnvironment(outside)],
  ['command', () => fromCommand(device())],
]

describe.each(
  custodies.flatMap(([name, make]) => suiteNames.map((suite) => [name, suite, make] as const)),
)('a domain key kept by %s, suite %s', (name, suite: SuiteName, make) => {
  test('opens the ring again, and is replaced at a destruction that no old ring undoes (I11)', () => {
    const custody = make()
    const ring = ringOf(createKeyring(paths, world, { suite, custody }))
    ring.obtain('doomed')
    const kept = ring.obtain('kept')
    const before = { key: readFileSync(paths.keyFile), ring: readFileSync(paths.ringFile) }
    expect(ringOf(openKeyring(paths, world, custody)).find('kept')).toEqual(kept)
    expect(ring.destroy(['doomed']).ok).toBe(true)
    expect(readFileSync(paths.keyFile).equals(before.key)).toBe(false)
    const after = ringOf(openKeyring(paths, world, custody))
    expect(after.find('doomed')).toBeUndefined()
    expect(after.find('kept')).toEqual(kept)
    writeFileSync(paths.ringFile, before.ring)
    expect(codeOf(openKeyring(paths, world, custody))).toBe('domain/keyring-changed')
  })

  test.skipIf(name === 'file')('does not stand in its key file', () => {
    const custody = make()
    const ring = ringOf(createKeyring(paths, world, { suite, custody }))
    ring.obtain('a')
    const stored = readFileSync(paths.keyFile)
    const opened = custody.unwrap(suites[suite], stored)
    if (!opened.ok) throw new Error(codeOf(opened))
    const key = Buffer.from(opened.value.key)
    for (const form of [key, key.toString('base64'), key.toString('hex')])
      expect(stored.includes(form)).toBe(false)
    expect(codeOf(openKeyring(paths, world))).not.toBe('opened')
  })

  test.each([0o640, 0o604, 0o666])('is refused where the mode of its file is %o', (mode) => {
    const custody = make()
    createKeyring(paths, world, { suite, custody })
    chmodSync(paths.keyFile, mode)
    expect(codeOf(openKeyring(paths, world, custody))).toBe('domain/key-file-unsafe')
  })
})

describe('a key in the environment', () => {
  test.each([
    ['absent', undefined],
    ['empty', ''],
    ['of 31 bytes', Buffer.alloc(31).toString('base64')],
    ['in hexadecimal', 'ab'.repeat(32)],
    ['with a space', ` ${outside}`],
  ])('that is %s is refused, and no home is made with it', (_, key) => {
    const custody = fromEnvironment(key)
    expect(codeOf(createKeyring(paths, world, { custody }))).toBe('domain/key-environment')
    createKeyring(paths, world, { custody: fromEnvironment(outside) })
    expect(codeOf(openKeyring(paths, world, custody))).toBe('domain/key-environment')
  })

  test('is exchanged for another when the one before is given beside it, once', () => {
    const ring = ringOf(createKeyring(paths, world, { custody: fromEnvironment(outside) }))
    const kept = ring.obtain('kept')
    const next = Buffer.alloc(32, 6).toString('base64')
    expect(codeOf(openKeyring(paths, world, fromEnvironment(next)))).toBe('domain/key-other')
    const exchanged = ringOf(openKeyring(paths, world, fromEnvironment(next, outside)))
    expect(exchanged.find('kept')).toEqual(kept)
    expect(ringOf(openKeyring(paths, world, fromEnvironment(next))).find('kept')).toEqual(kept)
    expect(codeOf(openKeyring(paths, world, fromEnvironment(outside)))).toBe('domain/key-other')
  })
})

describe('a command that keeps the key', () => {
  test('is given the key on its input and never among its words', () => {
    const program = device()
    const custody = fromCommand(program)
    const ring = ringOf(createKeyring(paths, world, { custody }))
    ring.obtain('doomed')
    ring.destroy(['doomed'])
    openKeyring(paths, world, custody)
    const words = readFileSync(join(home, 'words'), 'utf8').trim().split('\n')
    expect(words).toEqual(['--slot=7 wrap', '--slot=7 wrap', '--slot=7 unwrap'])
  })

  test.each<[string, (program: string) => void]>([
    ['others can write it', (program) => chmodSync(program, 0o702)],
    ['its group can write it', (program) => chmodSync(program, 0o720)],
    ['it may not be run', (program) => chmodSync(program, 0o600)],
    ['it fails', (program) => writeFileSync(program, '#!/bin/sh\nexit 1\n')],
    ['it says nothing', (program) => writeFileSync(program, '#!/bin/sh\nexit 0\n')],
    ['it says no key', (program) => writeFileSync(program, '#!/bin/sh\necho key\n')],
    [
      'it never ends to speak',
      (program) => writeFileSync(program, '#!/bin/sh\nexec /usr/bin/yes\n'),
    ],
  ])('is refused where %s', (_, spoil) => {
    const program = device()
    const custody = fromCommand(program)
    createKeyring(paths, world, { custody })
    spoil(program)
    expect(codeOf(openKeyring(paths, world, custody))).toBe('domain/key-command')
  })

  test('is refused where it is a link, and where it is not there', () => {
    const program = device()
    const link = join(home, 'link')
    symlinkSync(program, link)
    for (const path of [link, join(home, 'none')]) {
      const custody = fromCommand(path)
      expect(codeOf(createKeyring(paths, world, { custody }))).toBe('domain/key-command')
    }
  })

  test.skipIf(process.getuid?.() !== 0)('is refused where another user owns it', () => {
    const program = device()
    chownSync(program, 12_345, 12_345)
    const custody = fromCommand(program)
    expect(codeOf(createKeyring(paths, world, { custody }))).toBe('domain/key-command')
  })

  test('that fails at a destruction leaves everything as it was', () => {
    const program = device()
    const ring = ringOf(createKeyring(paths, world, { custody: fromCommand(program) }))
    const doomed = ring.obtain('doomed')
    copyFileSync(program, `${program}.kept`)
    writeFileSync(program, '#!/bin/sh\nexit 1\n')
    expect(codeOf(ring.destroy(['doomed']))).toBe('domain/key-command')
    expect(ring.find('doomed')).toEqual(doomed)
    copyFileSync(`${program}.kept`, program)
    const again = ringOf(openKeyring(paths, world, fromCommand(program)))
    expect(again.find('doomed')).toEqual(doomed)
  })
})

test.each([
  { source: 'file', path: 'keys/domain.key' },
  { source: 'command', command: [] },
  { source: 'command', command: ['hsm'] },
  { source: 'command', command: '/bin/sh' },
  { source: 'argument', key: outside },
  { source: 'environment', key: outside },
])('settings refuse %j', (kept) => {
  expect(domainKeySchema.safeParse(kept).success).toBe(false)
})
