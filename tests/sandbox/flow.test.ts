import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cityDocuments } from '../../connectors/city/documents.ts'
import { refused } from '../../policies/outcome.ts'
import { refuse } from '../../policies/refusal.ts'
import { createSubmission, showSubmission } from '../../sandbox/action/submission.ts'
import type { Domain } from '../../sandbox/domain.ts'
import type { SubmissionView } from '../../sandbox/door.ts'
import { openPlaces } from '../../sandbox/places.ts'
import { recover } from '../../sandbox/recover.ts'
import type { Commit } from '../../sandbox/state/commit.ts'
import { receiveSubmission } from '../../sandbox/state/submissions.ts'
import { agreementName, need, publishPolicy } from '../support/domain.ts'
import { openInside, poolSaying, type Inside } from '../support/inside.ts'

let inside: Inside
let domain: Domain
beforeAll(async () => {
  inside = await openInside()
  domain = {
    ...inside.domain,
    settings: { ...inside.domain.settings, failureMs: 700, retryMs: 50 },
  }
})
afterAll(() => inside.close())

const counted = (column: string): string =>
  `select ${column}, count(*) as n from ent_registry group by ${column}`
/** A question nobody has asked before: a comment alone would not make it another. */
let asked = 0
const fresh = (): string =>
  `select count(*) as n from ent_registry where registered_capital > ${(asked += 1)}`

const submit = async (
  sql: string,
  change: Partial<Domain> = {},
  agreement = agreementName,
): Promise<SubmissionView> =>
  need(
    await inside.call(
      inside.keys.bank,
      'submission/create',
      { submission: { kind: 'query', agreement, sql }, waitMs: 0 },
      { ...domain, ...change },
    ),
  )
const show = async (id: string): Promise<SubmissionView> =>
  need(await inside.call(inside.keys.bank, 'submission/show', { id, waitMs: 10_000 }))
const sign = async (change: (text: string) => string): Promise<void> => {
  const text = change(cityDocuments().agreement)
  need(await inside.call(inside.keys.operator, 'agreement/sign', { text }))
}
const publish = async (change: (text: string) => string): Promise<void> => {
  const text = change(cityDocuments().policy)
  need(await publishPolicy(inside, text))
}
const eventsOf = (id: string): string[] =>
  domain.state.reader
    .all("SELECT body ->> '$.event' AS event FROM entries WHERE subject_id = ? ORDER BY seq", id)
    .map(({ event }) => String(event))

/** A state whose commits are as `spoil` lets them be; `real` is the one beneath. */
const spoiled = (spoil: (real: Commit) => Commit): Pick<Domain, 'state'> => ({
  state: { ...domain.state, commit: spoil(domain.state.commit) },
})
const full = refused(refuse('state/cannot-write'))

describe('a disk that is full', () => {
  test('when a run ends keeps its result until there is room', async () => {
    let refusals = 0
    const view = await submit(
      fresh(),
      spoiled((real) => (change) => {
        const isEnd =
          domain.state.reader.all('SELECT 1 FROM runs WHERE ended_ms IS NULL').length > 0
        return isEnd && (refusals += 1) <= 3 ? full : real(change)
      }),
    )
    expect(await show(view.id)).toMatchObject({ state: 'released' })
    expect(refusals).toBe(4)
    expect(eventsOf(view.id).filter((event) => event === 'result/released')).toHaveLength(1)
  })

  test('when a text is turned down leaves it open until there is room', async () => {
    let count = 0
    const view = await submit(
      'select district from ent_registry',
      spoiled((real) => (change) => ((count += 1) === 2 ? full : real(change))),
    )
    expect(view.state).toBe('running')
    expect(await show(view.id)).toMatchObject({ state: 'refused', cost: [] })
  })

  test('when a question should be charged turns it down: nothing ran, it may be asked again', async () => {
    let count = 0
    const view = await submit(
      fresh(),
      spoiled((real) => (change) => ((count += 1) === 2 ? full : real(change))),
    )
    expect(view).toMatchObject({
      state: 'refused',
      refusals: [{ code: 'run/unavailable' }],
      cost: [],
    })
  })

  test('is the operator’s matter: an analyst learns that the domain does not answer', async () => {
    const change = spoiled(() => () => full)
    const submission = { kind: 'query' as const, agreement: agreementName, sql: fresh() }
    const codesOf = async (...asked: Parameters<Inside['call']>): Promise<unknown> => {
      const outcome = await inside.call(...asked)
      return outcome.ok ? 'ok' : outcome.refusals.map(({ code }) => code)
    }
    const { bank, operator } = inside.keys
    expect(await codesOf(bank, 'submission/create', { submission }, change)).toEqual([
      'run/unavailable',
    ])
    const text = cityDocuments().policy
    expect(await codesOf(operator, 'policy/propose', { text }, change)).toEqual([
      'state/cannot-write',
    ])
  })
})

describe('a bug', () => {
  test('when an ending is committed fails the run, and hangs nobody', async () => {
    let thrown = 0
    const view = await submit(
      fresh(),
      spoiled((real) => (change) => {
        const isEnd =
          domain.state.reader.all('SELECT 1 FROM runs WHERE ended_ms IS NULL').length > 0
        if (isEnd && (thrown += 1) === 1) throw new Error('a bug')
        return real(change)
      }),
    )
    expect(await show(view.id)).toMatchObject({
      state: 'failed',
      refusals: [{ code: 'run/not-released' }],
    })
  })

  test('in an earlier process’s text turns it down at the next start, and ends nothing', async () => {
    const who = { account: 'li-na', organisation: 'bank-a', role: 'analyst' } as const
    const submission = {
      kind: 'query' as const,
      agreement: agreementName,
      door: 'noise' as const,
      sql: fresh(),
    }
    const received = {
      id: domain.world.id(),
      digest: '0'.repeat(64),
      spec: submission,
      account: who.account,
      organisation: who.organisation,
      agreement: agreementName,
    }
    need(domain.state.commit((tx) => receiveSubmission(tx, received, who)))
    const before = inside.reported.length
    need(recover({ ...domain, checkers: poolSaying(() => ({ answer: 'nonsense' })) }))
    expect(await show(received.id)).toMatchObject({
      state: 'refused',
      refusals: [{ code: 'internal/failure' }],
      cost: [],
    })
    expect(inside.reported.length).toBe(before + 1)
  })
})

/** Places of which all are taken until `free` is called. */
const takenPlaces = (waitingMax = 32) => {
  const places = openPlaces({ noise: 1, people: 1 }, waitingMax)
  let free: () => void = () => undefined
  const waits = { door: 'noise', organisation: 'other', isOwed: false } as const
  places.take(waits, () => new Promise((resolve) => (free = resolve)))
  return { places, free: () => free() }
}

describe('a question that waits for a place', () => {
  test('is not charged before it has one, and is turned away where too many wait', async () => {
    const { places, free } = takenPlaces(1)
    const waiting = await submit(fresh(), { places })
    expect(waiting).toMatchObject({ state: 'running', cost: [] })
    expect(eventsOf(waiting.id)).toEqual(['submission/received'])
    expect(await submit(fresh(), { places })).toMatchObject({
      state: 'refused',
      refusals: [{ code: 'run/busy' }],
      cost: [],
    })
    free()
    expect(await show(waiting.id)).toMatchObject({ state: 'released' })
  })

  test('begins when the one before it was told, not when its run was over', async () => {
    const { places, free } = takenPlaces()
    const waiting = [await submit(fresh(), { places }), await submit(fresh(), { places })]
    free()
    const ids = waiting.map(({ id }) => id)
    for (const id of ids) await show(id)
    const steps = domain.state.reader
      .all(
        `SELECT subject_id AS id, body ->> '$.event' AS event FROM entries
         WHERE subject_id IN (?, ?) ORDER BY seq`,
        ...ids,
      )
      .map(({ id, event }) => `${ids.indexOf(String(id))} ${String(event)}`)
    expect(steps.indexOf('1 run/started')).toBeGreaterThan(steps.indexOf('0 result/released'))
  })

  test('is given the answer of an equal one that went before, free', async () => {
    const { places, free } = takenPlaces()
    const sql = fresh()
    const [first, second] = [await submit(sql, { places }), await submit(sql, { places })]
    free()
    expect((await show(first.id)).cost).not.toEqual([])
    expect(await show(second.id)).toMatchObject({ state: 'released', cost: [] })
  })

  test('is judged again under a policy that was published meanwhile', async () => {
    const { places, free } = takenPlaces()
    const waiting = await submit(fresh(), { places })
    await publish((text) => text.replace('doors: [noise, people]', 'doors: [people]'))
    free()
    expect(await show(waiting.id)).toMatchObject({
      state: 'refused',
      refusals: [{ code: 'submission/door-not-agreed' }],
      cost: [],
    })
    await publish((text) => text)
  })

  test('does not run beyond the runs agreed, however many wait', async () => {
    await sign((text) =>
      text.replace('agreement: bank-a', 'agreement: few').replace(/runsMax: .*/, 'runsMax: 2'),
    )
    const { places, free } = takenPlaces()
    const waiting = await Promise.all([1, 2, 3, 4].map(() => submit(fresh(), { places }, 'few')))
    free()
    const views = await Promise.all(waiting.map(({ id }) => show(id)))
    const refusals = views.flatMap(({ refusals }) => refusals.map(({ code }) => code))
    expect(refusals).toEqual(Array.from({ length: 2 }, () => 'submission/runs-exhausted'))
    expect(views.filter(({ state }) => state === 'released')).toHaveLength(2)
  })
})

test('a clock set back by a day during a run delays its answer by nothing', async () => {
  let now = domain.world.nowMs()
  const world = { ...domain.world, nowMs: () => now }
  const startMs = performance.now()
  const view = await submit(fresh(), { world })
  now -= 86_400_000
  expect(await show(view.id)).toMatchObject({ state: 'released' })
  expect(performance.now() - startMs).toBeLessThan(5000)
})

test('a result given again to another organisation comes under a record that names the first nowhere', async () => {
  const first = await inside.ask({ sql: counted('district') })
  await sign((text) =>
    text
      .replace('agreement: bank-a', 'agreement: theirs')
      .replace('organisation: bank-a', 'organisation: bank-b')
      .replace(/purpose: .*/, 'purpose: another'),
  )
  const submission = { kind: 'query' as const, agreement: 'theirs', sql: counted('district') }
  const { otherBank } = inside.keys
  const view = need(
    await inside.call(otherBank, 'submission/create', { submission, waitMs: 10_000 }),
  )
  expect(view).toMatchObject({ state: 'released', digest: first.digest, cost: [] })
  const { record } = need(await inside.call(otherBank, 'result/fetch', { id: view.id }))
  expect(JSON.parse(record)).toMatchObject({
    submission: view.id,
    recipient: 'bank-b',
    agreement: { name: 'theirs' },
    purpose: 'another',
    reused: true,
    cost: [],
  })
  expect(record).not.toContain('bank-a')
  expect(record).not.toContain(first.id)
})

test('an analyst has proofs of what was told to the own organisation, and of nothing else', async () => {
  const { bank, otherBank, supervisor } = inside.keys
  const view = await inside.ask({ sql: fresh() })
  const places = domain.state.reader
    .all("SELECT seq, body ->> '$.event' AS event FROM entries WHERE subject_id = ?", view.id)
    .map(({ seq, event }) => [Number(seq), String(event)] as const)
  const proves = async (key: string, index: number): Promise<boolean> =>
    (await inside.call(key, 'log/prove', { index })).ok
  for (const [index, event] of places) {
    expect(await proves(bank, index), event).toBe(true)
    expect(await proves(otherBank, index), event).toBe(false)
    expect(await proves(supervisor, index), event).toBe(true)
  }
  // Accounts, policies and the runs of others are nobody's but their readers'.
  expect(await proves(bank, 0)).toBe(false)
  expect(await proves(bank, domain.state.last().end.edge.size)).toBe(false)
})

test('who waits leaves nothing behind, whether woken or not', async () => {
  const { places, free } = takenPlaces()
  const who = { account: 'li-na', organisation: 'bank-a', role: 'analyst', expiresMs: 0 } as const
  const submission = {
    kind: 'query',
    agreement: agreementName,
    door: 'noise',
    sql: fresh(),
  } as const
  const slow = await createSubmission({ ...domain, places }, who, { submission, waitMs: 20 })
  const { id } = need(slow)
  expect(domain.waiters.size).toBe(0)
  const waiting = [1, 2, 3].map(() => showSubmission(domain, who, { id, waitMs: 10_000 }))
  expect(domain.waiters.get(id)?.size).toBe(3)
  free()
  for (const outcome of await Promise.all(waiting)) expect(need(outcome).state).toBe('released')
  expect(domain.waiters.size).toBe(0)
})

test('nothing is thrown at whoever asks, also where the state cannot be read', async () => {
  const reader = {
    ...domain.state.reader,
    get: () => {
      throw new Error('91890101MA0000000A')
    },
  }
  const outcome = await inside.call(
    inside.keys.bank,
    'account/show',
    {},
    {
      state: { ...domain.state, reader },
    },
  )
  expect(outcome).toMatchObject({ ok: false, refusals: [{ code: 'internal/failure' }] })
  expect(JSON.stringify(outcome)).not.toContain('MA0000000A')
})
