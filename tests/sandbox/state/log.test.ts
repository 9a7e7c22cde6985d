import { rmSync } from 'node:fs'
import { expect, test } from 'vitest'
import { accepted } from '../../../policies/outcome.ts'
import { formatVerifier, openCheckpoint, verifierOf } from '../../../sandbox/log/checkpoint.ts'
import { verifyConsistency, verifyInclusion } from '../../../sandbox/log/proof.ts'
import { leafHash } from '../../../sandbox/log/tree.ts'
import { verifyExport } from '../../../sandbox/log/verify.ts'
import { checkpointAt, exportPart } from '../../../sandbox/state/export.ts'
import {
  consistencyOf,
  entriesFrom,
  entriesOf,
  entryAt,
  headOf,
  inclusionOf,
} from '../../../sandbox/state/log.ts'
import type { State } from '../../../sandbox/state/open.ts'
import { checkLog, draft, openTest, temporaryFolder, testSigner } from '../../support/state.ts'

const verifier = verifierOf(testSigner)

/** A log of this many entries, in commits of up to 40. */
const withLog = async (size: number, run: (state: State) => void | Promise<void>) => {
  const folder = temporaryFolder()
  const state = openTest(folder)
  try {
    for (let at = 0; at < size; at += 40)
      state.commit(
        () => accepted(0),
        Array.from({ length: Math.min(40, size - at) }, (_, index) => draft(`${at + index}`)),
      )
    await run(state)
    expect(checkLog(state)).toBe(size)
  } finally {
    state.close()
    rmSync(folder, { recursive: true })
  }
}

const exported = (state: State, size: number, limit: number): string => {
  const lines: string[] = []
  for (let next: number | undefined = 0; next !== undefined;) {
    const part = exportPart(state.reader, testSigner, { from: next, size, limit })
    lines.push(...part.lines)
    next = part.next
  }
  return lines.map((line) => `${line}\n`).join('')
}

test('the log is exported in parts and verified as a whole, now and as it was at an earlier size', async () => {
  await withLog(2500, async (state) => {
    const whole = exported(state, 2500, 2500)
    expect(exported(state, 2500, 33)).toBe(whole)
    expect(whole.split('"checkpoint"')).toHaveLength(5)
    const key = formatVerifier(verifier)
    expect(await verifyExport([Buffer.from(whole)], key)).toMatchObject({
      value: { size: 2500, checkpoint: state.last().note },
    })
    for (const size of [0, 1, 1023, 1025, 2480]) {
      const earlier = Buffer.from(exported(state, size, 1000))
      expect(await verifyExport([earlier], key)).toMatchObject({ value: { size } })
    }
  })
})

test('a part that is not there is a bug', async () => {
  await withLog(3, (state) => {
    for (const wrong of [
      { from: 0, size: 4, limit: 9 },
      { from: 3, size: 2, limit: 9 },
      { from: -1, size: 2, limit: 9 },
      { from: 0, size: 2, limit: 0 },
    ])
      expect(() => exportPart(state.reader, testSigner, wrong)).toThrow(RangeError)
  })
})

test('every entry is proven to be in the log under the last checkpoint', async () => {
  await withLog(70, (state) => {
    const checkpoint = openCheckpoint(state.last().note, verifier)!
    for (let index = 0; index < 70; index += 1) {
      const leaf = leafHash(Buffer.from(entryAt(state.reader, index)!.body))
      const proof = inclusionOf(state.reader, index, checkpoint.size)
      const place = { index, size: checkpoint.size }
      expect(verifyInclusion(leaf, place, proof, checkpoint.root)).toBe(true)
    }
    expect(() => inclusionOf(state.reader, 70, 70)).toThrow(RangeError)
  })
})

test('an earlier checkpoint is proven to be the beginning of the last', async () => {
  await withLog(70, (state) => {
    for (const from of [1, 32, 40, 69]) {
      const old = openCheckpoint(checkpointAt(state.reader, testSigner, from), verifier)!
      const proof = consistencyOf(state.reader, from, 70)
      expect(verifyConsistency(old, headOf(state.last().end), proof)).toBe(true)
    }
  })
})

test('entries are read by place and by what they are about', async () => {
  await withLog(5, (state) => {
    const places = (entries: readonly { seq: number }[]): string =>
      entries.map(({ seq }) => seq).join('')
    expect(places(entriesFrom(state.reader, 3, 9))).toBe('34')
    expect(places(entriesOf(state.reader, { type: 'log', id: '4' }))).toBe('4')
    expect(entryAt(state.reader, 5)).toBeUndefined()
  })
})
