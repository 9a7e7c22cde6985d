import { expect, test } from 'vitest'
import { countAttempts, keyDigestOf } from '../../api/auth.ts'
import { keyOf } from '../support/door.ts'

test('a key is read from its header alone and leaves as a digest', () => {
  const key = keyOf('analyst')
  expect(keyDigestOf(`Bearer ${key}`)).toMatch(/^[0-9a-f]{64}$/)
  expect(keyDigestOf(`bearer ${key}`)).toBe(keyDigestOf(`Bearer ${key}`))
  for (const wrong of [undefined, '', key, `Bearer ${key} `, `Bearer ${key}\n`, `Basic ${key}`])
    expect(keyDigestOf(wrong)).toBeUndefined()
})

test('the memory of failures is bounded: the oldest address is forgotten', () => {
  const attempts = countAttempts(() => 0)
  for (let time = 0; time < 20; time += 1) attempts.failed('first')
  for (let other = 0; other < 9_999; other += 1) attempts.failed(`other ${other}`)
  expect(attempts.waitSeconds('first', 'k')).toBe(60)
  attempts.failed('one more')
  expect(attempts.waitSeconds('first', 'k')).toBe(0)
})
