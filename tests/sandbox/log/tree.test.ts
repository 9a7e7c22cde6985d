import * as fc from 'fast-check'
import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { proveConsistency, proveInclusion, rootAt } from '../../../sandbox/log/proof.ts'
import { verifyConsistency, verifyInclusion } from '../../../sandbox/log/proof.ts'
import { appendLeaf, emptyEdge, leafHash, rootOf } from '../../../sandbox/log/tree.ts'

const sha256 = (...parts: Uint8Array[]): Buffer =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest()

/** The definition of RFC 9162 2.1.1, word for word: slow and without memory. */
const naiveRoot = (leaves: readonly Uint8Array[]): Buffer => {
  if (leaves.length === 0) return sha256()
  if (leaves.length === 1) return sha256(Buffer.of(0), leaves[0]!)
  let split = 1
  while (split * 2 < leaves.length) split *= 2
  return sha256(Buffer.of(1), naiveRoot(leaves.slice(0, split)), naiveRoot(leaves.slice(split)))
}

/** PATH of RFC 9162 2.1.3.1. */
const naivePath = (index: number, leaves: readonly Uint8Array[]): Buffer[] => {
  if (leaves.length === 1) return []
  let split = 1
  while (split * 2 < leaves.length) split *= 2
  return index < split
    ? [...naivePath(index, leaves.slice(0, split)), naiveRoot(leaves.slice(split))]
    : [...naivePath(index - split, leaves.slice(split)), naiveRoot(leaves.slice(0, split))]
}

/** SUBPROOF of RFC 9162 2.1.4.1. */
const naiveSubproof = (from: number, leaves: readonly Uint8Array[], known: boolean): Buffer[] => {
  if (from === leaves.length) return known ? [] : [naiveRoot(leaves)]
  let split = 1
  while (split * 2 < leaves.length) split *= 2
  return from <= split
    ? [...naiveSubproof(from, leaves.slice(0, split), known), naiveRoot(leaves.slice(split))]
    : [
        ...naiveSubproof(from - split, leaves.slice(split), false),
        naiveRoot(leaves.slice(0, split)),
      ]
}

/** A tree in memory: its leaves, its right edge, and every hash it stored. */
const grow = (leaves: readonly Uint8Array[]) => {
  const stored = new Map<string, Uint8Array>()
  let edge = emptyEdge
  for (const leaf of leaves) {
    const grown = appendLeaf(edge, leafHash(leaf))
    for (const { level, index, hash } of grown.completed) {
      expect(stored.has(`${level}/${index}`)).toBe(false)
      stored.set(`${level}/${index}`, hash)
    }
    edge = grown.edge
  }
  const read = (level: number, index: number): Uint8Array => {
    const hash = stored.get(`${level}/${index}`)
    if (hash === undefined) throw new Error(`no hash at ${level}/${index}`)
    return hash
  }
  return { edge, read, stored }
}

const leavesOf = (size: number): Buffer[] =>
  Array.from({ length: size }, (_, index) => Buffer.from(`leaf ${index}`))

/** The leaves of the Certificate Transparency reference test suite, and the roots of their trees. */
const referenceLeaves = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
].map((hex) => Buffer.from(hex, 'hex'))
const referenceRoots = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
]

describe('the tree', () => {
  test.each(referenceRoots.map((root, size) => ({ size, root })))(
    'of the first $size leaves of the Certificate Transparency test suite has its root',
    ({ size, root }) => {
      const { edge } = grow(referenceLeaves.slice(0, size))
      expect(Buffer.from(rootOf(edge)).toString('hex')).toBe(root)
    },
  )

  test('has the root of the naive definition, now and at every earlier size', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 130 }), (size) => {
        const leaves = leavesOf(size)
        const { edge, read } = grow(leaves)
        expect(rootOf(edge)).toEqual(naiveRoot(leaves))
        for (const earlier of [0, 1, size >> 1, size - 1])
          expect(rootAt(earlier, read)).toEqual(naiveRoot(leaves.slice(0, earlier)))
      }),
      { numRuns: 40 },
    )
  })

  test('stores two hashes for a leaf at most, and never one twice', () => {
    const { stored } = grow(leavesOf(1000))
    expect(stored.size).toBeLessThan(2 * 1000)
  })
})

const sizeAndIndex = fc
  .integer({ min: 1, max: 130 })
  .chain((size) => fc.tuple(fc.constant(size), fc.integer({ min: 0, max: size - 1 })))

describe('a proof of inclusion', () => {
  test('is that of the naive definition and holds, for every leaf and size', () => {
    fc.assert(
      fc.property(sizeAndIndex, ([size, index]) => {
        const leaves = leavesOf(size)
        const { edge, read } = grow(leaves)
        const proof = proveInclusion(index, size, read)
        expect(proof).toEqual(naivePath(index, leaves))
        const leaf = leafHash(leaves[index]!)
        expect(verifyInclusion(leaf, { index, size }, proof, rootOf(edge))).toBe(true)
      }),
      { numRuns: 60 },
    )
  })

  test('does not hold for another leaf, place, size or root, nor with a hash changed, added or left out', () => {
    fc.assert(
      fc.property(sizeAndIndex, fc.nat(), ([size, index], pick) => {
        const leaves = leavesOf(size)
        const { edge, read } = grow(leaves)
        const root = rootOf(edge)
        const proof = proveInclusion(index, size, read)
        const leaf = leafHash(leaves[index]!)
        const place = { index, size }
        const wrong = leafHash(Buffer.from('another'))
        const at = pick % (proof.length || 1)
        expect(verifyInclusion(wrong, place, proof, root)).toBe(false)
        expect(verifyInclusion(leaf, place, proof, wrong)).toBe(false)
        expect(verifyInclusion(leaf, place, [...proof, wrong], root)).toBe(false)
        if (size > 1) {
          expect(verifyInclusion(leaf, { index: (index + 1) % size, size }, proof, root)).toBe(
            false,
          )
          expect(verifyInclusion(leaf, place, proof.with(at, wrong), root)).toBe(false)
          expect(verifyInclusion(leaf, place, proof.toSpliced(at, 1), root)).toBe(false)
        }
      }),
      { numRuns: 60 },
    )
  })

  test('with a place that is none, or hashes of another length, is refused and not an accident', () => {
    const { edge, read } = grow(leavesOf(5))
    const leaf = leafHash(leavesOf(5)[4]!)
    const proof = proveInclusion(4, 5, read)
    const root = rootOf(edge)
    for (const place of [
      { index: 5, size: 5 },
      { index: -1, size: 5 },
      { index: 0.5, size: 5 },
      { index: 4, size: Number.NaN },
      { index: 4, size: Number.POSITIVE_INFINITY },
    ])
      expect(verifyInclusion(leaf, place, proof, root)).toBe(false)
    expect(verifyInclusion(leaf, { index: 4, size: 5 }, [Buffer.alloc(64)], root)).toBe(false)
    const longer = Buffer.concat([proof[0]!, Buffer.alloc(32)])
    expect(verifyInclusion(leaf, { index: 4, size: 5 }, [longer], root)).toBe(false)
    const [old, now] = [4, 5].map((size) => ({ size, root: rootAt(size, read) }))
    const grown = proveConsistency(4, 5, read)
    expect(verifyConsistency(old!, now!, grown)).toBe(true)
    expect(verifyConsistency(old!, now!, [Buffer.concat([grown[0]!, Buffer.alloc(32)])])).toBe(
      false,
    )
    expect(() => proveInclusion(5, 5, read)).toThrow(RangeError)
  })
})

const twoSizes = fc
  .integer({ min: 1, max: 130 })
  .chain((to) => fc.tuple(fc.integer({ min: 0, max: to }), fc.constant(to)))

describe('a proof of consistency', () => {
  test('is that of the naive definition and holds between any two sizes', () => {
    fc.assert(
      fc.property(twoSizes, ([from, to]) => {
        const leaves = leavesOf(to)
        const { edge, read } = grow(leaves)
        const proof = proveConsistency(from, to, read)
        if (from > 0) expect(proof).toEqual(naiveSubproof(from, leaves, true))
        const [old, now] = [
          { size: from, root: rootAt(from, read) },
          { size: to, root: rootOf(edge) },
        ]
        expect(verifyConsistency(old, now, proof)).toBe(true)
      }),
      { numRuns: 60 },
    )
  })

  test('does not hold from a tree that is not the beginning, nor with a hash changed, added or left out', () => {
    fc.assert(
      fc.property(
        twoSizes.filter(([from, to]) => from > 0 && from < to),
        fc.nat(),
        ([from, to], pick) => {
          const { edge, read } = grow(leavesOf(to))
          const old = { size: from, root: rootAt(from, read) }
          const now = { size: to, root: rootOf(edge) }
          const proof = proveConsistency(from, to, read)
          const at = pick % proof.length
          const wrong = leafHash(Buffer.from('another'))
          expect(verifyConsistency({ ...old, root: wrong }, now, proof)).toBe(false)
          expect(verifyConsistency(old, { ...now, root: wrong }, proof)).toBe(false)
          expect(verifyConsistency(old, now, proof.with(at, wrong))).toBe(false)
          expect(verifyConsistency(old, now, [...proof, wrong])).toBe(false)
          expect(verifyConsistency(old, now, proof.toSpliced(at, 1))).toBe(false)
          expect(verifyConsistency(now, old, proof)).toBe(false)
        },
      ),
      { numRuns: 60 },
    )
  })

  test('of a tree with itself is empty, and equal sizes need equal roots', () => {
    const head = { size: 3, root: leafHash(Buffer.of(1)) }
    const other = { size: 3, root: leafHash(Buffer.of(2)) }
    expect(verifyConsistency(head, head, [])).toBe(true)
    expect(verifyConsistency(head, other, [])).toBe(false)
  })
})
