import { floods } from './floods.ts'
import { ours } from './ours.ts'
import { plain } from './plain.ts'

/**
 * Reads one flood and tells what came of it, the processor's time and the memory it took. It is a process of its own,
 * since what has no bound ends it.
 */
const [name = '', way, path = ''] = process.argv.slice(2)
const flood = floods[name]
if (flood === undefined) throw new Error('no such flood')

const cpuMs = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}
const peakMb = (): number => process.resourceUsage().maxRSS / 1024

const read = async (): Promise<string> => {
  if (way === 'plain') return typeof (await plain[flood.reader](path))
  const outcome = await ours[flood.reader](path)
  return outcome.ok ? 'accepted' : [...new Set(outcome.refusals.map(({ code }) => code))].join()
}
const [startMs, startMb] = [cpuMs(), peakMb()]
const outcome = await read().catch((error: unknown) =>
  error instanceof Error ? error.name : 'error',
)
const [ms, mb] = [cpuMs() - startMs, peakMb() - startMb]
process.stdout.write(JSON.stringify({ outcome, cpuMs: Math.round(ms), grownMb: Math.round(mb) }))
process.exit(0)
