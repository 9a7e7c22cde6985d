import { createConnection } from 'node:net'
import { openEngine } from '../../sandbox/run/engine.ts'

/** A child for tests of what a child may do: answers each word with what happened. */
const engine = await openEngine({ threads: 1, memoryMb: 256 })

const tryNetwork = (): Promise<string> =>
  new Promise((resolve) => {
    const socket = createConnection({ host: '127.0.0.1', port: 9 })
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'failed'))
    socket.once('connect', () => resolve('connected'))
  })

const deeds: Record<string, () => Promise<unknown>> = {
  query: async () => (await engine.query('SELECT 1')).rows,
  greedy: () =>
    engine.query('SELECT len(range(400000000))').then(
      () => 'allowed',
      (error: Error) => error.message,
    ),
  network: tryNetwork,
  environment: () => Promise.resolve(Object.keys(process.env).toSorted()),
  complain: () => {
    process.stderr.write('x'.repeat(100_000))
    return Promise.resolve('done')
  },
  memory: () => Promise.resolve(process.memoryUsage.rss()),
}

process.on('message', (word: string) => {
  void deeds[word]?.().then((answer) => process.send?.({ answer }))
})
process.send?.({ answer: 'ready' })
