import * as z from 'zod'
import { refused } from '../policies/outcome.ts'
import { refuse } from '../policies/refusal.ts'
import { answer } from './answer.ts'
import type { Domain } from './domain.ts'
import { requestSchema, stopSchema, type Notice, type Reply } from './door.ts'
import { suiteNames } from './log/suite-name.ts'
import { closeDomain, incidentLine, initDomain, openDomain } from './open.ts'
import { startPulls } from './pull.ts'
import { wakeAll } from './wait.ts'
import { systemWorld } from './world.ts'

/**
 * The keeper's process: holds state, log, ledger and keys, and answers the door. It speaks to its parent over the
 * channel it was forked with and ends when that is gone. `keeper.js HOME` serves, `keeper.js HOME init SUITE [SETTINGS]` makes one.
 */
const say = (message: Notice | Reply): Promise<void> =>
  new Promise((resolve) => {
    if (process.send === undefined || !process.connected) resolve()
    else process.send(message, () => resolve())
  })

/** What may still be said once a broken state ends the process. */
const lastWordsMs = 1000

type Service = {
  readonly serve: (domain: Domain) => void
  /** Ends the process, so that the next one opens the state again and finds out what is on the disk. */
  readonly breakOff: () => void
}

const openService = (): Service => {
  let domain: Domain | undefined
  let pulls: ReturnType<typeof startPulls> | undefined
  let open = 0
  let isStopping = false
  // Without its parent nobody would ever stop it, and it would hold the home for good.
  process.on('disconnect', () => end(0))
  const end = (code: number): void => {
    if (domain !== undefined) closeDomain(domain)
    process.exit(code)
  }
  const stop = async (held: Domain): Promise<void> => {
    isStopping = true
    pulls?.stop()
    held.publishing.close()
    // Who waits is told how far it has come: nothing new begins here.
    wakeAll(held)
    setTimeout(() => end(0), held.settings.stopMs)
    await held.places.close()
    wakeAll(held)
    if (open === 0) end(0)
  }
  const reply = async (held: Domain, message: unknown): Promise<void> => {
    const request = requestSchema.safeParse(message)
    // A parent that does not speak the door's language is not ours.
    if (!request.success) return end(1)
    open += 1
    const outcome = isStopping
      ? refused(refuse('run/unavailable', { seconds: 5 }))
      : await answer(held, request.data)
    await say({ id: request.data.id, ...outcome } as Reply)
    open -= 1
    if (isStopping && open === 0 && held.places.working() === 0) end(0)
  }
  return {
    serve: (held) => {
      domain = held
      pulls = startPulls(held)
      process.on('message', (message) => {
        if (stopSchema.safeParse(message).success) void stop(held)
        else void reply(held, message)
      })
    },
    breakOff: () => void setTimeout(() => end(1), lastWordsMs),
  }
}

const suiteSchema = z.enum(suiteNames)

/** The runtime would print the message of what was thrown, which may quote what was in hand. */
process.on('uncaughtException', (error) => {
  process.stderr.write(`${incidentLine(systemWorld.id(), error)}\n`)
  process.exit(1)
})

const [folder = '', mode, suite = 'intl', settingsFile] = process.argv.slice(2)
if (mode === 'init') {
  const made = initDomain(folder, systemWorld, {
    suite: suiteSchema.parse(suite),
    ...(settingsFile !== undefined && { settingsFile }),
  })
  await say(
    made.ok
      ? { kind: 'initialised', ...made.value }
      : { kind: 'refused', refusals: [...made.refusals] },
  )
  process.exit(0)
}
const service = openService()
const opened = openDomain(folder, { world: systemWorld, onBroken: service.breakOff })
if (!opened.ok) {
  await say({ kind: 'refused', refusals: [...opened.refusals] })
  process.exit(0)
}
service.serve(opened.value)
await say({ kind: 'ready' })
