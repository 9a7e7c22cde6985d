import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { canonicalJson } from '../../../policies/canonical.ts'
import {
  formatVerifier,
  signCheckpoint,
  signerOf,
  verifierOf,
} from '../../../sandbox/log/checkpoint.ts'
import { entryBytes, type Entry } from '../../../sandbox/log/entry.ts'
import { checkpointLine, entryLine, headerLine } from '../../../sandbox/log/export.ts'
import { verifyExport, verifyExportFile } from '../../../sandbox/log/verify.ts'
import { appendLeaf, emptyEdge, leafHash, rootOf } from '../../../sandbox/log/tree.ts'
import { draft, temporaryFolder, testSigner } from '../../support/state.ts'

const key = formatVerifier(verifierOf(testSigner))

const entry = (seq: number, more: Partial<Entry> = {}): Entry => ({
  ...draft(`entry ${seq}`, { detail: { note: '数闸 "a"' } }),
  salt: '5a17'.repeat(8),
  seq,
  timeMs: 1000 + seq,
  ...more,
})

/** The lines of an export of these entries, with a checkpoint after each of the sizes in `signed`. */
const linesOf = (
  entries: readonly Entry[],
  signed: readonly number[] = [],
  signer = testSigner,
) => {
  const lines = [headerLine(verifierOf(signer), entries.length)]
  let edge = emptyEdge
  const sign = () => checkpointLine(signCheckpoint(signer, { size: edge.size, root: rootOf(edge) }))
  for (const each of entries) {
    const body = Buffer.from(entryBytes(each)).toString()
    const leaf = leafHash(Buffer.from(body))
    lines.push(entryLine(body, leaf))
    edge = appendLeaf(edge, leaf).edge
    if (signed.includes(edge.size)) lines.push(sign())
  }
  return [...lines, sign()]
}

const twelve = Array.from({ length: 12 }, (_, seq) => entry(seq))
/** Line 1 is the header, 2 to 5 are entries 0 to 3, 6 is a checkpoint, 7 to 14 are entries 4 to 11, 15 the last. */
const good = linesOf(twelve, [4])

const verify = async (lines: readonly string[] | string, verifier = key) => {
  const text = typeof lines === 'string' ? lines : lines.map((line) => `${line}\n`).join('')
  const outcome = await verifyExport([Buffer.from(text)], verifier)
  return outcome.ok
    ? outcome.value
    : { code: outcome.refusals[0]?.code, ...outcome.refusals[0]?.params }
}

describe('an exported log', () => {
  test('that is whole is verified from the public key alone', async () => {
    expect(await verify(good)).toMatchObject({
      origin: testSigner.name,
      size: 12,
      firstMs: 1000,
      lastMs: 1011,
    })
    expect(await verify(linesOf([]))).toMatchObject({ size: 0, firstMs: undefined })
  })

  test('is verified however its bytes come in pieces', async () => {
    const bytes = Buffer.from(good.map((line) => `${line}\n`).join(''))
    for (const size of [1, 7, 100, 1000]) {
      const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
        bytes.subarray(index * size, (index + 1) * size),
      )
      expect((await verifyExport(pieces, key)).ok).toBe(true)
    }
  })

  test('is verified from a file', async () => {
    const folder = temporaryFolder()
    const path = join(folder, 'log.jsonl')
    writeFileSync(path, good.map((line) => `${line}\n`).join(''))
    expect(await verifyExportFile(path, key)).toMatchObject({ value: { size: 12 } })
    rmSync(folder, { recursive: true })
  })

  test('with any one byte changed is refused', async () => {
    const bytes = Buffer.from(good.map((line) => `${line}\n`).join(''))
    for (let at = 0; at < bytes.length; at += 1) {
      const changed = Buffer.from(bytes)
      changed[at] = changed[at]! ^ 1
      expect((await verifyExport([changed], key)).ok, `at ${at}`).toBe(false)
    }
  })

  test('with a byte of an entry changed is refused at that entry, the first of several (S1-12g)', async () => {
    for (let seq = 0; seq < 12; seq += 1) {
      const line = seq + (seq < 4 ? 2 : 3)
      const changed = good.map((text, at) =>
        at >= line - 1 ? text.replace('"entry ', '"Entry ') : text,
      )
      expect(await verify(changed)).toEqual({ code: 'log/entry-changed', seq, line })
    }
  })

  test('with an entry and its leaf rewritten is refused, between the two checkpoints around it', async () => {
    const rewritten = twelve.with(6, entry(6, { event: 'log/exported' }))
    const lines = good.with(8, linesOf(rewritten)[7]!)
    expect(await verify(lines)).toEqual({ code: 'log/rewritten', line: 15, from: 4, size: 12 })
    const early = good.with(2, linesOf(twelve.with(1, entry(1, { event: 'log/exported' })))[2]!)
    expect(await verify(early)).toEqual({ code: 'log/rewritten', line: 6, from: 0, size: 4 })
  })

  test.each([
    [
      'without an entry',
      good.toSpliced(7, 1),
      { code: 'log/out-of-place', line: 8, seq: 5, found: 6 },
    ],
    [
      'with an entry twice',
      good.toSpliced(7, 0, good[7]!),
      { code: 'log/out-of-place', line: 9, seq: 6, found: 5 },
    ],
    [
      'with two entries swapped',
      good.with(7, good[8]!).with(8, good[7]!),
      { code: 'log/out-of-place', line: 8, seq: 5, found: 6 },
    ],
    [
      'with an entry put in',
      good.toSpliced(7, 0, linesOf([entry(0), entry(1)])[1]!),
      { code: 'log/out-of-place', line: 8, seq: 5, found: 0 },
    ],
    [
      'with an entry put in under the right number',
      good.toSpliced(
        7,
        0,
        linesOf(
          Array(6)
            .fill(0)
            .map((_, i) => entry(i, { event: 'log/exported' })),
        )[6]!,
      ),
      { code: 'log/out-of-place', line: 9, seq: 6, found: 5 },
    ],
    [
      'with an entry added at the end',
      good.toSpliced(14, 0, linesOf([...twelve, entry(12)])[13]!),
      { code: 'log/not-an-export', line: 15 },
    ],
    ['with a line behind its end', [...good, good[14]!], { code: 'log/not-an-export', line: 16 }],
    ['with an empty line', good.toSpliced(7, 0, ''), { code: 'log/not-an-export', line: 8 }],
    ['without its header', good.slice(1), { code: 'log/not-an-export', line: 1 }],
    ['with its header twice', [good[0]!, ...good], { code: 'log/not-an-export', line: 2 }],
    [
      'without its last checkpoint',
      good.slice(0, -1),
      { code: 'log/cut-short', seq: 12, size: 12 },
    ],
    ['without its last entries', good.slice(0, 9), { code: 'log/cut-short', seq: 7, size: 12 }],
    ['of nothing', [], { code: 'log/cut-short', seq: 0, size: 0 }],
  ])('%s is refused there', async (_, lines, expected) => {
    expect(await verify(lines)).toEqual(expected)
  })

  test('that was cut and closed with an older checkpoint says so by its size', async () => {
    const short = [headerLine(verifierOf(testSigner), 4), ...good.slice(1, 6)]
    expect(await verify(short)).toMatchObject({ size: 4 })
    expect(await verify([good[0]!, ...short.slice(1)])).toEqual({
      code: 'log/cut-short',
      seq: 4,
      size: 12,
    })
  })

  test('with a line in another form of JSON is refused, though it says the same: a key twice, a space, another order', async () => {
    const [header = '', last = ''] = [good[0], good.at(-1)]
    const others = [
      header.replace('"size":', '"size":11,"size":'),
      header.replace('"size":', '"size": '),
      header.replace(/^(\{)(.*),("verifier".*)\}$/, '$1$3,$2}'),
    ]
    for (const other of others) {
      expect(JSON.parse(other)).toEqual(JSON.parse(header))
      expect(await verify(good.with(0, other))).toEqual({ code: 'log/not-an-export', line: 1 })
    }
    const half = header.replace('"verifier":"', '"verifier":"\\ud800')
    const spaced = [...good.slice(0, -1), last.replace(/\}$/, ' }')]
    for (const lines of [good.with(0, half), spaced])
      expect(await verify(lines)).toMatchObject({ code: 'log/not-an-export' })
  })

  test('cut in the middle of a line is refused', async () => {
    const text = good.map((line) => `${line}\n`).join('')
    expect(await verify(text.slice(0, -1))).toMatchObject({ code: 'log/cut-short' })
    expect(await verify(`${text}x`)).toMatchObject({ code: 'log/cut-short' })
    expect(await verify(text.slice(0, 700))).toMatchObject({ code: 'log/cut-short' })
  })

  test('in which time goes back is refused even when it was signed so', async () => {
    const back = twelve.with(5, entry(5, { timeMs: 3 }))
    expect(await verify(linesOf(back))).toEqual({ code: 'log/time-back', seq: 5, line: 7 })
    const still = twelve.with(5, entry(5, { timeMs: 1004 }))
    expect(await verify(linesOf(still))).toMatchObject({ size: 12 })
  })

  test('with an entry in another form is refused even when it was signed so', async () => {
    const body = canonicalJson(entry(0)).replace('log/checked', 'log/burnt')
    const leaf = leafHash(Buffer.from(body))
    const { edge } = appendLeaf(emptyEdge, leaf)
    const note = signCheckpoint(testSigner, { size: 1, root: rootOf(edge) })
    const lines = [
      headerLine(verifierOf(testSigner), 1),
      entryLine(body, leaf),
      checkpointLine(note),
    ]
    expect(await verify(lines)).toEqual({ code: 'log/not-an-entry', seq: 0, line: 2 })
  })

  test('with bytes in an entry that are no text is refused even when it was signed so', async () => {
    const body = Buffer.from(canonicalJson(entry(0)))
    body[body.indexOf('数')] = 0xff
    const leaf = leafHash(body)
    const { edge } = appendLeaf(emptyEdge, leaf)
    const note = signCheckpoint(testSigner, { size: 1, root: rootOf(edge) })
    const line = Buffer.from(entryLine('', leaf))
    const bytes = Buffer.concat([
      Buffer.from(`${headerLine(verifierOf(testSigner), 1)}\n`),
      line.subarray(0, 9),
      body,
      line.subarray(9),
      Buffer.from(`\n${checkpointLine(note)}\n`),
    ])
    expect(await verifyExport([bytes], key)).toMatchObject({
      refusals: [{ code: 'log/not-an-export', params: { line: 2 } }],
    })
  })

  test('whose checkpoint states another size is refused even when it was signed so', async () => {
    let edge = emptyEdge
    for (const each of twelve) edge = appendLeaf(edge, leafHash(entryBytes(each))).edge
    const wrong = checkpointLine(signCheckpoint(testSigner, { size: 13, root: rootOf(edge) }))
    expect(await verify(good.with(14, wrong))).toMatchObject({ code: 'log/rewritten', line: 15 })
  })

  test('of another key is refused, whatever its header says', async () => {
    const thief = signerOf(testSigner.name, Buffer.alloc(32, 5))
    const stolen = linesOf(twelve, [4], thief)
    expect(await verify(stolen)).toMatchObject({ code: 'log/other-key' })
    expect(await verify(stolen.with(0, good[0]!))).toEqual({ code: 'log/not-signed', line: 6 })
    expect(await verify(good, 'no key')).toMatchObject({ code: 'log/other-key' })
  })

  test('with a line that has no end, or a very long one, is refused and not kept', async () => {
    const endless = function* () {
      yield Buffer.from(`${good[0]}\n`)
      for (let count = 0; count < 1000; count += 1) yield Buffer.alloc(10_000, 0x20)
      throw new Error('read too far')
    }
    expect(await verifyExport(endless(), key)).toMatchObject({
      refusals: [{ code: 'log/not-an-export', params: { line: 2 } }],
    })
    const long = checkpointLine('x'.repeat(20_000))
    expect(await verify(good.toSpliced(3, 0, long))).toEqual({ code: 'log/not-an-export', line: 4 })
  })
})
