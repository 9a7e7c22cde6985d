import { expect, test } from 'vitest'
import { EngineFailure, openEngine, type Engine } from '../../../sandbox/run/engine.ts'
import { runPlan, type RunWorld } from '../../../sandbox/run/run-plan.ts'
import { salt, silence } from '../../support/gate.ts'
import { planOf } from '../../support/town.ts'

const world: RunWorld = { sampler: silence, salt, nowMs: () => 0, timeoutMs: 10_000 }

const openTown = async (): Promise<Engine> => {
  const engine = await openEngine({ threads: 1, memoryMb: 256 })
  await engine.query(`ATTACH ':memory:' AS _d_enterprise`)
  await engine.query(
    'CREATE TABLE _d_enterprise.main.enterprise AS SELECT range AS uscc, CAST(1 AS DECIMAL(18,2)) AS capital FROM range(20)',
  )
  return engine
}

test('a statement is run only if the engine understands it as the tree means it', async () => {
  const plan = await planOf('select count(*), sum(capital) from enterprise')
  const engine = await openTown()
  const { tables } = await runPlan(plan, engine, world)
  expect(tables[0]!.rows).toEqual([
    [expect.objectContaining({ value: 20 }), expect.objectContaining({ value: 20 })],
  ])

  const asked: string[] = []
  const forged: Engine = {
    ...engine,
    query: (sql, params, limits) => {
      asked.push(sql)
      const other = params?.map((text) => String(text).replace('"capital"', '"uscc"'))
      return engine.query(sql, other, limits)
    },
  }
  await expect(runPlan(plan, forged, world)).rejects.toThrow(EngineFailure)
  expect(asked).toHaveLength(1)
})

test('a run ends at its time and its memory with that word', async () => {
  const plan = await planOf('select count(*) from enterprise')
  const engine = await openTown()
  const slow: Engine = {
    ...engine,
    query: (sql, params, limits) =>
      sql.startsWith('SELECT json')
        ? engine.query(sql, params, limits)
        : engine.query(
            'SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE (a.range * b.range) % 7 = 3',
            [],
            limits,
          ),
  }
  await expect(runPlan(plan, slow, { ...world, timeoutMs: 60 })).rejects.toMatchObject({
    fault: 'time',
  })
})
