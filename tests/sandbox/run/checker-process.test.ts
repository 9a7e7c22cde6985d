import { afterAll, beforeAll, expect, test } from 'vitest'
import { call } from '../../../policies/relation/build.ts'
import { BIGINT, DOUBLE, VARCHAR } from '../../../policies/relation/type.ts'
import { startChild, type Child } from '../../../sandbox/run/child.ts'
import {
  checkerAnswerSchema,
  type CheckerAnswer,
  type CheckerRequest,
} from '../../../sandbox/run/checker-protocol.ts'
import { cityTables, today } from '../../support/checker.ts'

let child: Child
let settle: (answer: unknown) => void

beforeAll(() => {
  child = startChild(
    'checker-process',
    { addressSpaceMb: 4096, heapMb: 256 },
    { network: false, privileges: false },
  )
  child.onMessage((message) => settle(message))
})
afterAll(() => child.kill())

const ask = async (message: object): Promise<CheckerAnswer> => {
  const answer = new Promise((resolve) => {
    settle = resolve
  })
  child.send(message)
  return checkerAnswerSchema.parse(await answer)
}
const tables = cityTables.map(({ dataset, columns }) => ({ dataset, columns: [...columns] }))

test('a checker answers a text with its tree, or with refusals', async () => {
  const request: CheckerRequest = {
    ask: 'check',
    text: 'SELECT district, count(*) FROM enterprise GROUP BY district',
    tables,
    today,
  }
  expect(await ask(request)).toMatchObject({
    answer: 'tree',
    tree: { names: ['district', 'count_star()'] },
  })
  expect(await ask({ ...request, text: 'SELECT 1; SELECT 2' })).toMatchObject({
    answer: 'refusals',
    refusals: [{ code: 'query/several-statements', at: { line: 1, column: 11 } }],
  })
})

test('a checker sorts, filters and computes over protected figures', async () => {
  const request: CheckerRequest = {
    ask: 'post',
    tables: [
      {
        name: 'protected_0',
        columns: [
          { name: 'k0', type: VARCHAR },
          { name: 'm0', type: BIGINT },
        ],
        rows: [
          ['浦东', '30'],
          [null, '12'],
          ["静'安", '0'],
        ],
      },
    ],
    tree: {
      nodes: [
        {
          op: 'scan',
          dataset: 'protected_0',
          columns: [
            { name: 'k0', type: VARCHAR },
            { name: 'm0', type: BIGINT },
          ],
        },
        {
          op: 'project',
          input: 0,
          exprs: [
            { op: 'column', index: 0, type: VARCHAR },
            call(
              '/',
              [
                { op: 'literal', value: '3', type: DOUBLE },
                { op: 'tryCast', input: { op: 'column', index: 1, type: BIGINT }, type: DOUBLE },
              ],
              DOUBLE,
            ),
          ],
        },
        {
          op: 'sort',
          input: 1,
          orders: [
            {
              expr: { op: 'column', index: 1, type: DOUBLE },
              descending: true,
              nullsFirst: true,
            },
          ],
        },
      ],
      names: ['district', 'share'],
    },
  }
  expect(await ask(request)).toEqual({
    answer: 'rows',
    columns: [
      { name: 'district', type: VARCHAR },
      { name: 'share', type: DOUBLE },
    ],
    rows: [
      ["静'安", null],
      [null, '0.25'],
      ['浦东', '0.1'],
    ],
  })
})

test('what is no request of the protocol is a failure, and tells nothing', async () => {
  expect(await ask({ ask: 'open', file: '/etc/passwd' })).toEqual({ answer: 'failure' })
})
