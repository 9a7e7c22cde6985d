import { expect, test } from 'vitest'
import { sure } from '../../policies/sure.ts'

test('what is there is given, NULL too; nothing is put in the place of what is not', () => {
  expect(sure(0, 'a number')).toBe(0)
  expect(sure(null, 'a cell')).toBeNull()
  expect(() => sure(undefined, 'a bound')).toThrow('missing: a bound')
})
