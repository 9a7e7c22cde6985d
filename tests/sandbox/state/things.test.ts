import { describe, expect, test } from 'vitest'
import { digestOf } from '../../../policies/canonical.ts'
import { accepted, type Outcome } from '../../../policies/outcome.ts'
import { refuse } from '../../../policies/refusal.ts'
import { accounts, createAccount, disableAccount } from '../../../sandbox/state/accounts.ts'
import type { Writer } from '../../../sandbox/state/commit.ts'
import {
  currentDocument,
  currentDocuments,
  documentOf,
  putDocument,
} from '../../../sandbox/state/documents.ts'
import { accountOfKey, issueKey, revokeKey } from '../../../sandbox/state/keys.ts'
import { chargeSubmission } from '../../../sandbox/state/ledger.ts'
import type { State } from '../../../sandbox/state/open.ts'
import {
  protectResult,
  releaseOf,
  releaseResult,
  resultOf,
  reusableResult,
  reuseResult,
} from '../../../sandbox/state/results.ts'
import { endRun, startRun } from '../../../sandbox/state/runs.ts'
import {
  listSubmissions,
  moveSubmission,
  runsUsed,
  submissionOf,
  submissionsIn,
} from '../../../sandbox/state/submissions.ts'
import { currentVersion, publishVersion, versionOf } from '../../../sandbox/state/versions.ts'
import { analyst, charge, digest, limits, operator, receive, received } from '../../support/flow.ts'
import { checkLog, inFolder, openTest, worldAt } from '../../support/state.ts'

const withState = (run: (state: State) => void): void =>
  inFolder((folder) => {
    const state = openTest(folder, { world: worldAt(1000) })
    run(state)
    checkLog(state)
    state.close()
    const again = openTest(folder)
    checkLog(again)
    again.close()
  })

const eventsOf = (state: State): string[] =>
  state.reader.all('SELECT event FROM entries ORDER BY seq').map(({ event }) => String(event))

const codeOf = (outcome: Outcome<unknown>): string =>
  outcome.ok ? 'ok' : outcome.refusals.map(({ code }) => code).join()

/** A change that only answers a value. */
const change = <T>(state: State, run: (tx: Writer) => T): Outcome<T> =>
  state.commit((tx) => accepted(run(tx)))

describe('a document', () => {
  const put = (state: State, kind: 'policy' | 'agreement', value: unknown) =>
    state.commit((tx) => putDocument(tx, { kind, name: 'tax-policy', value }, operator))

  test('is kept under its digest, and a later one of its name becomes current beside it', () => {
    withState((state) => {
      const [first, second] = [{ b: 1, a: 2 }, { a: 3 }]
      expect(put(state, 'policy', first)).toMatchObject({
        value: { digest: digestOf(first), seq: 0 },
      })
      expect(put(state, 'policy', second)).toMatchObject({ value: { seq: 1 } })
      expect(currentDocument(state.reader, 'policy', 'tax-policy')?.json).toBe('{"a":3}')
      expect(documentOf(state.reader, 'policy', digestOf(first))?.json).toBe('{"a":2,"b":1}')
      expect(currentDocuments(state.reader, 'policy')).toHaveLength(1)
      expect(currentDocument(state.reader, 'dataset', 'tax-policy')).toBeUndefined()
      expect(eventsOf(state)).toEqual(['policy/published', 'policy/published'])
    })
  })

  test('with the same content changes nothing, and an earlier content may come back', () => {
    withState((state) => {
      put(state, 'policy', { a: 1 })
      expect(put(state, 'policy', { a: 1 })).toMatchObject({ value: { seq: 0 } })
      expect(checkLog(state)).toBe(1)
      put(state, 'policy', { a: 2 })
      put(state, 'policy', { a: 1 })
      expect(checkLog(state)).toBe(3)
      expect(currentDocument(state.reader, 'policy', 'tax-policy')?.json).toBe('{"a":1}')
    })
  })

  test('that is an agreement is signed once', () => {
    withState((state) => {
      expect(codeOf(put(state, 'agreement', { a: 1 }))).toBe('ok')
      expect(codeOf(put(state, 'agreement', { a: 1 }))).toBe('ok')
      expect(codeOf(put(state, 'agreement', { a: 2 }))).toBe('submission/conflict')
      expect(checkLog(state)).toBe(1)
    })
  })

  test('cannot be changed or removed', () => {
    withState((state) => {
      put(state, 'policy', { a: 1 })
      for (const sql of ["UPDATE documents SET json = '{}'", 'DELETE FROM documents'])
        expect(() => change(state, (tx) => tx.run(sql))).toThrow('never')
    })
  })
})

describe('an account', () => {
  const key = digest('aa')
  const open = (state: State): void => {
    const li = { account: 'li', organisation: 'city-bank', role: 'analyst' } as const
    state.commit((tx) => createAccount(tx, li, operator))
    state.commit((tx) => issueKey(tx, { digest: key, account: 'li', expiresMs: 5000 }, operator))
  }

  test('is found by a key that is in force', () => {
    withState((state) => {
      open(state)
      expect(accountOfKey(state.reader, key, 4999)).toEqual({
        account: 'li',
        organisation: 'city-bank',
        role: 'analyst',
        expiresMs: 5000,
      })
      expect(accountOfKey(state.reader, key, 5000)).toBeUndefined()
      expect(accountOfKey(state.reader, digest('ab'), 1)).toBeUndefined()
      expect(accounts(state.reader)).toHaveLength(1)
    })
  })

  test('is not found by a key taken back, nor when it is disabled', () => {
    withState((state) => {
      open(state)
      expect(codeOf(state.commit((tx) => revokeKey(tx, key, operator)))).toBe('ok')
      expect(codeOf(state.commit((tx) => revokeKey(tx, key, operator)))).toBe('access/not-found')
      expect(accountOfKey(state.reader, key, 1)).toBeUndefined()
    })
    withState((state) => {
      open(state)
      expect(codeOf(state.commit((tx) => disableAccount(tx, 'li', operator)))).toBe('ok')
      expect(codeOf(state.commit((tx) => disableAccount(tx, 'li', operator)))).toBe(
        'access/not-found',
      )
      expect(accountOfKey(state.reader, key, 1)).toBeUndefined()
      expect(accounts(state.reader)).toEqual([])
    })
  })

  test('has a name nobody had before, and a key that does not stand whole in the log', () => {
    withState((state) => {
      open(state)
      const again = { account: 'li', organisation: 'other-bank', role: 'analyst' } as const
      expect(codeOf(state.commit((tx) => createAccount(tx, again, operator)))).toBe(
        'submission/conflict',
      )
      const log = state.reader.all('SELECT body FROM entries').map(({ body }) => String(body))
      expect(log.join()).not.toContain(key)
    })
  })
})

describe('a version', () => {
  const version = (name: string) => ({
    digest: digest(name),
    dataset: 'tax',
    datasetDigest: digest('d0'),
    policyDigest: digest('b0'),
    raw: `raw-${name}`,
    file: `versions/${name}.duckdb`,
    fileDigest: digest('f0'),
    keyIdentity: `version/${name}`,
    facts: '{"rows":123456789}',
  })

  test('published last is current, and the one before stays by its digest', () => {
    withState((state) => {
      for (const name of ['a1', 'a2'])
        state.commit((tx) => publishVersion(tx, version(name), operator))
      expect(currentVersion(state.reader, 'tax', digest('b0'))?.digest).toBe(digest('a2'))
      expect(versionOf(state.reader, digest('a1'))?.file).toBe('versions/a1.duckdb')
      expect(currentVersion(state.reader, 'tax', digest('b1'))).toBeUndefined()
    })
  })

  test('has its number of rows nowhere in the log', () => {
    withState((state) => {
      state.commit((tx) => publishVersion(tx, version('a1'), operator))
      const [entry] = state.reader.all('SELECT body FROM entries')
      expect(entry?.['body']).toContain(digest('f0'))
      expect(entry?.['body']).not.toContain('123456789')
    })
  })
})

describe('a submission', () => {
  test('with the same key and content is the one it was, and with other content is refused', () => {
    withState((state) => {
      expect(receive(state, 'a', { idempotencyKey: 'k' })).toMatchObject({ value: { isNew: true } })
      expect(receive(state, 'b', { idempotencyKey: 'k' })).toMatchObject({
        value: { isNew: false, submission: { id: 'a' } },
      })
      const spec = { ...received('c').spec, sql: 'select 1' }
      expect(codeOf(receive(state, 'c', { idempotencyKey: 'k', spec }))).toBe('submission/conflict')
      expect(receive(state, 'e', { idempotencyKey: 'k', digest: digest('d2') })).toMatchObject({
        value: { isNew: false, submission: { id: 'a' } },
      })
      expect(codeOf(receive(state, 'd', { idempotencyKey: 'k', account: 'zhao' }))).toBe('ok')
      expect(checkLog(state)).toBe(2)
    })
  })

  test('without a key is always a new one', () => {
    withState((state) => {
      expect(receive(state, 'a')).toMatchObject({ value: { isNew: true } })
      expect(receive(state, 'b')).toMatchObject({ value: { isNew: true } })
    })
  })

  test('that is refused keeps its refusals and goes nowhere else', () => {
    withState((state) => {
      receive(state, 'a')
      const refusals = [refuse('query/not-text')]
      change(state, (tx) => moveSubmission(tx, { id: 'a', to: 'refused', refusals }, analyst))
      expect(submissionOf(state.reader, 'a')).toMatchObject({ state: 'refused', refusals })
      expect(() =>
        change(state, (tx) => moveSubmission(tx, { id: 'a', to: 'released' }, analyst)),
      ).toThrow('no step')
      expect(() =>
        change(state, (tx) => moveSubmission(tx, { id: 'b', to: 'refused' }, analyst)),
      ).toThrow('no such')
      expect(eventsOf(state)).toEqual(['submission/received', 'submission/refused'])
    })
  })

  test('is charged by the ledger alone', () => {
    withState((state) => {
      receive(state, 'a')
      expect(() =>
        change(state, (tx) => moveSubmission(tx, { id: 'a', to: 'charged' }, analyst)),
      ).toThrow('only the ledger')
      expect(submissionOf(state.reader, 'a')?.state).toBe('received')
    })
  })

  test('is listed newest first, by organisation and page, and by state oldest first', () => {
    withState((state) => {
      for (const id of ['a', 'b', 'c'])
        receive(state, id, { organisation: id === 'b' ? 'other-bank' : 'city-bank' })
      const ids = (list: readonly { id: string }[]): string => list.map(({ id }) => id).join('')
      expect(ids(listSubmissions(state.reader, { limit: 2 }))).toBe('cb')
      expect(ids(listSubmissions(state.reader, { limit: 2, before: 1 }))).toBe('a')
      const mine = { organisation: 'city-bank', limit: 9 }
      expect(ids(listSubmissions(state.reader, mine))).toBe('ca')
      expect(ids(submissionsIn(state.reader, 'received'))).toBe('abc')
    })
  })

  test('cannot be edited or removed', () => {
    withState((state) => {
      receive(state, 'a')
      for (const sql of ["UPDATE submissions SET spec = '{}'", 'DELETE FROM submissions'])
        expect(() => change(state, (tx) => tx.run(sql))).toThrow('never')
    })
  })
})

describe('a result', () => {
  const run = (state: State, id: string): void => {
    receive(state, id)
    const charged = { id, charge: charge(1), limitOf: limits(100) }
    state.commit((tx) => chargeSubmission(tx, charged, analyst))
    change(state, (tx) => startRun(tx, { run: `run-${id}`, submission: id }, operator))
    change(state, (tx) => endRun(tx, { run: `run-${id}`, outcome: 'done' }, operator))
  }
  const made = (submission: string) => ({
    submission,
    digest: digest('e1'),
    question: digest('c1'),
    bytes: Buffer.from('{"rows":[]}'),
    evidence: null,
    commitment: digest('77'),
  })

  test('goes the whole way with an entry a step, and nothing names it before it is released', () => {
    withState((state) => {
      run(state, 'a')
      change(state, (tx) => protectResult(tx, made('a'), operator))
      const log = state.reader.all('SELECT body FROM entries').map(({ body }) => String(body))
      expect(log.join()).not.toContain(digest('e1'))
      expect(reusableResult(state.reader, digest('c1'))).toBeUndefined()
      const release = change(state, (tx) =>
        releaseResult(tx, { submission: 'a', record: '{}' }, operator),
      )
      expect(release).toMatchObject({ value: { digest: digest('e1'), seq: 5 } })
      expect(releaseOf(state.reader, 'a')).toMatchObject({ digest: digest('e1'), releasedMs: 1000 })
      expect(Buffer.from(resultOf(state.reader, digest('e1'))!.bytes).toString()).toBe(
        '{"rows":[]}',
      )
      expect(submissionOf(state.reader, 'a')?.state).toBe('released')
      expect(runsUsed(state.reader, 'credit-2026')).toBe(1)
      expect(eventsOf(state)).toEqual([
        'submission/received',
        'ledger/charged',
        'run/started',
        'run/ended',
        'result/protected',
        'result/released',
      ])
    })
  })

  test('is released once', () => {
    withState((state) => {
      run(state, 'a')
      change(state, (tx) => protectResult(tx, made('a'), operator))
      const release = () =>
        change(state, (tx) => releaseResult(tx, { submission: 'a', record: '{}' }, operator))
      expect(release().ok).toBe(true)
      expect(release).toThrow('no step')
      expect(() =>
        change(state, (tx) => {
          tx.insert('releases', {
            submission: 'a',
            digest: digest('e1'),
            record: '{}',
            released_ms: 1,
            seq: 1,
          })
          return 0
        }),
      ).toThrow('UNIQUE')
      for (const sql of ['DELETE FROM releases', 'UPDATE releases SET released_ms = 1'])
        expect(() => change(state, (tx) => tx.run(sql))).toThrow('never')
    })
  })

  test('is not released where nothing was protected, and never of other bytes (S4-14e)', () => {
    withState((state) => {
      run(state, 'a')
      expect(() =>
        change(state, (tx) => releaseResult(tx, { submission: 'a', record: '{}' }, operator)),
      ).toThrow('nothing was protected')
      change(state, (tx) => protectResult(tx, made('a'), operator))
      expect(() => change(state, (tx) => tx.run("UPDATE results SET bytes = x'00'"))).toThrow(
        'never',
      )
    })
  })

  test('answers an equal question again, without a run or a charge, once it is released', () => {
    withState((state) => {
      run(state, 'a')
      change(state, (tx) => protectResult(tx, made('a'), operator))
      receive(state, 'b')
      const reuse = { submission: 'b', digest: digest('e1') }
      expect(() => change(state, (tx) => reuseResult(tx, reuse, operator))).toThrow(
        'only a released',
      )
      change(state, (tx) => releaseResult(tx, { submission: 'a', record: '{}' }, operator))
      expect(reusableResult(state.reader, digest('c1'))?.digest).toBe(digest('e1'))
      change(state, (tx) => reuseResult(tx, reuse, operator))
      change(state, (tx) => releaseResult(tx, { submission: 'b', record: '{}' }, operator))
      expect(releaseOf(state.reader, 'b')?.digest).toBe(digest('e1'))
      expect(eventsOf(state).slice(-3)).toEqual([
        'result/released',
        'submission/reused',
        'result/released',
      ])
      expect(runsUsed(state.reader, 'credit-2026')).toBe(1)
    })
  })

  test('comes from a run that was started once and ended once', () => {
    withState((state) => {
      run(state, 'a')
      expect(() =>
        change(state, (tx) => endRun(tx, { run: 'run-a', outcome: 'done' }, operator)),
      ).toThrow('no such run')
      expect(() =>
        change(state, (tx) => startRun(tx, { run: 'run-b', submission: 'a' }, operator)),
      ).toThrow('no step')
    })
  })
})
