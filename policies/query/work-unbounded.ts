import { refuse } from '../refusal.ts'
import type { NodeOf } from '../relation/tree.ts'
import { placeOf } from './context.ts'
import { typedNodes, type Rule, type Typed } from './question.ts'
import { sure } from '../sure.ts'

/** Most rows that the rows of one entity may become: milliseconds, whoever the entity is. */
const ofEntityMax = 10_000
/** Most rows of a public relation: the engine passes over one whose other side is empty, and shows so in its time. */
const publicMax = 1_000_000
/** Rows that a code list is taken to have: nothing is known of its size but that everybody may know it. */
const ofListMax = 1000

/**
 * Joining the rows of an entity with themselves again and again, or doubling them in unions, turns twelve rows into
 * billions: whether anybody is there then shows in the time of the run, and in its failing (measured: 0.4 against 16
 * seconds for one enterprise, at a rho of 1e-9). So the rows one entity may become are bounded, by the rows the policy
 * says it has; and so is the work on public rows, which is not done where the private side is empty.
 */
export const checkWork: Rule = (question) => {
  const sizes: number[] = []
  return typedNodes(question).flatMap((typed) => {
    const { node, fact } = typed
    const of = (input: number): number => sure(sizes[input], 'an input')
    const size = fact.privacy.private
      ? ofPrivate(typed, fact.privacy.rowsMax, of)
      : ofPublic(typed, of)
    sizes.push(size.kept)
    const max = fact.privacy.private ? ofEntityMax : publicMax
    if (size.met <= max) return []
    const rows = Math.min(size.met, Number.MAX_SAFE_INTEGER)
    return [refuse('query/work-unbounded', { rows, max }, placeOf(question.context, node))]
  })
}

/** Rows that a node makes, and that it must look at to make them. */
type Size = { readonly kept: number; readonly met: number }
const all = (rows: number): Size => ({ kept: rows, met: rows })

const isTested = (node: NodeOf<'join'>): boolean => node.kind !== 'inner' && node.kind !== 'left'
const isHashed = (node: NodeOf<'join'>): boolean =>
  node.on.length > 0 && node.on.every(({ kind }) => kind === '=' || kind === 'notDistinct')

/** Per entity. What tests by equality alone looks once at each row of either side. */
const ofPrivate = ({ node, inputs }: Typed, own: number, of: (input: number) => number): Size => {
  if (node.op !== 'join' || !inputs.every(({ privacy }) => privacy.private)) return all(own)
  const [left, right] = [of(node.left), of(node.right)]
  const pairs = isTested(node) && isHashed(node) ? left + right : left * right
  return { kept: own, met: Math.max(own, pairs) }
}

/** Each row of the left side meets at most one of the right, which is unique on what is compared. */
const isLookup = (node: NodeOf<'join'>, { privacy }: Typed['inputs'][number]): boolean => {
  const equal = new Set(
    node.on.flatMap(({ kind, right: side }) =>
      kind === '=' && side.op === 'column' ? [side.index] : [],
    ),
  )
  const isMet = (key: readonly number[]): boolean => key.every((column) => equal.has(column))
  return !privacy.private && privacy.uniqueKeys.some(isMet)
}

const ofPublic = ({ node, fact: { link }, inputs }: Typed, of: (input: number) => number): Size => {
  switch (node.op) {
    case 'scan':
      return all(ofListMax)
    case 'values':
      return all(node.rows.length)
    case 'limit':
      return { kept: Math.min(of(node.input), node.limit ?? Infinity), met: of(node.input) }
    case 'aggregate':
      if (node.keys.length === 0) return { kept: 1, met: link === 'barrier' ? 1 : of(node.input) }
      return all(link === 'barrier' ? ofListMax : of(node.input))
    case 'union':
      return all(node.inputs.reduce((sum, input) => sum + of(input), 0))
    case 'join': {
      const [left, right] = [of(node.left), of(node.right)]
      if (!isTested(node) && !isLookup(node, sure(inputs[1], 'a side'))) return all(left * right)
      return { kept: left, met: isHashed(node) ? left + right : left * right }
    }
    case 'filter':
    case 'project':
    case 'window':
    case 'sort':
      return all(of(node.input))
  }
}
