import { checkText } from '../query/check.ts'
import { runPublic } from '../query/post.ts'
import { openCheckerEngine } from './checker-engine.ts'
import { checkerRequestSchema, type CheckerAnswer } from './checker-protocol.ts'
import { openEngine } from './engine.ts'

/**
 * The checker: a child without data. It answers one message at a time; whatever goes wrong inside is told to the
 * keeper as `failure` and nothing else. The reason stays on the child's standard error.
 */
const binder = await openCheckerEngine()
const small = await openEngine({ threads: 1, memoryMb: 256 })

const answerTo = async (message: unknown): Promise<CheckerAnswer> => {
  const request = checkerRequestSchema.parse(message)
  if (request.ask === 'hello') return { answer: 'ready' }
  if (request.ask === 'post')
    return { answer: 'rows', ...mutable(await runPublic(small, request.tree, request.tables)) }
  const outcome = await checkText(request, binder)
  return outcome.ok
    ? { answer: 'tree', tree: outcome.value }
    : { answer: 'refusals', refusals: [...outcome.refusals] }
}

type Rows = Omit<Extract<CheckerAnswer, { answer: 'rows' }>, 'answer'>
const mutable = ({ columns, rows }: Awaited<ReturnType<typeof runPublic>>): Rows => ({
  columns: columns.map((column) => ({ ...column })),
  rows: rows.map((row) => [...row]),
})

process.on('message', (message) => {
  answerTo(message).then(
    (answer) => process.send?.(answer),
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? (error.stack ?? error.name) : 'failure'}\n`)
      process.send?.({ answer: 'failure' } satisfies CheckerAnswer)
    },
  )
})
process.on('disconnect', () => process.exit(0))
