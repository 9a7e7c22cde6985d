import { expect, test } from 'vitest'
import { verifyGrain } from '../../../sandbox/domain/verify.ts'
import { openEngine } from '../../../sandbox/run/engine.ts'

test.for([1, 3, 7, 1000])(
  'rows that share a grain are counted and placed alike, %i rows at a time',
  async (atATime) => {
    const engine = await openEngine({ threads: 1, memoryMb: 256 })
    try {
      await engine.query(
        `CREATE TABLE memory.main.t AS SELECT CASE WHEN i IN (5, 6) THEN NULL ELSE i % 20 END AS a, i // 40 AS b FROM range(90) r(i)`,
      )
      const lines = (rows: readonly number[]) => Promise.resolve([...rows])
      const found = await verifyGrain(
        engine,
        { table: 'memory.main.t', atATime },
        { grain: ['a', 'b'] },
        lines,
      )
      // Twenty values twice in each of two forties, but for the two that have none and are alike; ten of the last ten once.
      expect(found).toMatchObject([
        {
          code: 'source/grain-repeats',
          params: { columns: 'a, b', count: 39, lines: '7, 21, 22, 23, 24' },
        },
      ])
    } finally {
      engine.close()
    }
  },
)
