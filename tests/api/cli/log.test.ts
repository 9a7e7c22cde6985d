import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { accepted, refused } from '../../../policies/outcome.ts'
import { refuse } from '../../../policies/refusal.ts'
import {
  formatVerifier,
  signCheckpoint,
  signerOf,
  verifierOf,
} from '../../../sandbox/log/checkpoint.ts'
import { checkpointLine, entryLine, headerLine } from '../../../sandbox/log/export.ts'
import { appendLeaf, emptyEdge, leafHash, rootOf } from '../../../sandbox/log/tree.ts'
import { cliAs } from '../../support/cli.ts'
import { digest, fakeDoor } from '../../support/door.ts'

const entry = JSON.stringify({
  actor: { account: 'li-na', organisation: 'harbour-bank', role: 'analyst' },
  detail: {},
  event: 'submission/received',
  salt: '5a17'.repeat(8),
  seq: 0,
  subject: { id: '7', type: 'submission' },
  timeMs: 1_700_000_000_000,
})
const signer = signerOf('sluice.test', new Uint8Array(32).fill(7))
const verifier = formatVerifier(verifierOf(signer))
const { edge } = appendLeaf(emptyEdge, leafHash(Buffer.from(entry)))
const checkpoint = signCheckpoint(signer, { size: 1, root: rootOf(edge) })
const inclusion = { index: 0, size: 1, path: [], entry, checkpoint }

test('the proof of an entry is verified here, under the key that was given', async () => {
  const door = fakeDoor({ 'log/prove': () => accepted(inclusion) })
  const ran = await cliAs('analyst', door)('log', 'prove', '0', '--verifier', verifier)
  expect(ran).toEqual({ exit: 0, out: `${entry}\n`, err: 'entry 0 is in the log of 1 entries\n' })
  const other = formatVerifier(verifierOf(signerOf('sluice.test', new Uint8Array(32).fill(8))))
  expect((await cliAs('analyst', door)('log', 'prove', '0', '--verifier', other)).exit).toBe(8)
  expect((await cliAs('analyst', door)('log', 'prove', '0', '--verifier', 'none')).exit).toBe(2)
})

test.for<[string, object]>([
  ['entry', { entry: entry.replace('li-na', 'wu-na') }],
  ['path', { path: [digest] }],
  ['checkpoint', { checkpoint: checkpoint.replace('\n1\n', '\n2\n') }],
])('a proof with another %s fails with 8', async ([, change]) => {
  const door = fakeDoor({ 'log/prove': () => accepted({ ...inclusion, ...change }) })
  const ran = await cliAs('analyst', door)('log', 'prove', '0', '--verifier', verifier)
  expect(ran.exit).toBe(8)
  expect(ran.out).toBe('')
})

test('a true proof of another entry than the one asked for fails with 8', async () => {
  const other = leafHash(Buffer.from(entry.replace('li-na', 'wu-na')))
  const grown = appendLeaf(edge, other).edge
  const note = signCheckpoint(signer, { size: 2, root: rootOf(grown) })
  const path = [Buffer.from(other).toString('hex')]
  const door = fakeDoor({
    'log/prove': () => accepted({ ...inclusion, size: 2, path, checkpoint: note }),
  })
  const prove = async (index: string) =>
    cliAs('analyst', door)('log', 'prove', index, '--verifier', verifier)
  expect((await prove('0')).exit).toBe(0)
  expect((await prove('1')).exit).toBe(8)
})

const second = entry.replace('li-na', 'wu-na').replace('"seq":0', '"seq":1')
const two = appendLeaf(edge, leafHash(Buffer.from(second))).edge
const twoNote = signCheckpoint(signer, { size: 2, root: rootOf(two) })
const beside = Buffer.from(leafHash(Buffer.from(second))).toString('hex')
/** A log of two entries, asked for the first in the log of one, and for its growth from there. */
const grown = (change: { inclusion?: object; path?: readonly string[] } = {}) =>
  fakeDoor({
    'log/checkpoint': () => accepted({ checkpoint: twoNote, verifier }),
    'log/prove': () => accepted({ ...inclusion, checkpoint: twoNote, ...change.inclusion }),
    'log/consistency': ({ from }) =>
      accepted({ from, path: [...(change.path ?? [beside])], checkpoint: twoNote }),
  })
const inFolder = async (work: (folder: string) => Promise<void>): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-log-'))
  await work(folder).finally(() => rmSync(folder, { recursive: true }))
}

describe('an entry is proven in the log as it was', () => {
  const prove = (door: ReturnType<typeof fakeDoor>, ...more: readonly string[]) =>
    cliAs('analyst', door)('log', 'prove', '0', '--verifier', verifier, ...more)

  test('when it had so many entries, which are the beginning of what is signed now', async () => {
    const door = grown()
    expect(await prove(door, '--size', '1')).toEqual({
      exit: 0,
      out: `${entry}\n`,
      err: 'entry 0 is in the log of 1 entries\n',
    })
    expect(door.calls.map(({ input }) => input)).toEqual([{ index: 0, size: 1 }, { from: 1 }])
  })

  test.for<[string, Parameters<typeof grown>[0]]>([
    ['another entry', { inclusion: { entry: second } }],
    ['a path too long', { inclusion: { path: [beside] } }],
    ['growth from another log', { path: [digest] }],
    ['no growth', { path: [] }],
  ])('but not with %s: exit 8', async ([, change]) => {
    expect(await prove(grown(change), '--size', '1')).toMatchObject({ exit: 8, out: '' })
  })

  test('unless the log never had so many: a wrong use, and not a log that was taken back', async () => {
    const door = fakeDoor({
      'log/prove': () => refused(refuse('log/shorter', { size: 2, known: 9 })),
    })
    expect(await prove(door, '--size', '9')).toMatchObject({
      exit: 2,
      err: 'the log has fewer entries than that\n',
    })
  })

  test('at a checkpoint that was kept, whatever the server signs now', () =>
    inFolder(async (folder) => {
      const path = join(folder, 'kept')
      writeFileSync(path, checkpoint)
      const door = grown({ inclusion: { checkpoint: 'nothing' } })
      expect((await prove(door, '--checkpoint', path)).exit).toBe(0)
      expect(door.calls.map(({ input }) => input)).toEqual([{ index: 0, size: 1 }])
      const other = grown({ inclusion: { entry: second } })
      expect((await prove(other, '--checkpoint', path)).exit).toBe(8)
      writeFileSync(path, checkpoint.replace('\n1\n', '\n2\n'))
      expect((await prove(door, '--checkpoint', path)).exit).toBe(8)
    }))

  test.for([
    ['--size', '0'],
    ['--size', 'all'],
    ['--size', '1', '--checkpoint', 'kept'],
  ])('%j is a wrong use', async (more) => {
    expect((await prove(grown(), ...more)).exit).toBe(2)
  })
})

describe('a checkpoint is kept', () => {
  const keep = (path: string, door: ReturnType<typeof fakeDoor>) =>
    cliAs('supervisor', door)('log', 'consistency', path, '--keep', '--verifier', verifier)

  test('the first as it comes, the next once it is proven to go on from it', () =>
    inFolder(async (folder) => {
      const path = join(folder, 'kept')
      const first = fakeDoor({ 'log/checkpoint': () => accepted({ checkpoint, verifier }) })
      expect(await keep(path, first)).toMatchObject({
        exit: 0,
        err: `${path} keeps the checkpoint of 1 entries; nothing before it was known\n`,
      })
      expect(readFileSync(path, 'utf8')).toBe(checkpoint)
      expect((await keep(path, grown())).exit).toBe(0)
      expect(readFileSync(path, 'utf8')).toBe(twoNote)
      expect(readdirSync(folder)).toEqual(['kept'])
    }))

  test('and stays where the log was taken back, rewritten, or is signed by another key', () =>
    inFolder(async (folder) => {
      const path = join(folder, 'kept')
      writeFileSync(path, twoNote)
      const back = fakeDoor({
        'log/consistency': () => accepted({ from: 2, path: [], checkpoint }),
      })
      expect(await keep(path, back)).toMatchObject({
        exit: 8,
        err: expect.stringMatching(/^log\/shorter/) as unknown,
      })
      writeFileSync(path, checkpoint)
      expect(await keep(path, grown({ path: [digest] }))).toMatchObject({
        exit: 8,
        err: expect.stringMatching(/^log\/forked/) as unknown,
      })
      const other = signerOf('sluice.test', new Uint8Array(32).fill(8))
      const note = signCheckpoint(other, { size: 2, root: rootOf(two) })
      const unsigned = fakeDoor({
        'log/checkpoint': () => accepted({ checkpoint: note, verifier }),
        'log/consistency': () => accepted({ from: 1, path: [beside], checkpoint: note }),
      })
      expect((await keep(path, unsigned)).exit).toBe(8)
      expect(readFileSync(path, 'utf8')).toBe(checkpoint)
      expect((await keep(join(folder, 'new'), unsigned)).exit).toBe(8)
      expect(readdirSync(folder)).toEqual(['kept'])
    }))
})

test('an export is verified here, without a server, and the changed entry is named', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-log-'))
  const path = join(folder, 'log.jsonl')
  const lines = [
    headerLine(verifierOf(signer), 1),
    entryLine(entry, leafHash(Buffer.from(entry))),
    checkpointLine(checkpoint),
  ]
  const verify = async () =>
    cliAs('analyst', fakeDoor(), { SLUICE_KEY: '' })('log', 'verify', path, '--verifier', verifier)
  writeFileSync(path, lines.map((line) => `${line}\n`).join(''))
  expect(await verify()).toMatchObject({
    exit: 0,
    out: expect.stringMatching(/^1 {2}[0-9a-f]{64}\n$/) as unknown,
  })
  writeFileSync(
    path,
    lines
      .map((line) => `${line}\n`)
      .join('')
      .replace('li-na', 'li-no'),
  )
  const noKey = await cliAs('analyst')('log', 'verify', path, '--verifier', path)
  expect(noKey).toMatchObject({ exit: 2, err: '--verifier is not a verifier key\n' })
  const ran = await verify()
  expect(ran.exit).toBe(8)
  expect(ran.err).toMatch(/^log\/entry-changed: entry 0 on line 2/)
  rmSync(folder, { recursive: true })
})

test('tail shows the last entries, by the size that the checkpoint states', async () => {
  const door = fakeDoor({
    'log/checkpoint': () => accepted({ checkpoint: 'sluice.test\n120\nx\n', verifier }),
    'log/list': () => accepted({ entries: [{ index: 119, entry, leafHash: digest }] }),
  })
  const ran = await cliAs('supervisor', door)('log', 'tail', '-n', '5')
  expect(ran.out).toMatch(
    /119 {2}2023-11-14 22:13:20 {2}submission\/received {2}li-na@harbour-bank {2}submission 7/,
  )
  expect(door.calls.at(-1)?.input).toEqual({ cursor: 115, limit: 5 })
})

test('an export is fetched page by page, of the size the first page states, into one file', async () => {
  const header = headerLine(verifierOf(signer), 3)
  const door = fakeDoor({
    'log/export': ({ from }) =>
      accepted(from === 0 ? { lines: [header, 'b'], next: 2 } : { lines: ['c'] }),
  })
  const folder = mkdtempSync(join(tmpdir(), 'sluice-log-'))
  const path = join(folder, 'log.txt')
  expect((await cliAs('supervisor', door)('log', 'export', '-o', path)).exit).toBe(0)
  expect(readFileSync(path, 'utf8')).toBe(`${header}\nb\nc\n`)
  rmSync(folder, { recursive: true })
  expect(door.calls.map(({ input }) => input)).toEqual([{ from: 0 }, { from: 2, size: 3 }])
  const stuck = fakeDoor({ 'log/export': () => accepted({ lines: [header], next: 0 }) })
  expect((await cliAs('supervisor', stuck)('log', 'export')).exit).toBe(1)
})

describe('a checkpoint that was kept', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-log-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const grown = appendLeaf(edge, leafHash(Buffer.from('two'))).edge
  const kept = join(folder, 'kept.txt')
  writeFileSync(kept, checkpoint)
  const noteOf = (size: number, root: Uint8Array) => signCheckpoint(signer, { size, root })
  const path = [leafHash(Buffer.from('two'))].map((hash) => Buffer.from(hash).toString('hex'))
  const consistency = async (note: string, proof: string[] = path, file = kept) => {
    const door = fakeDoor({
      'log/consistency': ({ from }) => accepted({ from, path: proof, checkpoint: note }),
    })
    return cliAs('analyst', door)('log', 'consistency', file, '--verifier', verifier)
  }

  test('is proven to be the beginning of the log', async () => {
    const note = noteOf(2, rootOf(grown))
    expect(await consistency(note)).toEqual({
      exit: 0,
      out: note,
      err: 'the log begins with the 1 entries of that checkpoint\n',
    })
  })

  test.each([
    ['of another log', noteOf(2, leafHash(Buffer.of(1))), path, 'log/forked'],
    ['with a proof cut short', noteOf(2, rootOf(grown)), [], 'log/forked'],
    ['that is smaller', noteOf(0, rootOf(emptyEdge)), [], 'log/shorter'],
    ['of another key', checkpoint.replace('\n1\n', '\n2\n'), path, 'log/not-signed'],
  ])('shows a head %s', async (_, note, proof, code) => {
    const ran = await consistency(note, proof)
    expect(ran).toMatchObject({ exit: 8, out: '' })
    expect(ran.err).toContain(`${code}: `)
  })

  test('is refused where this key did not sign it, and where it cannot be read', async () => {
    const other = join(folder, 'other.txt')
    writeFileSync(other, checkpoint.replace('\n1\n', '\n3\n'))
    expect((await consistency(checkpoint, [], other)).err).toContain('log/not-signed')
    expect((await consistency(checkpoint, [], join(folder, 'none'))).exit).toBe(2)
  })

  test('must be met by an export', async () => {
    const file = join(folder, 'log.jsonl')
    const lines = [
      headerLine(verifierOf(signer), 1),
      entryLine(entry, leafHash(Buffer.from(entry))),
      checkpointLine(checkpoint),
    ]
    writeFileSync(file, lines.map((line) => `${line}\n`).join(''))
    const verify = async (note: string) => {
      writeFileSync(kept, note)
      const args = ['log', 'verify', file, '--verifier', verifier, '--checkpoint', kept]
      return cliAs('analyst', fakeDoor())(...args)
    }
    for (const note of [checkpoint, noteOf(0, rootOf(emptyEdge))])
      expect((await verify(note)).exit).toBe(0)
    const forked = await verify(noteOf(1, leafHash(Buffer.of(1))))
    expect(forked).toMatchObject({ exit: 8, err: expect.stringContaining('log/forked') as unknown })
    const back = await verify(noteOf(2, rootOf(grown)))
    expect(back).toMatchObject({ exit: 8, err: expect.stringContaining('log/shorter') as unknown })
  })
})

test('the key is printed as the server says it', async () => {
  const door = fakeDoor({ 'log/checkpoint': () => accepted({ checkpoint, verifier }) })
  expect(await cliAs('analyst', door)('log', 'key')).toMatchObject({
    exit: 0,
    out: `${verifier}\n`,
  })
})
