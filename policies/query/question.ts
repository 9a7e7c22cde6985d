import type { NodeFact, PrivateFact } from '../relation/fact.ts'
import { inputsOf, type Node, type NodeOf, type Tree } from '../relation/tree.ts'

import type { Refusal } from '../refusal.ts'
import type { Context } from './context.ts'
import { sure } from '../sure.ts'

/** A typed question. */
export type Question = {
  readonly tree: Tree
  readonly facts: readonly NodeFact[]
  readonly context: Context
}

/** A rule looks at one question and says everything that is wrong with it in one respect. */
export type Rule = (question: Question) => readonly Refusal[]

export type Typed<N extends Node = Node> = {
  readonly position: number
  readonly node: N
  readonly fact: NodeFact
  readonly inputs: readonly NodeFact[]
}

/** Every node with its own fact and those of its inputs. */
export const typedNodes = ({ tree, facts }: Question): readonly Typed[] =>
  tree.nodes.map((node, position) => ({
    position,
    node,
    fact: factAt(facts, position),
    inputs: inputsOf(node).map((input) => factAt(facts, input)),
  }))

export const factAt = (facts: readonly NodeFact[], position: number): NodeFact =>
  sure(facts[position], 'the fact of a node')

/** `input`: what it groups, and `relation` its privacy. */
export type Barrier = Typed<NodeOf<'aggregate'>> & {
  readonly input: NodeFact
  readonly relation: PrivateFact
}

/** The aggregates at which private rows become public figures. */
export const barriersOf = (question: Question): readonly Barrier[] =>
  typedNodes(question).flatMap((typed) => {
    const {
      node,
      fact,
      inputs: [input],
    } = typed
    return node.op === 'aggregate' && fact.link === 'barrier' && input?.privacy.private === true
      ? [{ ...typed, node, input, relation: input.privacy }]
      : []
  })
