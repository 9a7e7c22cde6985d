import { requestSchema } from '../../sandbox/door.ts'
import { keyOf, samples } from './door.ts'

/**
 * A keeper of one page, to try the process boundary with: it answers samples, and its home's name says how it behaves.
 * `deaf` never answers, `mad` answers what is no reply, `mortal` dies at the first request, `closed` refuses to serve,
 * `dead` exits before it says anything, `shy` finds nothing, or is busy where it sees a key in its environment.
 */
const [home = '', mode] = process.argv.slice(2)
const say = (message: unknown): void => {
  process.send?.(message)
}

process.on('disconnect', () => process.exit(0))
if (home === 'dead') process.exit(3)
if (mode === 'init') {
  say({ kind: 'initialised', key: keyOf('administrator'), account: samples['account/show'] })
  process.disconnect()
} else if (home === 'closed') {
  say({ kind: 'refused', refusals: [{ code: 'run/busy', params: { seconds: 1 } }] })
} else {
  say({ kind: 'ready' })
}

process.on('message', (message) => {
  if ((message as { kind?: string }).kind === 'stop') process.exit(0)
  const { id, action } = requestSchema.parse(message)
  if (home === 'mortal') process.exit(7)
  if (home === 'mad') say({ id, ok: 'perhaps' })
  if (home === 'wrong') say({ id, ok: true, value: { account: 'Someone else' } })
  if (home === 'shy') {
    const code = process.env['SLUICE_KEY'] === undefined ? 'access/not-found' : 'run/busy'
    say({ id, ok: false, refusals: [{ code, params: {} }] })
  }
  if (home === 'lively') say({ id, ok: true, value: samples[action] })
})
