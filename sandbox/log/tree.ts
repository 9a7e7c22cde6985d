import { hash as digest } from 'node:crypto'
import type { HashName } from './suite.ts'

/**
 * The Merkle tree of RFC 9162 section 2.1 (the same as RFC 6962): leaf = H(00 || bytes), node = H(01 || left || right),
 * and the tree of n leaves splits at the largest power of two below n. Different prefixes keep a node from being passed
 * off as a leaf. H is SHA-256, or SM3 in a domain of the suite `gm`.
 */
export const hashBytes = 32

export const leafHash = (bytes: Uint8Array, hash: HashName = 'sha256'): Uint8Array => {
  const input = Buffer.allocUnsafe(1 + bytes.length)
  input[0] = 0
  input.set(bytes, 1)
  return digest(hash, input, 'buffer')
}

const nodeInput = Buffer.alloc(1 + 2 * hashBytes, 1)

export const nodeHash = (
  left: Uint8Array,
  right: Uint8Array,
  hash: HashName = 'sha256',
): Uint8Array => {
  nodeInput.set(left, 1)
  nodeInput.set(right, 1 + hashBytes)
  return digest(hash, nodeInput, 'buffer')
}

/**
 * The hash of a complete subtree: of the leaves index * 2^level up to (index + 1) * 2^level. These never change once
 * written; every root and proof of every size is computed from them.
 */
export type Subtree = { readonly level: number; readonly index: number; readonly hash: Uint8Array }

/** Reads the hash of a complete subtree that was appended before; throws where there is none. */
export type ReadHash = (level: number, index: number) => Uint8Array

/** A tree's right edge: its complete subtrees from the largest to the smallest, one for each bit set in `size`. */
export type Edge = {
  readonly size: number
  readonly peaks: readonly Uint8Array[]
  readonly hash: HashName
}

export const emptyEdgeOf = (hash: HashName): Edge => ({ size: 0, peaks: [], hash })
export const emptyEdge: Edge = emptyEdgeOf('sha256')

/** Adds one leaf. `completed` are the subtrees this leaf completes, itself first: two on average. */
export const appendLeaf = (
  edge: Edge,
  leaf: Uint8Array,
): { readonly edge: Edge; readonly completed: readonly Subtree[] } => {
  const peaks = [...edge.peaks]
  const completed: Subtree[] = [{ level: 0, index: edge.size, hash: leaf }]
  let current = leaf
  // Each trailing 1 of the old size is a complete subtree as large as the one at hand: they join. Division, because
  // shifts stop at 32 bits.
  for (let index = edge.size, level = 1; index % 2 === 1; level += 1) {
    index = (index - 1) / 2
    current = nodeHash(peaks.pop() ?? fail(), current, edge.hash)
    completed.push({ level, index, hash: current })
  }
  peaks.push(current)
  return { edge: { ...edge, size: edge.size + 1, peaks }, completed }
}

/** The root: the peaks joined from the right; of a tree without leaves the hash of nothing. */
export const rootOf = (edge: Edge): Uint8Array =>
  edge.size === 0
    ? digest(edge.hash, new Uint8Array(0), 'buffer')
    : edge.peaks.reduceRight((right, left) => nodeHash(left, right, edge.hash))

/** The right edge of the tree as it was at `size`, from stored hashes. */
export const edgeAt = (size: number, read: ReadHash, hash: HashName = 'sha256'): Edge => {
  const peaks: Uint8Array[] = []
  let first = 0
  for (const level of levelsOf(size)) {
    peaks.push(read(level, first / 2 ** level))
    first += 2 ** level
  }
  return { size, peaks, hash }
}

/** The levels of the complete subtrees of a tree, largest first: the bits set in its size. */
const levelsOf = (size: number): readonly number[] => {
  const levels: number[] = []
  for (let level = 0, rest = size; rest > 0; level += 1) {
    if (rest % 2 === 1) levels.unshift(level)
    rest = Math.floor(rest / 2)
  }
  return levels
}

const fail = (): never => {
  throw new Error('the edge of the tree has fewer peaks than its size says')
}
