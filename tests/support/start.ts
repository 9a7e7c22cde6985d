import { startChild, type Child } from '../../sandbox/run/child.ts'

/** A child that is started when it is first sent something: most tests ask few of those that a keeper keeps ready. */
export const startWhenAsked: typeof startChild = (...how) => {
  const ended = Promise.withResolvers<Awaited<Child['exited']>>()
  let child: Child | undefined
  let listen: Parameters<Child['onMessage']>[0] = () => undefined
  let isKilled = false
  const started = (): Child => {
    if (child !== undefined) return child
    child = startChild(...how)
    child.onMessage((message) => listen(message))
    void child.exited.then(ended.resolve)
    return child
  }
  return {
    get pid() {
      return child?.pid
    },
    send: (message) => !isKilled && started().send(message),
    onMessage: (next) => {
      listen = next
    },
    exited: ended.promise,
    kill: () => {
      isKilled = true
      if (child === undefined) ended.resolve({ code: null, signal: 'SIGKILL' })
      else child.kill()
    },
    complaint: () => child?.complaint() ?? '',
  }
}
