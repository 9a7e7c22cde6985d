import { digestOf } from '../../policies/canonical.ts'
import { treeDigest } from '../../policies/relation/digest.ts'
import type { Tree } from '../../policies/relation/tree.ts'
import type { StubTable } from '../../sandbox/query/check.ts'
import { finishNodes } from '../../sandbox/query/finish.ts'
import { gateText } from '../../sandbox/query/gate.ts'
import { isObject, parseJson, type Json } from '../../sandbox/query/json.ts'
import { lowerPlan } from '../../sandbox/query/lower.ts'
import { openCheckerEngine } from '../../sandbox/run/checker-engine.ts'
import { today } from '../support/checker.ts'

/** What a question could be known by instead of its normal form: equal ones would be found less often. */
export const openPlainDigests = async (tables: readonly StubTable[]) => {
  const engine = await openCheckerEngine()
  const prefix = 'SELECT * FROM ('
  const first = (answer: Json, key: string): Json => {
    const list = isObject(answer) ? answer[key] : undefined
    return (Array.isArray(list) ? (list[0] as Json) : undefined) ?? null
  }
  /** The tree as it is lowered, before any pass brings it into a normal form. */
  const lowered = async (sql: string): Promise<Tree> => {
    const text = `${prefix}${sql}\n) AS q`
    const names = new Map(tables.map(({ dataset, columns }) => [dataset, columns.length]))
    const { reads } = gateText(
      first(parseJson(await engine.serializeSql(text)), 'statements'),
      names,
    )
    const plan = first(parseJson(await engine.serializePlan(text, tables)), 'plans')
    const { graph, names: answered } = lowerPlan(plan, {
      offset: prefix.length,
      today,
      reads,
      uniqueKeys: new Map(),
    })
    return { nodes: [...finishNodes(graph).nodes], names: [...answered] }
  }
  return {
    digests: {
      text: (sql: string): string => digestOf(sql),
      'words of the text': (sql: string): string =>
        digestOf(
          sql
            .replaceAll(/--.*$/gm, '')
            .toLowerCase()
            .replaceAll(/\s+/g, ' ')
            .replaceAll(/ ?([(),*=]) ?/g, '$1')
            .trim(),
        ),
      'tree before its normal form': async (sql: string): Promise<string> =>
        treeDigest(await lowered(sql)),
    },
    close: engine.close,
  }
}
