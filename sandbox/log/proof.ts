import type { HashName } from './suite.ts'
import { edgeAt, hashBytes, nodeHash, rootOf, type ReadHash } from './tree.ts'

/** A proof's hashes of 32 bytes, from the one beside the leaf up to the one below the root. */
export type Proof = readonly Uint8Array[]

type Stored = { readonly read: ReadHash; readonly hash: HashName }

/** The hash of the leaves from `first` up to `end` of a tree: complete where its width is a power of two. */
const rangeHash = (first: number, end: number, stored: Stored): Uint8Array => {
  const level = Math.log2(end - first)
  if (Number.isInteger(level)) return stored.read(level, first / (end - first))
  const middle = first + splitOf(end - first)
  return nodeHash(rangeHash(first, middle, stored), rangeHash(middle, end, stored), stored.hash)
}

/** The largest power of two below n (RFC 9162 2.1.1). */
const splitOf = (n: number): number => {
  let split = 1
  while (split * 2 < n) split *= 2
  return split
}

const isProof = (proof: Proof): boolean =>
  proof.length <= 2 * 53 && proof.every((hash) => hash.length === hashBytes)

/**
 * Proof that the leaf at `index` is in the tree of `size` leaves (PATH of RFC 9162 2.1.3.1). Throws where the tree has
 * no such leaf.
 */
export const proveInclusion = (
  index: number,
  size: number,
  read: ReadHash,
  hash: HashName = 'sha256',
): Proof => {
  const stored = { read, hash }
  if (!(index >= 0 && index < size)) throw new RangeError('no such leaf in the tree')
  const path = (first: number, end: number): Uint8Array[] => {
    if (end - first === 1) return []
    const middle = first + splitOf(end - first)
    return index < middle
      ? [...path(first, middle), rangeHash(middle, end, stored)]
      : [...path(middle, end), rangeHash(first, middle, stored)]
  }
  return path(0, size)
}

/** Proof that the tree of `from` leaves is the beginning of the tree of `to` leaves (PROOF of RFC 9162 2.1.4.1). */
export const proveConsistency = (
  from: number,
  to: number,
  read: ReadHash,
  hash: HashName = 'sha256',
): Proof => {
  const stored = { read, hash }
  if (!(from >= 0 && from <= to)) throw new RangeError('a consistency proof leads to a larger tree')
  if (from === 0 || from === to) return []
  const path = (first: number, end: number, known: boolean): Uint8Array[] => {
    if (from === end) return known ? [] : [rangeHash(first, end, stored)]
    const middle = first + splitOf(end - first)
    return from <= middle
      ? [...path(first, middle, known), rangeHash(middle, end, stored)]
      : [...path(middle, end, false), rangeHash(first, middle, stored)]
  }
  return path(0, to, true)
}

type Place = {
  readonly index: number
  readonly size: number
  readonly hash?: HashName | undefined
}

/** Whether a proof leads from a leaf to this root. */
export const verifyInclusion = (
  leaf: Uint8Array,
  place: Place,
  proof: Proof,
  root: Uint8Array,
): boolean => {
  const found = rootOfProof(leaf, place, proof)
  return found !== undefined && Buffer.compare(found, root) === 0
}

/** The root a proof leads to, computed from the leaf up (RFC 9162 2.1.3.2); undefined where it is no proof of this place. */
export const rootOfProof = (
  leaf: Uint8Array,
  { index: first, size, hash }: Place,
  proof: Proof,
): Uint8Array | undefined => {
  if (!Number.isSafeInteger(first) || !Number.isSafeInteger(size)) return undefined
  if (!(first >= 0 && first < size) || !isProof(proof)) return undefined
  let index = first
  let last = size - 1
  let current = leaf
  for (const sibling of proof) {
    if (last === 0) return undefined
    if (index % 2 === 1 || index === last) {
      current = nodeHash(sibling, current, hash)
      // Where the leaf is the last of an incomplete level, the levels it passes through unpaired are skipped.
      while (index % 2 === 0 && index !== 0) [index, last] = [index / 2, Math.floor(last / 2)]
    } else current = nodeHash(current, sibling, hash)
    index = Math.floor(index / 2)
    last = Math.floor(last / 2)
  }
  return last === 0 ? current : undefined
}

/** A tree's size and root, as a checkpoint states them, and the hash it is made with: SHA-256 where none is named. */
export type Head = {
  readonly size: number
  readonly root: Uint8Array
  readonly hash?: HashName
}

/** Both roots are computed from the proof (RFC 9162 2.1.4.2) and compared. */
export const verifyConsistency = (from: Head, to: Head, proof: Proof): boolean => {
  if (!Number.isSafeInteger(from.size) || !Number.isSafeInteger(to.size)) return false
  if (!(from.size >= 0 && from.size <= to.size) || !isProof(proof)) return false
  if (from.hash !== to.hash) return false
  if (from.size === to.size) return proof.length === 0 && Buffer.compare(from.root, to.root) === 0
  if (from.size === 0) return proof.length === 0
  return walkConsistency(from, to, proof)
}

const walkConsistency = (from: Head, to: Head, proof: Proof): boolean => {
  let index = from.size - 1
  let last = to.size - 1
  while (index % 2 === 1) [index, last] = [Math.floor(index / 2), Math.floor(last / 2)]
  // A complete old tree is itself the first hash of the walk and is left out of the proof.
  const walk = index === 0 ? [from.root, ...proof] : proof
  const [start, ...rest] = walk
  if (start === undefined) return false
  let oldRoot = start
  let newRoot = start
  for (const sibling of rest) {
    if (last === 0) return false
    if (index % 2 === 1 || index === last) {
      oldRoot = nodeHash(sibling, oldRoot, to.hash)
      newRoot = nodeHash(sibling, newRoot, to.hash)
      while (index % 2 === 0 && index !== 0) [index, last] = [index / 2, Math.floor(last / 2)]
    } else newRoot = nodeHash(newRoot, sibling, to.hash)
    index = Math.floor(index / 2)
    last = Math.floor(last / 2)
  }
  return (
    last === 0 && Buffer.compare(oldRoot, from.root) === 0 && Buffer.compare(newRoot, to.root) === 0
  )
}

/** The root of the tree as it was at `size`, from stored hashes. */
export const rootAt = (size: number, read: ReadHash, hash?: HashName): Uint8Array =>
  rootOf(edgeAt(size, read, hash))
