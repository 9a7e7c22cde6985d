import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { SubmissionView } from '../../sandbox/door.ts'
import type { Entry } from '../../sandbox/log/entry.ts'
import { checkAfterCrash, eventsOf, killKeeper } from '../support/crash.ts'
import {
  agreementName,
  openTestDomain,
  policyName,
  preparedHome,
  setHome,
  type KeptDomain,
} from '../support/domain.ts'
import { seededBytes } from '../support/seeded.ts'

/** Kills of the long run, or as many as are asked for; a short run takes two, so that the test itself stays sound. */
const usual = process.env['SLUICE_PROVE'] === undefined ? 2 : 1000
const rounds = Number(process.env['SLUICE_KILLS'] ?? usual)
const seed = Number(process.env['SLUICE_SEED'] ?? 1)

test(
  `killed at random moments of random work, ${rounds} times over, a domain keeps every promise (seed ${seed})`,
  async () => {
    const bytes = seededBytes(`crash ${seed}`)
    const below = (count: number): number => Buffer.from(bytes(4)).readUInt32LE() % count
    const { home, keys, remove } = await preparedHome()
    setHome(home, {
      // Short, so that some runs at the people door end before they are killed.
      runner: { size: 2, timeoutMs: 500, graceMs: 100 },
      failureMs: 2600,
    })
    /** What was acknowledged: submissions by id as last seen. */
    const promised = new Map<string, SubmissionView>()
    let known: readonly Entry[] = []

    const work = async (domain: KeptDomain): Promise<void> => {
      if (below(12) === 0) {
        const input = { dataset: 'ent_registry', policy: policyName }
        await domain.call(domain.keys.operator, 'dataset/ingest', input)
        return
      }
      const submission = {
        kind: 'query' as const,
        agreement: agreementName,
        door: below(6) === 0 ? ('people' as const) : ('noise' as const),
        sql: `select count(*) from ent_registry where registered_capital > ${below(40)}`,
        rho: 0.0005,
      }
      const idempotencyKey = `key-${below(60)}`
      const made = await domain.call(domain.keys.bank, 'submission/create', {
        submission,
        idempotencyKey,
        waitMs: below(2) * 1000,
      })
      if (made.ok) promised.set(made.value.id, made.value)
    }

    for (let round = 0; round < rounds; round += 1) {
      const domain = await openTestDomain(home, keys)
      known = await checkAfterCrash(domain, known)
      for (const [id, { state, digest, cost }] of promised) {
        const events = eventsOf(known, id)
        expect(events[0], id).toBe('submission/received')
        if (cost.length > 0) expect(events, id).toContain('ledger/charged')
        if (state === 'refused') expect(events, id).toContain('submission/refused')
        if (state === 'released') expect(events, id).toContain('result/released')
        if (digest === undefined) continue
        const fetched = await domain.call(keys.bank, 'result/fetch', { id })
        expect(fetched.ok && fetched.value.digest, id).toBe(digest)
      }
      const sent = Array.from({ length: 1 + below(6) }, () => work(domain))
      await pause(below(900))
      await killKeeper(domain)
      await Promise.all(sent)
    }
    const domain = await openTestDomain(home, keys)
    await checkAfterCrash(domain, known)
    await domain.stop()
    remove()
  },
  60_000 + rounds * 20_000,
)
