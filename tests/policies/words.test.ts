import { expect, test } from 'vitest'
import { noteText } from '../../policies/notes.ts'
import { fill } from '../../policies/refusal.ts'

test('a note is told in both languages', () => {
  const note = { note: 'groups-max', params: { groups: 3 } }
  expect(noteText(note, 'en')).toBe('one entity counts in at most 3 groups')
  expect(noteText(note, 'zh')).toBe('每个主体至多计入 3 个分组')
})

test.each(['tuned', 'constructor'])(
  'a note `%s` of a newer domain is shown as it stands',
  (note) => {
    expect(noteText({ note, params: { by: 2, to: 'x' } }, 'en')).toBe(`${note} by=2 to=x`)
  },
)

test('a place of a template without its parameter stays empty', () => {
  expect(fill('{a} of {b}', { a: 0 })).toBe('0 of ')
})
