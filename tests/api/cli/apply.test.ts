import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { refused } from '../../../policies/outcome.ts'
import { refuse } from '../../../policies/refusal.ts'
import { cliAs } from '../../support/cli.ts'
import { fakeDoor } from '../../support/door.ts'
import { testFolder } from '../../support/folder.ts'

const [dataset, policy, agreement, pull] = ['dataset', 'policy', 'agreement', 'pull'].map(
  (name) => `docs/example/${name}.yaml`,
) as [string, string, string, string]
const actionsOf = (door: ReturnType<typeof fakeDoor>): readonly string[] =>
  door.calls.map(({ action }) => action)

test('documents are sent in the order in which they name each other, however they were given', async () => {
  const door = fakeDoor()
  const ran = await cliAs('operator', door)('apply', pull, agreement, policy, dataset)
  expect(ran.exit).toBe(0)
  expect(actionsOf(door)).toEqual([
    'dataset/register',
    'policy/propose',
    'agreement/sign',
    'pull/set',
  ])
  expect(ran.out).toMatch(/^dataset {2}.*\npolicy {2}.*\nagreement {2}.*\npull {2}.*\n$/)
  expect(ran.err).toMatch(/another operator approves it: sluice policy approve/)
})

test('nothing is sent where one of them has a fault, or contradicts another', async () => {
  const folder = testFolder()
  const wrong = join(folder, 'wrong.yaml')
  writeFileSync(wrong, 'rows: 1\n')
  const door = fakeDoor()
  const broken = await cliAs('operator', door)('apply', dataset, wrong)
  expect(broken).toMatchObject({ exit: 3, out: '' })
  expect(broken.err).toMatch(/source\/unknown-document/)
  const other = await cliAs('operator', door)(
    'apply',
    'connectors/city/documents/tax_rating.yaml',
    policy,
  )
  expect(other).toMatchObject({ exit: 3, out: '' })
  expect(actionsOf(door)).toEqual([])
})

test('the first refusal ends it and shows what was sent before; a text that is there already ends nothing', async () => {
  const same = refused(refuse('source/same-text', { policy: 'shops-open' }))
  const door = fakeDoor({
    'policy/propose': () => same,
    'agreement/sign': () => refused(refuse('submission/conflict', { what: 'my-bank-2026' })),
  })
  const ran = await cliAs('operator', door)('apply', dataset, policy, agreement)
  expect(ran.exit).toBe(7)
  expect(ran.out).toMatch(/^dataset {2}.*\n$/)
  expect(ran.err).toMatch(/^submission\/conflict: /)
  expect(actionsOf(door)).toHaveLength(3)
})
