import { publish } from '../domain/publish.ts'
import { systemWorld } from '../world.ts'
import { EngineFailure } from './engine.ts'
import { publishJobSchema, type Phase, type PublisherMessage } from './publisher-protocol.ts'

/** The publisher: takes one job with its keys, tells its progress, answers, and is ended by the keeper. */
process.umask(0o077)
process.once('disconnect', () => process.exit(0))

const say = (message: PublisherMessage): void => void process.send?.(message)

/** At most a hundred messages a phase. */
const progress = (): ((phase: Phase, fraction: number) => void) => {
  let told = ''
  return (phase, fraction) => {
    const step = `${phase} ${Math.floor(fraction * 100)}`
    if (step === told) return
    told = step
    say({ say: 'progress', phase, fraction })
  }
}

/** Where an error came from, without its message: for the domain's own operator. */
const placesOf = ({ stack = '' }: Error): string =>
  `${stack
    .split('\n')
    .filter((line) => line.startsWith('    at '))
    .join('\n')}\n`

const answer = async (message: unknown): Promise<PublisherMessage> => {
  try {
    const outcome = await publish(publishJobSchema.parse(message), systemWorld, progress())
    return outcome.ok
      ? { say: 'published', value: outcome.value }
      : { say: 'refused', refusals: [...outcome.refusals] }
  } catch (error) {
    if (error instanceof Error) process.stderr.write(placesOf(error))
    return { say: 'failed', fault: error instanceof EngineFailure ? error.fault : 'engine' }
  }
}

process.once('message', (message) => void answer(message).then(say))
