import { afterEach, expect, test, vi } from 'vitest'
import { openCalls } from '../../api/calls.ts'
import type { Request } from '../../sandbox/door.ts'
import { digest, samples } from '../support/door.ts'

const limits = { waitingMax: 2, timeoutMs: 1000, ingestTimeoutMs: 5000 }

test('replies find their requests whatever the order they come in', async () => {
  const sent: Request[] = []
  const calls = openCalls((request) => sent.push(request), limits)
  const account = calls.call(digest, 'account/show', {})
  const status = calls.call(digest, 'domain/status', {})
  calls.take({ id: sent[1]!.id, ok: true, value: samples['domain/status'] })
  calls.take({ id: sent[0]!.id, ok: true, value: samples['account/show'] })
  expect(await account).toEqual({ ok: true, value: samples['account/show'] })
  expect(await status).toEqual({ ok: true, value: samples['domain/status'] })
})

test('what waits is bounded: beyond that the answer is busy', async () => {
  const calls = openCalls(() => undefined, limits)
  void calls.call(digest, 'account/show', {})
  void calls.call(digest, 'account/show', {})
  expect(await calls.call(digest, 'account/show', {})).toMatchObject({
    ok: false,
    refusals: [{ code: 'run/busy' }],
  })
  calls.abandon(1)
})

afterEach(() => void vi.useRealTimers())

test('nothing waits for ever, and a wait that was asked for is added', async () => {
  vi.useFakeTimers()
  const calls = openCalls(() => undefined, limits)
  const quick = calls.call(digest, 'account/show', {})
  const patient = vi.fn()
  void calls.call(digest, 'submission/show', { id: 'x', waitMs: 9000 }).then(patient)
  await vi.advanceTimersByTimeAsync(1000)
  expect(await quick).toMatchObject({ refusals: [{ code: 'run/unavailable' }] })
  await vi.advanceTimersByTimeAsync(8999)
  expect(patient).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(1)
  expect(patient).toHaveBeenCalledOnce()
})

test('a value of another shape than the door promises is thrown and shown to nobody', async () => {
  const sent: Request[] = []
  const calls = openCalls((request) => sent.push(request), limits)
  const account = calls.call(digest, 'account/show', {})
  calls.take({ id: sent[0]!.id, ok: true, value: { ...samples['account/show'], salt: 'x' } })
  await expect(account).rejects.toThrow()
})

test('a message that is no reply is a broken keeper; a late reply is nothing', () => {
  const calls = openCalls(() => undefined, limits)
  expect(() => calls.take({ id: 1, ok: 'yes' })).toThrow()
  expect(() => calls.take({ id: 99, ok: true, value: {} })).not.toThrow()
})
