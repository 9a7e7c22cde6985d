import { factOf, scopeOf } from '../relation/derive.ts'
import { exprText } from '../relation/digest.ts'
import { typeOf, type Expr } from '../relation/expression.ts'
import type { NodeFact } from '../relation/fact.ts'
import type { Measure } from '../relation/tree.ts'
import type { Spine } from './spine.ts'
import { columnAt, moved, type Thread } from './threaded.ts'

type Measured = {
  readonly input: NodeFact
  readonly spine: Spine
  readonly measures: readonly Measure[]
}

/**
 * What is measured, and under which condition, becomes a column before it is used: a cut names its value three times, a
 * variance cuts nine times, and a condition stands in every part that it makes with others, so that a text of a few
 * kilobytes would otherwise be written out as megabytes.
 */
export const valuesFirst = (
  measures: readonly Measure[],
  input: NodeFact,
  { spine, thread }: { readonly spine: Spine; readonly thread: Thread },
): Measured => {
  const values = new Map(
    measures.flatMap(({ args, filter }) =>
      [...args, ...(filter ? [filter] : [])]
        .filter(({ op }) => op !== 'column' && op !== 'literal')
        .map((expr) => [exprText(expr), expr] as const),
    ),
  )
  if (values.size === 0) return { input, spine, measures }
  const added = [...values.values()]
  const exprs = [...thread.columnsOf(spine.node), ...added.map((arg) => moved(arg, spine))]
  const width = exprs.length - added.length
  const scope = scopeOf(input.columns)
  const places = new Map([...values.keys()].map((text, place) => [text, place]))
  const columnOf = (arg: Expr): Expr => {
    const place = places.get(exprText(arg))
    return place === undefined ? arg : columnAt(input.columns.length + place, typeOf(arg))
  }
  return {
    input: { ...input, columns: [...input.columns, ...added.map((arg) => factOf(arg, scope))] },
    spine: {
      ...spine,
      node: thread.add({ op: 'project', input: spine.node, exprs }),
      width: exprs.length,
      map: [...spine.map, ...added.map((_, index) => width + index)],
    },
    measures: measures.map((measure) => ({
      ...measure,
      args: measure.args.map(columnOf),
      ...(measure.filter && { filter: columnOf(measure.filter) }),
    })),
  }
}
