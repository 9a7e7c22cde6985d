import { afterAll, beforeAll, expect, test } from 'vitest'
import { cityDocuments } from '../../connectors/city/documents.ts'
import { digestOf } from '../../policies/canonical.ts'
import { parseDocument } from '../../policies/document.ts'
import type { Outcome } from '../../policies/outcome.ts'
import { policySchema } from '../../policies/policy.ts'
import { need, policyName } from '../support/domain.ts'
import { openInside, type Inside } from '../support/inside.ts'

let domain: Inside
beforeAll(async () => {
  domain = await openInside()
})
afterAll(() => domain.close())

const { policy } = cityDocuments()
const floored = (floor: number): string =>
  policy.replace('    floor: 10\n', `    floor: ${floor}\n`)
const digestOfText = (text: string): string => {
  const parsed = parseDocument(text, policySchema)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.refusals))
  return digestOf(parsed.value)
}
const codesOf = (outcome: Outcome<unknown>): readonly string[] =>
  outcome.ok ? [] : outcome.refusals.map(({ code }) => code)
const current = async (): Promise<string> =>
  need(await domain.call(domain.keys.operator, 'policy/show', { policy: policyName })).digest
const propose = async (text: string, base?: string, key = domain.keys.operator) =>
  domain.call(key, 'policy/propose', { text, ...(base !== undefined && { base }) })
const approve = async (digest: string, key = domain.keys.approver) =>
  domain.call(key, 'policy/approve', { policy: policyName, digest })

test('what one operator proposes is current only when another has approved it (I10)', async () => {
  const before = await current()
  expect(before).toBe(digestOfText(policy))
  const proposed = need(await propose(floored(11), before))
  expect(proposed).toMatchObject({ name: policyName, digest: digestOfText(floored(11)) })
  expect(await current()).toBe(before)
  expect(codesOf(await approve(proposed.digest, domain.keys.operator))).toEqual([
    'access/own-proposal',
  ])
  expect(await current()).toBe(before)
  const approved = need(await approve(proposed.digest))
  expect(await current()).toBe(proposed.digest)
  const entry = need(
    await domain.call(domain.keys.supervisor, 'log/prove', { index: approved.logIndex }),
  )
  expect(JSON.parse(entry.entry)).toMatchObject({
    event: 'policy/published',
    actor: { account: 'wu-gang' },
    detail: {
      digest: proposed.digest,
      previous: before,
      proposedBy: 'ops',
      proposal: proposed.logIndex,
    },
  })
})

test('questions are judged by the current text and not by one that waits', async () => {
  const closed = floored(11).replace('doors: [noise, people]', 'doors: [people]')
  need(await propose(closed, await current()))
  const view = await domain.ask({
    sql: 'select count(*) as n from tax_declaration where late_days > 3',
  })
  expect(view.refusals.map(({ code }) => code)).not.toContain('submission/door-not-agreed')
})

test('what is approved is what was reviewed: another digest, or a text that no longer waits, is not there (I8)', async () => {
  const first = need(await propose(floored(12), await current()))
  const second = need(await propose(floored(13), await current(), domain.keys.approver))
  for (const digest of [first.digest, 'ab'.repeat(32), await current()])
    expect(codesOf(await approve(digest, domain.keys.operator))).toEqual(['access/not-found'])
  expect(codesOf(await approve(second.digest))).toEqual(['access/own-proposal'])
  need(await approve(second.digest, domain.keys.operator))
  expect(codesOf(await approve(second.digest, domain.keys.operator))).toEqual(['access/not-found'])
  expect(await current()).toBe(second.digest)
})

test('a text says what it was made from, and a change meanwhile is not lost', async () => {
  const base = await current()
  expect(await propose(floored(14))).toMatchObject({
    refusals: [{ code: 'source/base-missing', params: { digest: base } }],
  })
  const other = need(await propose(floored(15), base))
  need(await approve(other.digest))
  expect(await propose(floored(14), base)).toMatchObject({
    refusals: [{ code: 'source/base-changed', params: { digest: other.digest } }],
  })
  expect(codesOf(await propose(floored(15), other.digest))).toEqual(['source/same-text'])
  const fresh = policy.replace(`policy: ${policyName}`, 'policy: another')
  expect(codesOf(await propose(fresh, base))).toEqual(['source/base-changed'])
  expect(need(await propose(fresh)).name).toBe('another')
})

test('a wrong text is refused at its place when it is proposed', async () => {
  const wrong = floored(16).replace('late_days:', 'later_days:')
  expect(await propose(wrong, await current())).toMatchObject({
    refusals: [{ code: 'source/unknown-name', at: { line: 159 } }],
  })
})

test('an earlier text may come back, by two persons again', async () => {
  const proposed = need(await propose(policy, await current()))
  expect(proposed.digest).toBe(digestOfText(policy))
  need(await approve(proposed.digest))
  expect(await current()).toBe(proposed.digest)
})

test('the history tells who proposed and approved which text, and what waits', async () => {
  const before = await current()
  const proposed = need(await propose(floored(17), before))
  const { history, proposal } = need(
    await domain.call(domain.keys.supervisor, 'policy/history', { policy: policyName }),
  )
  expect(history.slice(0, 2)).toMatchObject([
    { event: 'policy/proposed', digest: digestOfText(policy), account: 'ops' },
    { event: 'policy/published', digest: digestOfText(policy), account: 'wu-gang' },
  ])
  expect(history.at(-1)).toMatchObject({ event: 'policy/proposed', digest: proposed.digest })
  expect(digestOf(JSON.parse(proposal?.document ?? ''))).toBe(proposed.digest)
  const { policies } = need(await domain.call(domain.keys.operator, 'policy/list', {}))
  expect(policies).toContainEqual({ policy: policyName, digest: before, proposed: proposed.digest })
  expect(policies).toContainEqual({ policy: 'another', proposed: expect.any(String) as unknown })
})

test('a policy that there is not is not there, whatever is asked of it', async () => {
  const policy = 'nothing'
  for (const action of ['policy/show', 'policy/history'] as const)
    expect(codesOf(await domain.call(domain.keys.operator, action, { policy }))).toEqual([
      'access/not-found',
    ])
  const waits = { policy: 'another' }
  expect(codesOf(await domain.call(domain.keys.operator, 'policy/show', waits))).toEqual([
    'access/not-found',
  ])
})
