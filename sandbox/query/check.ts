import { accepted, refused, type Outcome } from '../../policies/outcome.ts'
import { refuse, type Refusal } from '../../policies/refusal.ts'
import type { Tree } from '../../policies/relation/tree.ts'
import type { DataType } from '../../policies/relation/type.ts'
import { bindProblem } from './bind-error.ts'
import { causeOf } from './cause.ts'
import { gateText } from './gate.ts'
import { tooComplex, type Problem } from './gate-rule.ts'
import { isObject, parseJson, type Json, type JsonObject } from './json.ts'
import { lowerPlan } from './lower.ts'
import type { Evaluate } from './fold.ts'
import { runPasses } from './passes.ts'
import { positionOf } from './position.ts'
import { statementOf } from './text.ts'

/** A table a submitter may read: its dataset's name and the columns visible to them. */
export type StubTable = {
  readonly dataset: string
  readonly columns: readonly { readonly name: string; readonly type: DataType }[]
  /** Columns that together are never the same in two rows and never missing, if there are such. */
  readonly key?: readonly string[] | undefined
}

/** What checking needs of an engine: both answers are the JSON of the engine's own functions of these names. */
export type Binder = {
  readonly serializeSql: (text: string) => Promise<string>
  /** On a stub of empty tables with exactly the columns of `tables`. */
  readonly serializePlan: (text: string, tables: readonly StubTable[]) => Promise<string>
  /** Values of constant SQL expressions as text. */
  readonly evaluate: Evaluate
}

export type Question = {
  readonly text: string
  readonly tables: readonly StubTable[]
  /** ISO date that `current_date` means in this question. */
  readonly today: string
}

/** The engine names the columns of an answer rightly only from outside; the line end closes a trailing comment. */
const prefix = 'SELECT * FROM ('
const suffix = '\n) AS q'

/** Most reasons told at once. */
const refusalsMax = 50

const planBytesMax = 8 * 1024 * 1024

/**
 * From a submitted text to the relation tree, or every reason why not, with places. Touches no data: `binder` works on
 * empty tables. Throws only on bugs, ours or the engine's.
 */
export const checkText = async (question: Question, binder: Binder): Promise<Outcome<Tree>> => {
  const statement = statementOf(question.text)
  if (!statement.ok) return statement
  const text = `${prefix}${statement.value}${suffix}`
  const refuseAll = (problems: readonly Problem[]): Outcome<never> =>
    refused(...refusalsOf(problems, statement.value))

  const parsed = parseJson(await binder.serializeSql(text))
  const statementTree = wrappedStatement(parsed)
  if (statementTree === undefined) return refuseAll([bindProblem(parsed, prefix.length)])
  const names = new Map(
    question.tables.map(({ dataset, columns }) => [dataset.toLowerCase(), columns.length]),
  )
  const { problems, reads } = gateText(statementTree, names)
  if (problems.length > 0) return refuseAll(problems.map(moved))

  const json = await binder.serializePlan(text, question.tables)
  // So the engine answers a format of dates with `%` before a character of several bytes.
  if (json === '') return refuseAll([{ code: 'query/binding' }])
  if (json.length > planBytesMax)
    return refuseAll([{ code: 'query/too-complex', params: tooComplex }])
  const bound = parseJson(json)
  const plan = planIn(bound)
  if (plan === undefined) return refuseAll([bindProblem(bound, prefix.length)])
  const lowered = lowerPlan(plan, {
    offset: prefix.length,
    today: question.today,
    reads,
    uniqueKeys: keysOf(question.tables),
  })
  if (lowered.problems.length > 0) return refuseAll(lowered.problems)
  const passed = await runPasses(lowered, binder.evaluate)
  return passed.problems.length > 0
    ? refuseAll(passed.problems)
    : accepted({ nodes: [...passed.nodes], names: [...lowered.names] })
}

const keysOf = (tables: readonly StubTable[]): ReadonlyMap<string, readonly string[]> =>
  new Map(
    tables.flatMap(({ dataset, key }) => (key === undefined ? [] : [[dataset.toLowerCase(), key]])),
  )

/** Positions of the parsed text start at the wrapping. */
const moved = (problem: Problem): Problem =>
  problem.at === undefined || problem.at < prefix.length
    ? { code: problem.code, params: problem.params ?? {} }
    : { ...problem, at: problem.at - prefix.length }

/** In the order of the text, each once; a place behind the end of the text is its end. */
const refusalsOf = (problems: readonly Problem[], text: string): readonly Refusal[] => {
  const end = Buffer.byteLength(text.trimEnd(), 'utf8')
  const placed = problems.map((problem) =>
    problem.at === undefined ? { ...problem, at: causeOf(problem, text) } : problem,
  )
  const sorted = placed.sort((a, b) => (a.at ?? -1) - (b.at ?? -1))
  const refusals = sorted.map(({ code, params, at }) =>
    refuse(code, params, at === undefined ? undefined : positionOf(text, Math.min(at, end))),
  )
  const byText = new Map(refusals.map((refusal) => [JSON.stringify(refusal), refusal]))
  return [...byText.values()].slice(0, refusalsMax)
}

/** The wrapped statement as it was parsed. A text that closes the wrapping's bracket itself is none. */
const wrappedStatement = (parsed: Json): JsonObject | undefined => {
  const [only, more] = listIn(parsed, 'statements')
  const node = isObject(only) && more === undefined ? only['node'] : undefined
  const from = isObject(node) ? node['from_table'] : undefined
  const isWrapping =
    isObject(only) &&
    isObject(node) &&
    node['type'] === 'SELECT_NODE' &&
    node['where_clause'] === null &&
    isObject(from) &&
    from['type'] === 'SUBQUERY' &&
    from['alias'] === 'q'
  return isWrapping ? only : undefined
}

/** The list that an answer of the engine is, if it is an answer and nothing else. */
const listIn = (answer: Json, key: string): readonly Json[] => {
  const known =
    isObject(answer) && Object.keys(answer).sort().join() === ['error', key].sort().join()
  const list = known && answer['error'] === false ? answer[key] : undefined
  return Array.isArray(list) ? (list as readonly Json[]) : []
}

const planIn = (bound: Json): Json | undefined => {
  const [only, more] = listIn(bound, 'plans')
  return more === undefined ? only : undefined
}
