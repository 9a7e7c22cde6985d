import * as fc from 'fast-check'
import { rmSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { accepted } from '../../../policies/outcome.ts'
import { formatVerifier, signCheckpoint, verifierOf } from '../../../sandbox/log/checkpoint.ts'
import { bundleOf, parseTilePath, tilePath } from '../../../sandbox/log/tile.ts'
import { leafHash } from '../../../sandbox/log/tree.ts'
import { checkpointAt } from '../../../sandbox/state/export.ts'
import { entriesFrom } from '../../../sandbox/state/log.ts'
import type { State } from '../../../sandbox/state/open.ts'
import { entryTile, hashTile } from '../../../sandbox/state/tile.ts'
import {
  entriesOfBundle,
  holdsBeginning,
  holdsEntry,
  holdsRoot,
  naiveRoot,
  openNote,
  pathOfTile,
  type FetchFile,
} from '../../support/outsider.ts'
import { checkLog, draft, openTest, temporaryFolder, testSigner } from '../../support/state.ts'

const key = formatVerifier(verifierOf(testSigner))

/** A log of this many entries and what an outsider fetches of it. */
const withLog = async (size: number, run: (state: State) => void | Promise<void>) => {
  const folder = temporaryFolder()
  const state = openTest(folder)
  try {
    grow(state, size)
    await run(state)
    checkLog(state)
  } finally {
    state.close()
    rmSync(folder, { recursive: true })
  }
}
const grow = (state: State, size: number): void => {
  for (let at = state.last().end.edge.size; at < size; at = state.last().end.edge.size)
    state.commit(
      () => accepted(0),
      Array.from({ length: Math.min(500, size - at) }, (_, index) => draft(`${at + index}`)),
    )
}
const filesOf = ({ reader }: State): FetchFile => {
  const fetched = new Map<string, Uint8Array | undefined>()
  const read = (path: string): Uint8Array | undefined => {
    const [, level = '', rest = ''] = /^tile\/([^/]+)\/(.*)$/.exec(path) ?? []
    const tile = parseTilePath(rest)
    if (tile === undefined) return undefined
    return level === 'entries' ? entryTile(reader, tile) : hashTile(reader, Number(level), tile)
  }
  return async (path) => {
    if (!fetched.has(path)) fetched.set(path, read(path))
    return fetched.get(path)
  }
}
const noteAt = (state: State, size: number) =>
  openNote(checkpointAt(state.reader, testSigner, size), key)!
const leavesOf = ({ reader }: State): Uint8Array[] =>
  entriesFrom(reader, 0, 100_000).map(({ body }) => leafHash(Buffer.from(body)))

/** Tile, by the definition: floor(size / 256^level) roots of 256^level leaves, the last 256 of them or fewer. */
const naiveTile = (leaves: readonly Uint8Array[], level: number, index: number): Buffer => {
  const span = 256 ** level
  const hashes: Buffer[] = []
  for (let at = index * 256; at < (index + 1) * 256 && (at + 1) * span <= leaves.length; at += 1)
    hashes.push(naiveRoot(leaves.slice(at * span, (at + 1) * span)))
  return Buffer.concat(hashes)
}

describe('the path of a tile', () => {
  test.each([
    [{ index: 0, width: 256 }, '000'],
    [{ index: 5, width: 1 }, '005.p/1'],
    [{ index: 999, width: 255 }, '999.p/255'],
    [{ index: 1000, width: 256 }, 'x001/000'],
    [{ index: 1_234_067, width: 256 }, 'x001/x234/067'],
    [{ index: 999_999_999_999, width: 12 }, 'x999/x999/x999/999.p/12'],
  ])('%j is %s', (tile, path) => {
    expect(tilePath(tile)).toBe(path)
    expect(parseTilePath(path)).toEqual(tile)
  })

  test('has one spelling, the one of the definition', () => {
    fc.assert(
      fc.property(fc.nat(999_999_999_999), fc.integer({ min: 1, max: 256 }), (index, width) => {
        const path = `tile/0/${tilePath({ index, width })}`
        expect(path).toBe(pathOfTile(0, index, index * 256 + width))
      }),
    )
  })

  test.each([
    '',
    '0',
    '00',
    '0000',
    'x000/005',
    'x001/x234',
    'x001/x234/67',
    '001/234',
    '-01',
    '005.p/0',
    '005.p/01',
    '005.p/256',
    '005.p/',
    '005.p/1/',
    '005/',
    '../005',
    'x001/x001/x001/x001/001',
    '005\n',
    '٠٠٥',
  ])('is not `%s`', (path) => {
    expect(parseTilePath(path)).toBeUndefined()
  })
})

describe('the tiles of a log', () => {
  test('are those of the definition at every size from 0 to 300, and none is wider than the log', async () => {
    await withLog(300, async (state) => {
      const all = leavesOf(state)
      const full = naiveTile(all, 0, 0)
      const files = filesOf(state)
      for (let size = 0; size <= 300; size += 1) {
        const note = noteAt(state, size)
        expect(note.root).toEqual(naiveRoot(all.slice(0, size)))
        expect(await holdsRoot(files, note)).toBe(true)
        if (size === 0 || size > 255) continue
        const tile = hashTile(state.reader, 0, { index: 0, width: size })
        expect(tile).toEqual(full.subarray(0, size * 32))
      }
      expect(hashTile(state.reader, 0, { index: 1, width: 44 })).toEqual(naiveTile(all, 0, 1))
      expect(hashTile(state.reader, 1, { index: 0, width: 1 })).toEqual(naiveTile(all, 1, 0))
      for (const [level, index, width] of [
        [0, 1, 45],
        [0, 1, 256],
        [0, 2, 1],
        [1, 0, 2],
        [1, 0, 256],
        [2, 0, 1],
        [63, 0, 1],
        [0, 999_999_999_999, 256],
      ] as const)
        expect(hashTile(state.reader, level, { index, width })).toBeUndefined()
      expect(entryTile(state.reader, { index: 1, width: 45 })).toBeUndefined()
      expect(entryTile(state.reader, { index: 999_999_999_999, width: 1 })).toBeUndefined()
    })
  })

  test('are those of the definition at sizes taken by chance, level by level', async () => {
    await withLog(2100, async (state) => {
      const all = leavesOf(state)
      const sizes = fc.sample(fc.integer({ min: 301, max: 2100 }), { numRuns: 12, seed: 9 })
      for (const size of [512, 513, 1024, ...sizes]) {
        const note = noteAt(state, size)
        expect(note.root).toEqual(naiveRoot(all.slice(0, size)))
        expect(await holdsRoot(filesOf(state), note)).toBe(true)
        for (const level of [0, 1]) {
          const complete = Math.floor(size / 256 ** level)
          for (let index = 0; index * 256 < complete; index += 1) {
            const width = Math.min(256, complete - index * 256)
            expect(hashTile(state.reader, level, { index, width })).toEqual(
              naiveTile(all.slice(0, size), level, index),
            )
          }
        }
      }
    })
  })

  test.runIf(process.env['SLUICE_PROVE'])('reach a third level', { timeout: 120_000 }, async () => {
    await withLog(70_000, async (state) => {
      const note = noteAt(state, 70_000)
      expect(note.root).toEqual(naiveRoot(leavesOf(state)))
      expect(await holdsRoot(filesOf(state), note)).toBe(true)
      expect(hashTile(state.reader, 2, { index: 0, width: 1 })).toHaveLength(32)
      expect(hashTile(state.reader, 1, { index: 1, width: 17 })).toHaveLength(17 * 32)
    })
  })

  test('stay what they were while the log grows', async () => {
    await withLog(200, async (state) => {
      const before = new Map<string, Uint8Array | undefined>()
      const remembering: FetchFile = async (path) => {
        const tile = await filesOf(state)(path)
        if (before.has(path)) expect(tile).toEqual(before.get(path))
        before.set(path, tile)
        return tile
      }
      let older = noteAt(state, 200)
      for (const size of [201, 256, 257, 511, 700]) {
        grow(state, size)
        const newer = openNote(state.last().note, key)!
        expect(await holdsBeginning(remembering, older, newer)).toBe(true)
        expect(await holdsBeginning(remembering, noteAt(state, 200), newer)).toBe(true)
        older = newer
      }
    })
  })
})

describe('who has tiles, a checkpoint and the key alone', () => {
  test('finds each entry of a bundle in its place, and no other', async () => {
    await withLog(300, async (state) => {
      const note = openNote(state.last().note, key)!
      const files = filesOf(state)
      for (const [index, width] of [
        [0, 256],
        [1, 44],
      ] as const) {
        const entries = entriesOfBundle(entryTile(state.reader, { index, width })!)
        expect(entries).toHaveLength(width)
        for (const [at, entry] of entries.entries()) {
          const place = index * 256 + at
          expect(JSON.parse(entry.toString())).toMatchObject({ seq: place })
          if (at % 9 === 0) expect(await holdsEntry(files, note, place, entry)).toBe(true)
        }
        const [first] = entries
        expect(await holdsEntry(filesOf(state), note, index * 256 + 1, first!)).toBe(false)
        first![5]! ^= 1
        expect(await holdsEntry(filesOf(state), note, index * 256, first!)).toBe(false)
      }
    })
  })

  test('sees a changed byte in any hash of any tile', async () => {
    await withLog(600, async (state) => {
      const note = openNote(state.last().note, key)!
      const whole = filesOf(state)
      const paths = ['tile/0/002.p/88', 'tile/1/000.p/2']
      for (const path of paths) {
        const tile = (await filesOf(state)(path))!
        for (let at = 0; at < tile.length; at += 16) {
          const spoiled = Buffer.from(tile)
          spoiled[at]! ^= 1
          const files: FetchFile = async (asked) =>
            asked === path ? spoiled : filesOf(state)(asked)
          expect(await holdsRoot(files, note), `${path} at ${at}`).toBe(false)
        }
      }
      // A full tile of level 0 is under the root through the level above: it is the entries in it that it proves.
      const path = 'tile/0/000'
      const [entry] = entriesOfBundle((await filesOf(state)('tile/entries/000'))!)
      const spoiled = Buffer.from((await filesOf(state)(path))!)
      spoiled[40]! ^= 1
      const files: FetchFile = async (asked) => (asked === path ? spoiled : whole(asked))
      expect(await holdsEntry(files, note, 0, entry!)).toBe(false)
    })
  })

  test('sees another log under the same key, and a log that was taken back', async () => {
    await withLog(90, async (one) => {
      await withLog(120, async (other) => {
        const kept = openNote(one.last().note, key)!
        const shown = openNote(other.last().note, key)!
        expect(await holdsBeginning(filesOf(other), kept, shown)).toBe(false)
        expect(await holdsBeginning(filesOf(one), noteAt(one, 80), kept)).toBe(true)
        expect(await holdsBeginning(filesOf(one), kept, noteAt(one, 80))).toBe(false)
      })
    })
  })

  test('takes no checkpoint of another key', () => {
    const note = signCheckpoint(testSigner, { size: 0, root: naiveRoot([]) })
    expect(openNote(note, key)).toMatchObject({ size: 0 })
    expect(openNote(note.replace('\n0\n', '\n1\n'), key)).toBeUndefined()
  })
})

test('entries that differ in nothing but their place have leaves that cannot be guessed', async () => {
  await withLog(2, (state) => {
    const salts = entriesFrom(state.reader, 0, 2).map(
      ({ body }) => (JSON.parse(body) as { salt: string }).salt,
    )
    expect(new Set(salts).size).toBe(2)
    for (const salt of salts) expect(salt).toMatch(/^[0-9a-f]{32}$/)
  })
})

test('a bundle puts each entry behind its length, the higher byte first', () => {
  const long = Buffer.alloc(300, 7)
  const bundle = Buffer.from(bundleOf([Buffer.from('{}'), long, Buffer.alloc(0)]))
  expect(bundle.toString('hex')).toBe(`00027b7d012c${'07'.repeat(300)}0000`)
})
