import { requestSchema, stopSchema, type Notice, type Reply } from './door.ts'
import { answer } from './answer.ts'
import type { Domain } from './domain.ts'
import { closeDomain, initDomain, openDomain } from './open.ts'
import { systemWorld } from './world.ts'

/**
 * The keeper's process: holds state, log, ledger and keys, and answers the door. It speaks to its parent over the
 * channel it was forked with and ends when that is gone. `keeper.js HOME` serves, `keeper.js HOME init` makes a home.
 */
const say = (message: Notice | Reply): Promise<void> =>
  new Promise((resolve) => {
    if (process.send === undefined || !process.connected) resolve()
    else process.send(message, () => resolve())
  })

const serve = (domain: Domain): void => {
  let open = 0
  let isStopping = false
  const end = (): void => {
    closeDomain(domain)
    process.exit(0)
  }
  process.on('disconnect', end)
  process.on('message', (message) => {
    if (stopSchema.safeParse(message).success) {
      isStopping = true
      if (open === 0) end()
      return
    }
    const request = requestSchema.safeParse(message)
    // A parent that does not speak the door's language is not ours.
    if (!request.success) return end()
    open += 1
    void answer(domain, request.data)
      .then((outcome) => say({ id: request.data.id, ...outcome } as Reply))
      .finally(() => {
        open -= 1
        if (isStopping && open === 0) end()
      })
  })
}

const main = async (): Promise<void> => {
  const [folder = '', mode] = process.argv.slice(2)
  if (mode === 'init') {
    const made = initDomain(folder, systemWorld)
    await say(
      made.ok
        ? { kind: 'initialised', ...made.value }
        : { kind: 'refused', refusals: [...made.refusals] },
    )
    process.exit(0)
  }
  const opened = await openDomain(folder, systemWorld)
  if (!opened.ok) {
    await say({ kind: 'refused', refusals: [...opened.refusals] })
    process.exit(0)
  }
  serve(opened.value)
  await say({ kind: 'ready' })
}

await main()
