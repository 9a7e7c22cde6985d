import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { prepareCity } from './served.ts'
import type { Policy } from '../policies/policy.ts'
import { allAgreements, policyNamed } from '../sandbox/catalogue.ts'
import type { Domain } from '../sandbox/domain.ts'
import type { Replay } from '../sandbox/door.ts'
import { closeDomain, openDomain } from '../sandbox/open.ts'
import { replay } from '../sandbox/replay.ts'
import { receiveSubmission } from '../sandbox/state/submissions.ts'
import { systemWorld } from '../sandbox/world.ts'
import type { Row } from './table.ts'

const submissionsMax = 500

/** A text of about 2 KB, another for each number. */
const textOf = (number: number): string =>
  `select r.grade, ${Array.from(
    { length: 16 },
    (_, at) =>
      `count(*) filter (where t.late_days > ${at} and t.is_zero = false) as late_${at},
       avg(case when t.taxable_sales > ${number * 1000 + at} then t.tax_paid else 0 end) as paid_${at}`,
  ).join(', ')} from tax_rating r join tax_declaration t on t.uscc = r.uscc group by r.grade`

/** How long a domain takes to decide its last 500 submissions under another text of their policy. */
export const benchReplay = async (): Promise<readonly Row[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'))
  try {
    await prepareCity(folder)
    const domain = openDomain(join(folder, 'home'), { world: systemWorld })
    if (!domain.ok) throw new Error(JSON.stringify(domain.refusals))
    try {
      return await measure(domain.value)
    } finally {
      closeDomain(domain.value)
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const measure = async (domain: Domain): Promise<Row[]> => {
  const { reader } = domain.state
  const agreements = allAgreements(reader)
  const before = policyNamed(reader, 'enterprise-credit')?.value
  if (before === undefined) throw new Error('no policy')
  for (let number = 0; number < submissionsMax; number += 1) receive(domain, textOf(number))
  const dearer: Policy = { ...before, question: { ...before.question, rho: 0.01 } }
  const { tax_declaration: tax, ...others } = before.datasets
  if (tax === undefined) throw new Error('no dataset')
  const { tax_paid: _, ...columns } = tax.columns
  const narrower: Policy = {
    ...before,
    datasets: { ...others, tax_declaration: { ...tax, columns } },
  }
  const rowOf = async (name: string, after: Policy): Promise<Row> => {
    const start = performance.now()
    const extent = { submissions: submissionsMax, examples: 5 }
    const replayed = await replay(domain, agreements, { before, after }, extent)
    const seconds = (performance.now() - start) / 1000
    if (!replayed.ok) throw new Error(JSON.stringify(replayed.refusals))
    const { submissions, changed, undecided } = replayed.value
    return {
      name,
      value: seconds,
      unit: 's',
      target: '<= 10',
      note: `${submissions} texts of ${Buffer.byteLength(textOf(1))} bytes, ${outcomesOf(changed)}, ${undecided} undecided`,
    }
  }
  return [
    await rowOf('replay, the same columns are shown', dearer),
    await rowOf('replay, a column becomes hidden', narrower),
    await rowOf('replay, the same text', before),
  ]
}

const outcomesOf = (changed: Replay['changed']): string =>
  changed
    .filter(({ submissions }) => submissions > 0)
    .map(({ outcome, submissions }) => `${submissions} ${outcome}`)
    .join(', ') || 'all the same'

const receive = ({ state, world }: Domain, sql: string): void => {
  const id = world.id()
  const [agreement, account, organisation] = ['bank-a', 'li-na', 'bank-a']
  const spec = { kind: 'query', agreement, door: 'noise', sql } as const
  const received = { id, digest: '0'.repeat(64), spec, account, organisation, agreement }
  const done = state.commit((tx) =>
    receiveSubmission(tx, received, { account, organisation, role: 'analyst' }),
  )
  if (!done.ok) throw new Error(JSON.stringify(done.refusals))
}
