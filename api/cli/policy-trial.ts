import { fork, type ChildProcess } from 'node:child_process'
import type { Setting } from '../../policies/test-setting.ts'
import {
  policyAnswerSchema,
  type PolicyAnswer,
  type PolicyRequest,
} from '../../sandbox/run/policy-protocol.ts'
import { builtPath } from '../built.ts'

/** A child that tries a policy. `undefined`: it gave no answer in time, or ended. */
export type Trial = {
  readonly ask: (request: PolicyRequest) => Promise<PolicyAnswer | undefined>
  readonly close: () => void
}

const timeoutMs = 20_000

/** Starts a child as one is needed: after one that did not answer, the next question gets a new one. */
export const openTrial = (setting: Setting): Trial => {
  let current: ChildProcess | undefined
  const close = (): void => {
    current?.kill('SIGKILL')
    current = undefined
  }
  const set: PolicyRequest = { ask: 'set', ...setting, datasets: [...setting.datasets] }
  const converse = async (request: PolicyRequest): Promise<PolicyAnswer | undefined> => {
    if (current === undefined) return undefined
    const answer = await answerOf(current, request)
    if (answer === undefined || answer.answer === 'failure') close()
    return answer
  }
  return {
    ask: async (request) => {
      if (current === undefined) {
        current = fork(builtPath('sandbox/run/policy-process.js'), [], {
          serialization: 'advanced',
          stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
          execArgv: [],
          env: {},
        })
        if ((await converse(set))?.answer !== 'set') return undefined
      }
      return converse(request)
    },
    close,
  }
}

const answerOf = (child: ChildProcess, request: PolicyRequest): Promise<PolicyAnswer | undefined> =>
  new Promise((resolve) => {
    const settle = (message?: unknown): void => {
      clearTimeout(timer)
      child.removeAllListeners('message').removeAllListeners('exit')
      resolve(policyAnswerSchema.safeParse(message).data)
    }
    const timer = setTimeout(() => settle(), timeoutMs)
    child.once('message', settle)
    child.once('exit', () => settle())
    child.send(request, (error) => (error === null ? undefined : settle()))
  })
