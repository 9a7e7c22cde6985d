import { openCheckerEngine } from './checker-engine.ts'
import { openEngine } from './engine.ts'
import { tryRows, tryText } from './policy-case.ts'
import { policyRequestSchema, type PolicyAnswer, type PolicyRequest } from './policy-protocol.ts'

/**
 * Tries a policy for its author: a child without data of any domain, which knows the documents and rows it was sent. It
 * answers one message at a time.
 */
const binder = await openCheckerEngine()
const engine = await openEngine({ threads: 1, memoryMb: 256 })
let setting: Extract<PolicyRequest, { ask: 'set' }> | undefined

const answerTo = async (message: unknown): Promise<PolicyAnswer> => {
  const request = policyRequestSchema.parse(message)
  if (request.ask === 'set') {
    setting = request
    return { answer: 'set' }
  }
  if (setting === undefined) throw new Error('a case before its documents')
  return request.ask === 'text'
    ? tryText(setting, request, binder)
    : tryRows(setting, request, engine)
}

process.on('message', (message) => {
  answerTo(message).then(
    (answer) => process.send?.(answer),
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? (error.stack ?? error.name) : 'failure'}\n`)
      process.send?.({ answer: 'failure' } satisfies PolicyAnswer)
    },
  )
})
process.on('disconnect', () => process.exit(0))
