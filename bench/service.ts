import { createClient } from '../api/client.ts'
import { need } from '../api/demo/stage.ts'
import type { Submission } from '../policies/submission.ts'
import { cpuMsIn, usesOf, withServedHome, type ServedHome, type Use } from './served.ts'
import type { Row } from './table.ts'

/** A query of 2 KB, as an analyst's tool would write one; no two numbers give the same text, so that none is known. */
const wide = (number: number): string =>
  `select r.grade, ${Array.from(
    { length: 12 },
    (_, index) =>
      `count(*) filter (where t.late_days > ${index} and t.is_zero = false) as late_${index},
     avg(case when t.taxable_sales > ${(index + 1) * 1000 + number} then t.tax_paid else 0 end) as paid_${index}`,
  ).join(', ')} from tax_rating r join tax_declaration t on t.uscc = r.uscc group by r.grade`

const submission = (number: number): Submission => ({
  kind: 'query',
  agreement: 'bank-a',
  door: 'noise',
  sql: wide(number),
})

const checksMax = 1000
const note = `${Buffer.byteLength(wide(0))} bytes of SQL, each another text`

/** Checks through the API of a served domain: how long one takes, how many a second, and what the processes hold. */
export const benchService = (): Promise<readonly Row[]> => withServedHome(measure)

const measure = async ({ url, key, pid }: ServedHome): Promise<Row[]> => {
  const client = createClient({ url, key, language: 'en' })
  let asked = 0
  const check = async (): Promise<number> => {
    const next = submission((asked += 1))
    const start = performance.now()
    const answer = need(await client.call('submission/check', next), 'check')
    if (!answer.accepted) throw new Error(JSON.stringify(answer.refusals))
    return performance.now() - start
  }
  for (let turn = 0; turn < 50; turn += 1) await check()
  const times: number[] = []
  for (let turn = 0; turn < 300; turn += 1) times.push(await check())
  times.sort((a, b) => a - b)
  const before = usesOf(pid)
  const start = performance.now()
  let begun = 0
  const worker = async (): Promise<void> => {
    while (begun < checksMax) {
      begun += 1
      await check()
    }
  }
  await Promise.all(Array.from({ length: 8 }, worker))
  const perSecond = (checksMax / (performance.now() - start)) * 1000
  const at = (share: number): number => times[Math.floor(times.length * share)] ?? 0
  return [
    { name: 'check through the API, p50', value: at(0.5), unit: 'ms', target: '<= 8', note },
    { name: 'check through the API, p99', value: at(0.99), unit: 'ms', target: '<= 30', note },
    { name: 'checks through the API', value: perSecond, unit: '/s', target: '>= 200', note },
    ...perCheck(before, usesOf(pid)),
  ]
}

const memoryMax = { api: '<= 300', keeper: '<= 300', checker: '<= 256' } as const

/** What each process took of a processor for one check, and its greatest memory. */
const perCheck = (before: readonly Use[], after: readonly Use[]): Row[] =>
  (['api', 'keeper', 'checker'] as const).flatMap((name) => [
    {
      name: `${name}, time of a processor a check`,
      value: (cpuMsIn(after, name) - cpuMsIn(before, name)) / checksMax,
      unit: 'ms',
      target: '',
      note: 'all threads, under that load',
    },
    {
      name: `${name}, most memory`,
      value: Math.max(0, ...after.filter((use) => use.name === name).map(({ mostMb }) => mostMb)),
      unit: 'MB',
      target: memoryMax[name],
      note: 'resident, under that load',
    },
  ])
