import { readFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { accepted } from '../../../policies/outcome.ts'
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
