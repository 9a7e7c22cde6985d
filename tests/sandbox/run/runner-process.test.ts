import { beforeAll, expect, test } from 'vitest'
import { answerOf, postTables } from '../../../policies/query/answer.ts'
import { startChild } from '../../../sandbox/run/child.ts'
import {
  runnerAnswerSchema,
  type RunnerAnswer,
  type RunnerRequest,
} from '../../../sandbox/run/runner-protocol.ts'
import { runPublic } from '../../../sandbox/query/post.ts'
import { openEngine } from '../../../sandbox/run/engine.ts'
import { testFolder } from '../../support/folder.ts'
import { sealTown } from '../../support/seal.ts'
import { planOf } from '../../support/town.ts'

const folder = testFolder()
let file: RunnerRequest['files'][number]

beforeAll(async () => {
  const rows = Array.from({ length: 600 }, (_, index) => [
    String(index + 1),
    index % 3 === 0 ? 'east' : 'west',
    'food',
    '100.00',
    '2001-05-02',
    '3',
    'true',
  ])
  file = await sealTown(folder, 'enterprise', rows)
})

const run = async (request: object): Promise<RunnerAnswer> => {
  const child = startChild(
    'runner-process',
    { addressSpaceMb: 4096, heapMb: 256 },
    { network: false, privileges: false },
  )
  const answer = new Promise((resolve) => child.onMessage(resolve))
  child.send(request)
  const parsed = runnerAnswerSchema.parse(await answer)
  child.kill()
  return parsed
}

const limits = { threads: 1, memoryMb: 512, timeoutMs: 20_000 }

test('a run over an encrypted file gives noisy figures near the truth, and the answer its rows and intervals', async () => {
  const sql =
    'select district, count(*) as n, sum(capital) / count(*) as mean from enterprise group by district order by n desc limit 2'
  const plan = await planOf(sql, { rhoNano: 1_000_000_000 })
  const answer = await run({ plan, files: [file], ...limits })
  if (answer.answer !== 'tables') throw new Error(answer.fault)
  expect(answer.tables).toHaveLength(1)
  const engine = await openEngine({ threads: 1, memoryMb: 256 })
  const { rows } = await runPublic(engine, plan.post, postTables(plan, answer.tables))
  const result = answerOf(plan, rows)
  engine.close()
  expect(result.columns.map(({ name }) => name)).toEqual(['district', 'n', 'mean'])
  expect(result.rows.map(([district]) => district)).toEqual(['west', 'east'])
  const [, n, mean] = result.rows[0] ?? []
  expect(n).toMatchObject({
    value: expect.any(Number),
    sd: expect.closeTo(1, 5),
    low: expect.any(Number),
  })
  expect(Math.abs((n as { value: number }).value - 400)).toBeLessThan(12)
  expect(mean).toBeGreaterThan(50)
})

test('whatever fails is one word, and a file that is not the logged one is not opened', async () => {
  const plan = await planOf('select count(*) from enterprise')
  const other = { ...file, sha256: '0'.repeat(64) }
  expect(await run({ plan, files: [other], ...limits })).toEqual({
    answer: 'failure',
    fault: 'file',
  })
  expect(await run({ plan, files: [], ...limits })).toEqual({ answer: 'failure', fault: 'engine' })
  expect(await run({ plan: 'nonsense' })).toEqual({ answer: 'failure', fault: 'engine' })
})
