import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compare } from '../../../policies/relation/build.ts'
import { joinKinds, type NodeOf, type Tree } from '../../../policies/relation/tree.ts'
import { typeSql, type DataType } from '../../../policies/relation/type.ts'
import { emitTree } from '../../../sandbox/query/emit.ts'
import { padJoins } from '../../../sandbox/query/pad-joins.ts'
import { quoteName } from '../../../sandbox/query/render.ts'
import { checkEmitted } from '../../../sandbox/query/second-lock.ts'

let connection: DuckDBConnection
beforeAll(async () => {
  connection = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect()
  for (const [type, cells] of values) expect(await fill(type, cells)).toBe(3)
})
afterAll(() => connection.closeSync())

const values: readonly (readonly [DataType, readonly string[]])[] = [
  [{ id: 'BIGINT' }, ['0', '1', '-1', '9223372036854775807']],
  [{ id: 'INTEGER' }, ['0', '1', '2147483647']],
  [{ id: 'HUGEINT' }, ['0', '18446744073709551616']],
  [{ id: 'BOOLEAN' }, ['false', 'true']],
  [{ id: 'DOUBLE' }, ['0', '1.5']],
  [{ id: 'DECIMAL', width: 9, scale: 2 }, ['0.00', '1.25']],
  [{ id: 'VARCHAR' }, ['', 'x']],
  [{ id: 'DATE' }, ['1970-01-01', '2024-02-29']],
  [{ id: 'TIMESTAMP' }, ['1970-01-01 00:00:00', '2024-02-29 01:02:03']],
]

/** Two sides of one type: nobody, nobody known, some of each. */
const fill = async (type: DataType, cells: readonly string[]): Promise<number> => {
  const lists = [[], [null], [...cells, null, cells[0]!]]
  for (const [list, members] of lists.entries()) {
    const name = quoteName(nameOf(type, list))
    await connection.run(`CREATE TABLE ${name} (k ${typeSql(type)}, n BIGINT)`)
    const rows = members.map((cell, index) => `(${cell === null ? 'NULL' : `'${cell}'`}, ${index})`)
    if (rows.length > 0) await connection.run(`INSERT INTO ${name} VALUES ${rows.join(', ')}`)
  }
  return lists.length
}
const nameOf = (type: DataType, list: number): string => `${type.id.toLowerCase()}_${list}`

type Kind = NodeOf<'join'>['kind']
const BIGINT: DataType = { id: 'BIGINT' }
type Join = {
  readonly kind: Kind
  readonly type: DataType
  readonly on: '=' | 'notDistinct'
  readonly residual: boolean
  readonly build: 'left' | undefined
}
const treeOf = (
  { kind, type, on, residual, build }: Join,
  lists: readonly [number, number],
): Tree => {
  const columns = [
    { name: 'k', type },
    { name: 'n', type: BIGINT },
  ]
  const n = (index: number) => ({ op: 'column', index, type: BIGINT }) as const
  const key = { op: 'column', index: 0, type } as const
  return {
    nodes: [
      { op: 'scan', dataset: nameOf(type, lists[0]), columns },
      { op: 'scan', dataset: nameOf(type, lists[1]), columns },
      {
        op: 'join',
        kind,
        left: 0,
        right: 1,
        on: [{ left: key, right: key, kind: on }],
        ...(residual && { residual: compare('<=', n(1), n(3)) }),
        ...(build && { build }),
      },
    ],
    names: [],
  }
}

const rowsOf = async (tree: Tree): Promise<readonly string[]> => {
  const result = await connection.runAndReadAll(emitTree(tree, quoteName))
  return result
    .getRows()
    .map((row) => row.map(String).join(' '))
    .sort()
}

const cases = joinKinds.flatMap((kind) =>
  (['=', 'notDistinct'] as const).flatMap((on) =>
    [false, true]
      .filter((residual) => !residual || kind === 'inner' || kind === 'left')
      .filter(() => on === '=' || (kind !== 'mark' && kind !== 'nullAwareAnti'))
      .flatMap((residual) =>
        ([undefined, 'left'] as const)
          .filter((build) => build === undefined || kind === 'inner' || kind === 'left')
          .map((build) => ({ kind, on, residual, build })),
      ),
  ),
)

describe('a padded join', () => {
  test.each(cases)(
    '$kind on $on (residual: $residual, kept: $build) has the same rows',
    async (one) => {
      for (const [type] of values)
        for (const left of [0, 1, 2])
          for (const right of [0, 1, 2]) {
            const tree = treeOf({ ...one, type }, [left, right])
            const padded = padJoins(tree)
            expect(await rowsOf(padded), typeSql(type)).toEqual(await rowsOf(tree))
            const call = 'SELECT json_serialize_plan($1::VARCHAR, optimize := false)'
            const bound = await connection.runAndReadAll(call, [emitTree(padded, quoteName)])
            expect(checkEmitted(padded, String(bound.getRows()[0]?.[0]))).toEqual([])
          }
    },
  )

  test('is one that compares for equality: pairs of all rows stay as they are', () => {
    const tree = treeOf(
      { kind: 'inner', type: BIGINT, on: '=', residual: true, build: undefined },
      [0, 1],
    )
    const nodes = tree.nodes.map((node) => ({ ...node, ...('on' in node && { on: [] }) }))
    expect(padJoins({ ...tree, nodes })).toEqual({ ...tree, nodes })
  })
})
