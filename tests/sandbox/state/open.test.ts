import {
  copyFileSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, test } from 'vitest'
import { accepted } from '../../../policies/outcome.ts'
import { signerOf } from '../../../sandbox/log/checkpoint.ts'
import { checkLog, draft, inFolder, openingOf, openTest, tamperWith } from '../../support/state.ts'

/** Commits of one entry each. */
const fill = (folder: string, count: number): void => {
  const state = openTest(folder)
  for (let index = 0; index < count; index += 1)
    state.commit(() => accepted(1), [draft(`entry ${index}`)])
  checkLog(state)
  state.close()
}

/** Runs SQL on the closed file and leaves the schema as the SQL made it. */
const tamper = (folder: string, sql: string): void => {
  const file = new DatabaseSync(join(folder, 'state.db'))
  file.exec(sql)
  file.close()
}

const copy = (folder: string, from: string, to: string): void =>
  copyFileSync(join(folder, from), join(folder, to))

describe('the state', () => {
  test('held by one opener is refused to a second, and free when the first is gone', () => {
    inFolder((folder) => {
      const state = openTest(folder)
      expect(openingOf(folder)).toBe('state/in-use')
      state.commit(() => accepted(1), [draft('a')])
      expect(openingOf(folder)).toBe('state/in-use')
      expect(checkLog(state)).toBe(1)
      state.close()
      expect(openingOf(folder)).toBe('opened')
    })
  })

  test('can be read by its owner alone', () => {
    inFolder((folder) => {
      fill(folder, 1)
      for (const name of ['state.db', 'state.head'])
        expect(statSync(join(folder, name)).mode & 0o077).toBe(0)
    })
  })

  test('that is an older copy is refused', () => {
    inFolder((folder) => {
      fill(folder, 3)
      copy(folder, 'state.db', 'old.db')
      fill(folder, 3)
      copy(folder, 'old.db', 'state.db')
      expect(openingOf(folder)).toBe('state/rolled-back')
    })
  })

  test('that is gone while its last checkpoint is there is refused', () => {
    inFolder((folder) => {
      fill(folder, 1)
      rmSync(join(folder, 'state.db'))
      expect(openingOf(folder)).toBe('state/rolled-back')
    })
  })

  test('whose last commits were cut off inside the database is refused', () => {
    inFolder((folder) => {
      fill(folder, 5)
      tamperWith(
        folder,
        'DELETE FROM entries WHERE seq >= 4; DELETE FROM hashes WHERE level = 0 AND idx >= 4; DELETE FROM checkpoints WHERE size > 4',
      )
      expect(openingOf(folder)).toBe('state/rolled-back')
    })
  })

  test('that is one commit ahead of its checkpoint file is what a crash leaves, and opens', () => {
    inFolder((folder) => {
      fill(folder, 3)
      copy(folder, 'state.head', 'old.head')
      fill(folder, 1)
      copy(folder, 'old.head', 'state.head')
      const state = openTest(folder)
      expect(checkLog(state)).toBe(4)
      expect(readFileSync(join(folder, 'state.head'), 'utf8')).toContain(state.last().note)
      state.close()
    })
  })

  test('that is two commits ahead of its checkpoint file, or has none, is refused', () => {
    inFolder((folder) => {
      fill(folder, 3)
      copy(folder, 'state.head', 'old.head')
      fill(folder, 2)
      renameSync(join(folder, 'old.head'), join(folder, 'state.head'))
      expect(openingOf(folder)).toBe('state/rolled-back')
      rmSync(join(folder, 'state.head'))
      expect(openingOf(folder)).toBe('state/rolled-back')
    })
  })

  test('of another history of the same length is refused', () => {
    inFolder((folder) => {
      inFolder((other) => {
        fill(folder, 3)
        const state = openTest(other)
        for (const id of ['x', 'y', 'z']) state.commit(() => accepted(1), [draft(id)])
        state.close()
        copyFileSync(join(other, 'state.db'), join(folder, 'state.db'))
        expect(openingOf(folder)).toBe('state/rolled-back')
      })
    })
  })

  test('signed with another key, or under another name, is refused', () => {
    inFolder((folder) => {
      fill(folder, 1)
      const key = signerOf('sluice.example/test', Buffer.alloc(32, 2))
      expect(openingOf(folder, { signer: key })).toBe('state/other-key')
      const name = signerOf('sluice.example/other', Buffer.alloc(32, 1))
      expect(openingOf(folder, { signer: name })).toBe('state/other-key')
      expect(openingOf(folder)).toBe('opened')
    })
  })

  test('whose checkpoint file holds no signed checkpoint is refused', () => {
    inFolder((folder) => {
      fill(folder, 3)
      for (const content of ['', 'x'.repeat(9000)]) {
        writeFileSync(join(folder, 'state.head'), content)
        expect(openingOf(folder)).toBe('state/rolled-back')
      }
    })
  })

  test('whose last checkpoint was written by half keeps the one before, and opens', () => {
    inFolder((folder) => {
      fill(folder, 4)
      const path = join(folder, 'state.head')
      const whole = readFileSync(path)
      const newest = whole.indexOf('\n4\n') > 4096 ? 4096 : 0
      const torn = Buffer.from(whole)
      torn.fill(0, newest + 60, newest + 4096)
      writeFileSync(path, torn)
      const state = openTest(folder)
      expect(checkLog(state)).toBe(4)
      state.close()
      expect(readFileSync(path).includes('\n4\n')).toBe(true)
      const both = Buffer.from(whole)
      both.fill(0, 60, 4096)
      both.fill(0, 4096 + 60)
      writeFileSync(path, both)
      expect(openingOf(folder)).toBe('state/rolled-back')
    })
  })

  test.each([
    ['an entry was changed', `UPDATE entries SET body = replace(body, 'entry 1', 'entry x')`],
    ['an entry was taken out', 'DELETE FROM entries WHERE seq = 1'],
    [
      'an entry was put in',
      `INSERT INTO entries (seq, body) SELECT 9, body FROM entries WHERE seq = 1`,
    ],
    [
      'two entries changed places',
      'UPDATE entries SET seq = 99 WHERE seq = 1; UPDATE entries SET seq = 1 WHERE seq = 2; UPDATE entries SET seq = 2 WHERE seq = 99',
    ],
    ['the last checkpoint was taken out', 'DELETE FROM checkpoints WHERE size = 5'],
    ['a hash was changed', 'UPDATE hashes SET hash = randomblob(32) WHERE level = 1 AND idx = 0'],
    ['a hash was taken out', 'DELETE FROM hashes WHERE level = 1 AND idx = 1'],
    ['a hash stands in another place', 'UPDATE hashes SET idx = 7 WHERE level = 1 AND idx = 1'],
    ['a hash was put in', 'INSERT INTO hashes VALUES (5, 0, randomblob(32))'],
    ['a checkpoint stands at another size', 'UPDATE checkpoints SET size = 3 WHERE size = 4'],
    ['an entry is no text of an entry', `UPDATE entries SET body = '{}' WHERE seq = 2`],
  ])('in which %s is refused', (_, sql) => {
    inFolder((folder) => {
      fill(folder, 5)
      tamperWith(folder, sql)
      expect(openingOf(folder)).toBe('state/damaged')
    })
  })

  test.each([
    ['without a trigger', 'DROP TRIGGER entries_stay'],
    [
      'with a trigger of somebody',
      'CREATE TRIGGER t AFTER INSERT ON entries BEGIN DELETE FROM hashes; END',
    ],
    ['with a table of somebody', 'CREATE TABLE t (a)'],
    ['with an index of somebody', 'CREATE INDEX i ON entries (body)'],
  ])('%s is refused', (_, sql) => {
    inFolder((folder) => {
      fill(folder, 1)
      tamper(folder, sql)
      expect(openingOf(folder)).toBe('state/damaged')
    })
  })

  test('of a newer program is refused', () => {
    inFolder((folder) => {
      fill(folder, 1)
      tamper(folder, 'INSERT INTO migrations (version, applied_ms) VALUES (1000, 0)')
      expect(openingOf(folder)).toBe('state/unknown-schema')
    })
  })

  test('cut short, or with bytes overwritten, is refused and nothing is thrown', () => {
    inFolder((folder) => {
      fill(folder, 60)
      const path = join(folder, 'state.db')
      const whole = readFileSync(path)
      for (const size of [
        100,
        4096,
        5000,
        Math.floor(whole.length / 8192) * 4096,
        whole.length - 4096,
      ]) {
        truncateSync(path, size)
        expect(openingOf(folder), `cut to ${size}`).toMatch(/^state\/(damaged|rolled-back)$/)
        writeFileSync(path, whole)
      }
      for (const at of [0, 30, 100, 4096 + 3, 2 * 4096 + 50, Math.floor(whole.length / 2)]) {
        const changed = Buffer.from(whole)
        changed.fill(0xa5, at, at + 64)
        writeFileSync(path, changed)
        expect(openingOf(folder), `overwritten at ${at}`).toMatch(/^state\/|^opened$/)
        rmSync(`${path}-wal`, { force: true })
        writeFileSync(path, whole)
      }
      expect(openingOf(folder)).toBe('opened')
    })
  })
})
