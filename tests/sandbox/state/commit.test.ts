import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { accepted, refused } from '../../../policies/outcome.ts'
import { refuse } from '../../../policies/refusal.ts'
import { beginCommits } from '../../../sandbox/state/commit.ts'
import { migrate, openDatabase } from '../../../sandbox/state/database.ts'
import { openSeal } from '../../../sandbox/state/seal.ts'
import { emptyLogOf } from '../../../sandbox/state/log.ts'
import { systemWorld } from '../../../sandbox/world.ts'
import { checkLog, draft, inFolder, openTest, testSigner, worldAt } from '../../support/state.ts'

const bodies = (state: ReturnType<typeof openTest>): string[] =>
  state.reader.all('SELECT body FROM entries ORDER BY seq').map(({ body }) => String(body))

describe('a commit', () => {
  test('gives its entries their places, and they are there after opening again', () => {
    inFolder((folder) => {
      const state = openTest(folder)
      expect(checkLog(state)).toBe(0)
      const first = state.commit((tx) => accepted(tx.log(draft('a'))), [draft('b')])
      expect(first).toEqual(accepted(0))
      expect(checkLog(state)).toBe(2)
      expect(state.commit((tx) => accepted(tx.log(draft('c'))))).toEqual(accepted(2))
      expect(checkLog(state)).toBe(3)
      const before = bodies(state)
      state.close()
      const again = openTest(folder)
      expect(checkLog(again)).toBe(3)
      expect(bodies(again)).toEqual(before)
      again.close()
    })
  })

  test('that refuses leaves neither state nor log', () => {
    inFolder((folder) => {
      const state = openTest(folder)
      const refusal = refuse('state/in-use')
      const outcome = state.commit((tx) => {
        tx.log(draft('a'))
        return refused(refusal)
      })
      expect(outcome).toEqual(refused(refusal))
      expect(checkLog(state)).toBe(0)
      state.close()
    })
  })

  test('that throws leaves neither state nor log, and the next one works', () => {
    inFolder((folder) => {
      const state = openTest(folder)
      expect(() =>
        state.commit((tx) => {
          tx.log(draft('a'))
          throw new Error('a bug')
        }),
      ).toThrow('a bug')
      expect(checkLog(state)).toBe(0)
      expect(state.commit(() => accepted(1), [draft('b')]).ok).toBe(true)
      expect(checkLog(state)).toBe(1)
      state.close()
    })
  })

  test('with an entry that is not valid leaves neither', () => {
    inFolder((folder) => {
      const state = openTest(folder)
      const wrong = draft('a', { detail: { note: 'x'.repeat(500) } })
      expect(() => state.commit(() => accepted(1), [draft('b'), wrong])).toThrow()
      expect(checkLog(state)).toBe(0)
      state.close()
    })
  })

  test('that changes the state without a log entry is a bug', () => {
    inFolder((folder) => {
      const state = openTest(folder)
      expect(() =>
        state.commit((tx) =>
          accepted(tx.run('INSERT INTO migrations (version, applied_ms) VALUES (99, 0)')),
        ),
      ).toThrow('without a log entry')
      expect(state.reader.all('SELECT * FROM migrations WHERE version = 99')).toEqual([])
      expect(checkLog(state)).toBe(0)
      state.close()
    })
  })

  test('inside a commit is a bug', () => {
    inFolder((folder) => {
      const state = openTest(folder)
      expect(() =>
        state.commit(() => state.commit(() => accepted(1), [draft('a')]), [draft('b')]),
      ).toThrow('inside')
      expect(checkLog(state)).toBe(0)
      state.close()
    })
  })

  test('gives times that never go back when the clock is set back', () => {
    inFolder((folder) => {
      const world = worldAt(5000)
      const state = openTest(folder, { world })
      const commit = (id: string): unknown => state.commit(() => accepted(1), [draft(id)])
      commit('a')
      world.set(1000)
      commit('b')
      expect(checkLog(state)).toBe(2)
      state.close()
      const again = openTest(folder, { world })
      again.commit(() => accepted(1), [draft('c')])
      world.set(6000)
      again.commit(() => accepted(1), [draft('d')])
      const times = bodies(again).map((body) => (JSON.parse(body) as { timeMs: number }).timeMs)
      expect(times).toEqual([5000, 5000, 5000, 6000])
      expect(checkLog(again)).toBe(4)
      again.close()
    })
  })

  test('cannot change or remove an entry of the log', () => {
    inFolder((folder) => {
      const state = openTest(folder)
      state.commit(() => accepted(1), [draft('a')])
      for (const sql of ["UPDATE entries SET body = '{}'", 'DELETE FROM entries'])
        expect(() => state.commit((tx) => accepted(tx.run(sql)), [draft('b')])).toThrow('never')
      expect(checkLog(state)).toBe(1)
      state.close()
    })
  })

  test('keeps the last checkpoint of every 1024 entries, and the newest two', () => {
    inFolder((folder) => {
      const state = openTest(folder)
      const many = Array.from({ length: 100 }, (_, index) => draft(`${index}`))
      for (let round = 0; round < 25; round += 1) state.commit(() => accepted(1), many)
      const sizes = state.reader.all('SELECT size FROM checkpoints ORDER BY size')
      expect(sizes.map(({ size }) => size)).toEqual([1000, 2000, 2400, 2500])
      expect(checkLog(state)).toBe(2500)
      state.close()
    })
  })
})

describe('where the disk is full', () => {
  test('a commit says so and leaves state and log as they were', () => {
    inFolder((folder) => {
      const state = openTest(folder, { pagesMax: 100 })
      let acknowledged = 0
      const long = draft('a', { detail: { note: 'x'.repeat(400) } })
      for (;;) {
        const outcome = state.commit(() => accepted(1), Array(20).fill(long))
        if (!outcome.ok) {
          expect(outcome.refusals[0]?.code).toBe('state/cannot-write')
          break
        }
        acknowledged += 20
      }
      expect(acknowledged).toBeGreaterThan(0)
      expect(checkLog(state)).toBe(acknowledged)
      state.close()
      const again = openTest(folder)
      expect(checkLog(again)).toBe(acknowledged)
      expect(again.commit(() => accepted(1), [draft('b')]).ok).toBe(true)
      expect(checkLog(again)).toBe(acknowledged + 1)
      again.close()
    })
  })

  test('a change that hides the failure from itself still changes nothing', () => {
    inFolder((folder) => {
      const state = openTest(folder, { pagesMax: 100 })
      const long = draft('a', { detail: { note: 'x'.repeat(400) } })
      expect(() =>
        state.commit((tx) => {
          try {
            for (;;) tx.log(long)
          } catch {
            return accepted(tx.run('DELETE FROM hashes'))
          }
        }),
      ).toThrow('over')
      expect(checkLog(state)).toBe(0)
      state.close()
    })
  })

  test('a commit of which the disk does not tell whether it stands is the last until the state is opened again', () => {
    inFolder((folder) => {
      const database = openDatabase(join(folder, 'state.db'), 1000)
      migrate(database, 0)
      let isFailing = true
      const exec = (sql: string): void => {
        if (sql === 'COMMIT' && isFailing) throw new Error('disk I/O error')
        database.exec(sql)
      }
      const { commit, last } = beginCommits(
        {
          database: { ...database, exec },
          head: { write: () => {} },
          seal: openSeal(database, testSigner),
          signer: testSigner,
          world: systemWorld,
        },
        { end: emptyLogOf('sha256'), note: '' },
      )
      const codeOf = (): string => {
        const outcome = commit(() => accepted(1), [draft('a')])
        return outcome.ok ? 'ok' : outcome.refusals.map(({ code }) => code).join()
      }
      expect(codeOf()).toBe('state/cannot-write')
      isFailing = false
      expect(codeOf()).toBe('state/cannot-write')
      expect(
        checkLog({
          reader: database,
          commit,
          last,
          isSound: () => true,
          close: database.close,
        }),
      ).toBe(0)
      database.close()
    })
  })

  test('a checkpoint that cannot be written beside holds up the next commit, not the one that stands', () => {
    inFolder((folder) => {
      const database = openDatabase(join(folder, 'state.db'), 1000)
      migrate(database, 0)
      const written: string[] = []
      let isFull = true
      const write = (note: string): void => {
        if (isFull) throw new Error('no room')
        written.push(note.split('\n')[1] ?? '')
      }
      const { commit, last } = beginCommits(
        {
          database,
          head: { write },
          seal: openSeal(database, testSigner),
          signer: testSigner,
          world: systemWorld,
        },
        { end: emptyLogOf('sha256'), note: '' },
      )
      const commitOne = (id: string): boolean => commit(() => accepted(1), [draft(id)]).ok
      expect(commitOne('a')).toBe(true)
      expect(commitOne('b')).toBe(false)
      expect(last().end.edge.size).toBe(1)
      isFull = false
      expect(commitOne('c')).toBe(true)
      expect(written).toEqual(['1', '2'])
      expect(
        checkLog({
          reader: database,
          commit,
          last,
          isSound: () => true,
          close: database.close,
        }),
      ).toBe(2)
      database.close()
    })
  })
})
