import { expect, test } from 'vitest'
import { cliAs } from '../../support/cli.ts'
import { digest, fakeDoor } from '../../support/door.ts'

test('one operator proposes with a reason and is told what another does', async () => {
  const door = fakeDoor()
  const ran = await cliAs('operator', door)('destroy', 'enterprise', digest, '--reason', 'expired')
  expect(ran).toMatchObject({ exit: 0, out: `${digest}\n` })
  expect(ran.err).toContain(`sluice destroy enterprise ${digest} --approve`)
  expect(door.calls[0]).toMatchObject({
    action: 'destruction/propose',
    input: { dataset: 'enterprise', version: digest, reason: 'expired' },
  })
})

test('another approves, and is shown the certificate and its place in the log', async () => {
  const door = fakeDoor()
  const ran = await cliAs('operator', door)('destroy', 'enterprise', digest, '--approve')
  expect(ran).toMatchObject({ exit: 0, out: '{"event":"version/destroyed"}\n' })
  expect(ran.err).toContain('entry 11')
  expect(door.calls.map(({ action }) => action)).toEqual(['destruction/approve'])
})

test('neither and both are refused before anything is asked', async () => {
  const door = fakeDoor()
  const destroy = cliAs('operator', door)
  expect((await destroy('destroy', 'enterprise', digest)).exit).toBe(2)
  const both = await destroy('destroy', 'enterprise', digest, '--approve', '--reason', 'x')
  expect(both.exit).toBe(2)
  expect(door.calls).toEqual([])
})
