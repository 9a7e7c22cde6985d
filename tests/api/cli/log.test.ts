import { readFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { accepted } from '../../../policies/outcome.ts'
import {
  formatVerifier,
  signCheckpoint,
  signerOf,
  verifierOf,
} from '../../../sandbox/log/checkpoint.ts'
import { appendLeaf, emptyEdge, leafHash, rootOf } from '../../../sandbox/log/tree.ts'
import { cliAs } from '../../support/cli.ts'
import { digest, fakeDoor } from '../../support/door.ts'

const entry = JSON.stringify({
  actor: { account: 'li-na', organisation: 'harbour-bank', role: 'analyst' },
  detail: {},
  event: 'submission/received',
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
  ['index', { index: 1, size: 2 }],
  ['size', { size: 2 }],
])('a proof with another %s fails with 8', async ([, change]) => {
  const door = fakeDoor({ 'log/prove': () => accepted({ ...inclusion, ...change }) })
  const ran = await cliAs('analyst', door)('log', 'prove', '0', '--verifier', verifier)
  expect(ran.exit).toBe(8)
  expect(ran.out).toBe('')
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

test('an export is fetched page by page into one file', async () => {
  const door = fakeDoor({
    'log/export': ({ from }) =>
      accepted(from === 0 ? { lines: ['a', 'b'], next: 2 } : { lines: ['c'] }),
  })
  const folder = mkdtempSync(join(tmpdir(), 'sluice-log-'))
  const path = join(folder, 'log.txt')
  expect((await cliAs('supervisor', door)('log', 'export', '-o', path)).exit).toBe(0)
  expect(readFileSync(path, 'utf8')).toBe('a\nb\nc\n')
  rmSync(folder, { recursive: true })
  const stuck = fakeDoor({ 'log/export': () => accepted({ lines: ['a'], next: 0 }) })
  expect((await cliAs('supervisor', stuck)('log', 'export')).exit).toBe(1)
})
