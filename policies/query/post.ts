import type { Tree } from '../relation/tree.ts'
import { inputsOf } from '../relation/tree.ts'
import { companions, type AnswerColumn, type PublicStage } from './plan.ts'
import { factAt, type Question } from './question.ts'
import { startThread } from './thread.ts'
import { sure } from '../sure.ts'
import { movedTo } from './threaded.ts'

/** Most rows of a code list that are carried out of the domain to be joined with an answer. */
const publicRowsMax = 100_000

type Post = {
  /** Barriers the answer needs. */
  readonly needed: ReadonlySet<number>
  /** Numbers of barriers in; the public tree over protected results out, with stages for the code lists it needs. */
  readonly write: (numbers: ReadonlyMap<number, number>) => {
    readonly tree: Tree
    readonly answer: AnswerColumn[]
    readonly stages: readonly PublicStage[]
  }
}

/** What is computed after protection: everything above the barriers, over protected results alone. */
export const planPost = (question: Question): Post => {
  const { tree, facts } = question
  const last = tree.nodes.length - 1
  const above = reachable(question, last, true)
  const needed = new Set(
    [...reachable(question, last, false)].filter(
      (position) => factAt(facts, position).link === 'barrier',
    ),
  )
  const write: Post['write'] = (numbers) => {
    const stages: PublicStage[] = []
    const all = new Map(numbers)
    for (const position of [...above].sort((a, b) => a - b)) {
      const node = tree.nodes[position]
      if (node?.op !== 'scan') continue
      all.set(position, numbers.size + stages.length)
      stages.push({
        kind: 'public',
        tree: { nodes: [node], names: node.columns.map((_, index) => `c${index}`) },
        rowsMax: publicRowsMax,
      })
    }
    const thread = startThread(question, all, companions[question.context.door])
    const root = thread.thread(last)
    const answer = factAt(facts, last).columns.map(({ type }, index): AnswerColumn => {
      const found = root.companions.get(index)
      const own = { name: sure(tree.names[index], 'a name'), type, column: movedTo(index, root) }
      return found === undefined ? own : { ...own, companions: [...found] }
    })
    const names = Array.from({ length: root.width }, (_, index) => `c${index}`)
    return { tree: { nodes: thread.nodes, names }, answer, stages }
  }
  return { needed, write }
}

/** Nodes below `from`, itself included; `stop`: not below barriers. */
const reachable = ({ tree, facts }: Question, from: number, stop: boolean): ReadonlySet<number> => {
  const found = new Set<number>()
  const waiting = [from]
  for (let position = waiting.pop(); position !== undefined; position = waiting.pop()) {
    if (found.has(position)) continue
    found.add(position)
    const node = tree.nodes[position]
    if (node === undefined || (stop && factAt(facts, position).link === 'barrier')) continue
    waiting.push(...inputsOf(node))
  }
  return found
}
