import { setImmediate } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import type { Child } from '../../sandbox/run/child.ts'
import { openPool } from '../../sandbox/run/pool.ts'

type Script = (message: { say: string }, reply: (message: unknown) => void, end: () => void) => void

/** A child in this process that acts on a script, at the boundary where a process would stand. */
const scripted = (script: Script, killed: { count: number }): Child => {
  let listen: (message: unknown) => void = () => undefined
  let end: (value: { code: null; signal: string }) => void = () => undefined
  const exited = new Promise<{ code: null; signal: string }>((resolve) => (end = resolve))
  return {
    pid: 1,
    send: (message) => {
      queueMicrotask(() =>
        script(
          message as { say: string },
          (reply) => listen(reply),
          () => end({ code: null, signal: 'SIGSEGV' }),
        ),
      )
      return true
    },
    onMessage: (next) => (listen = next),
    exited,
    kill: () => {
      killed.count += 1
      end({ code: null, signal: 'SIGKILL' })
    },
    complaint: () => '',
  }
}

const poolOf = (
  script: Script,
  options: Partial<Omit<Parameters<typeof openPool>[0], 'start'>> = {},
) => {
  const counts = { started: 0, count: 0 }
  const pool = openPool({
    start: () => {
      counts.started += 1
      return scripted(script, counts)
    },
    size: options.size ?? 1,
    usesMax: options.usesMax ?? 100,
    waitingMax: options.waitingMax ?? 10,
    ...(options.hello && { hello: options.hello }),
  })
  return { pool, counts }
}

const echo: Script = (message, reply) => reply(`re: ${message.say}`)

test('a reusable child answers question after question', async () => {
  const { pool, counts } = poolOf(echo)
  expect(await pool.ask({ say: 'a' }, 1000)).toEqual({ answer: 're: a' })
  expect(await pool.ask({ say: 'b' }, 1000)).toEqual({ answer: 're: b' })
  expect(counts).toEqual({ started: 1, count: 0 })
})

test('a runner serves one question and is killed after it', async () => {
  const { pool, counts } = poolOf(echo, { usesMax: 1 })
  await pool.ask({ say: 'a' }, 1000)
  await pool.ask({ say: 'b' }, 1000)
  expect(counts.count).toBe(2)
})

test('a child that dies gives the fault `died`, and the next question meets a new one', async () => {
  const { pool } = poolOf((message, reply, end) =>
    message.say === 'die' ? end() : echo(message, reply, end),
  )
  expect(await pool.ask({ say: 'die' }, 1000)).toEqual({ fault: 'died' })
  expect(await pool.ask({ say: 'a' }, 1000)).toEqual({ answer: 're: a' })
})

test('a child that does not answer in time is killed', async () => {
  const { pool, counts } = poolOf(() => undefined)
  expect(await pool.ask({ say: 'a' }, 5)).toEqual({ fault: 'time' })
  expect(counts.count).toBe(1)
})

test('more waiting work than allowed is refused at once', async () => {
  const { pool } = poolOf(() => undefined, { waitingMax: 1 })
  const first = pool.ask({ say: 'a' }, 20)
  const second = pool.ask({ say: 'b' }, 20)
  expect(await pool.ask({ say: 'c' }, 20)).toEqual({ fault: 'busy' })
  expect([await first, await second]).toEqual([{ fault: 'time' }, { fault: 'time' }])
})

test('progress is passed on and is no answer', async () => {
  const { pool } = poolOf((message, reply) => {
    reply('half')
    reply(`done ${message.say}`)
  })
  const seen: unknown[] = []
  const reply = await pool.ask(
    { say: 'a' },
    1000,
    (message) => message === 'half' && seen.push(message) > 0,
  )
  expect(reply).toEqual({ answer: 'done a' })
  expect(seen).toEqual(['half'])
})

test('the time of a question begins when a new child is up', async () => {
  const slow: Script = (message, reply) => {
    if (message.say === 'up?') setTimeout(() => reply('up'), 40)
    else reply(`re: ${message.say}`)
  }
  const hello = { message: { say: 'up?' }, timeoutMs: 10_000 }
  const { pool, counts } = poolOf(slow, { hello })
  expect(await pool.ask({ say: 'a' }, 30)).toEqual({ answer: 're: a' })
  expect(await pool.ask({ say: 'b' }, 30)).toEqual({ answer: 're: b' })
  expect(counts).toEqual({ started: 1, count: 0 })
})

test('a child that does not come up is given up', async () => {
  const { pool, counts } = poolOf(() => undefined, {
    hello: { message: { say: 'up?' }, timeoutMs: 5 },
  })
  expect(await pool.ask({ say: 'a' }, 10_000)).toEqual({ fault: 'time' })
  expect(counts).toEqual({ started: 2, count: 1 })
})

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

test('what was asked and answered is let go while the child lives', async () => {
  const { pool, counts } = poolOf((message, reply) => reply({ back: message.say }))
  const kept: WeakRef<object>[] = []
  const askOne = async (): Promise<void> => {
    const message = { say: 'a' }
    const reply = await pool.ask(message, 1000)
    kept.push(new WeakRef(message), new WeakRef(reply))
  }
  await askOne()
  await pool.ask({ say: 'b' }, 1000)
  await setImmediate()
  collect()
  expect(kept.map((ref) => ref.deref())).toEqual([undefined, undefined])
  expect(counts).toEqual({ started: 1, count: 0 })
})
