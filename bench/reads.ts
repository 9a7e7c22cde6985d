import { Agent, request } from 'node:http'
import { createClient } from '../api/client.ts'
import { need } from '../api/demo/stage.ts'
import { cpuMsIn, usesOf, withServedHome, type ServedHome } from './served.ts'
import type { Row } from './table.ts'

const connections = 50
const warmUps = 500
const readsMax = 4000

/** Reads over 50 kept connections: how many a second, and the slowest in a hundred. The load comes from the same machine. */
export const benchReads = (): Promise<readonly Row[]> =>
  withServedHome(async (served) => {
    const client = createClient({ url: served.url, key: served.key, language: 'en' })
    const made = need(
      await client.call('submission/create', {
        submission: {
          kind: 'query',
          agreement: 'bank-a',
          door: 'noise',
          sql: 'select grade, count(*) as firms from tax_rating group by grade',
        },
        waitMs: 30_000,
      }),
      'a released result',
    )
    if (made.state !== 'released') throw new Error(`the submission is ${made.state}`)
    const paths = {
      account: '/v1/account',
      catalogue: '/v1/catalogue?agreement=bank-a',
      result: `/v1/submissions/${made.id}/result`,
      checkpoint: '/v1/log/checkpoint',
    }
    const rows: Row[] = []
    for (const [name, path] of Object.entries(paths))
      rows.push(...(await benchPath(served, name, path)))
    return rows
  })

const benchPath = async (served: ServedHome, name: string, path: string): Promise<Row[]> => {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const get = reader(served, path, agent)
  await many(warmUps, get)
  const before = usesOf(served.pid)
  const start = performance.now()
  const times = (await many(readsMax, get)).sort((a, b) => a - b)
  const perSecond = (readsMax / (performance.now() - start)) * 1000
  const after = usesOf(served.pid)
  agent.destroy()
  const cpu = (['api', 'keeper'] as const).map((part) => {
    const ms = (cpuMsIn(after, part) - cpuMsIn(before, part)) / readsMax
    return `${part} ${ms.toFixed(2)} ms`
  })
  const note = `${connections} connections; of a processor a read: ${cpu.join(', ')}`
  const slow = times[Math.floor(readsMax * 0.99)] ?? 0
  return [
    {
      name: `${name}, reads`,
      value: perSecond,
      unit: '/s',
      // Each fetch of a result is an entry of the log: the disk decides.
      target: name === 'result' ? '' : '>= 1500',
      note,
    },
    { name: `${name}, p99`, value: slow, unit: 'ms', target: '<= 100', note: '' },
  ]
}

const many = async (count: number, get: () => Promise<number>): Promise<number[]> => {
  const times: number[] = []
  let begun = 0
  const worker = async (): Promise<void> => {
    while (begun < count) {
      begun += 1
      times.push(await get())
    }
  }
  await Promise.all(Array.from({ length: connections }, worker))
  return times
}

/** One read: its whole body came, with status 200. Answers its milliseconds. */
const reader =
  ({ url, key }: ServedHome, path: string, agent: Agent) =>
  (): Promise<number> =>
    new Promise((resolve, reject) => {
      const start = performance.now()
      const headers = { authorization: `Bearer ${key}` }
      const sent = request(`${url}${path}`, { agent, headers }, (response) => {
        response.resume()
        response.once('end', () => {
          if (response.statusCode === 200) resolve(performance.now() - start)
          else reject(new Error(`${path} answered ${response.statusCode}`))
        })
      })
      sent.once('error', reject)
      sent.end()
    })
