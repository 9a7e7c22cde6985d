import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { queryCodes } from '../../../policies/codes/query.ts'
import { wordsOf } from '../../../policies/refusal.ts'
import { check } from '../../support/checker.ts'

const folder = 'tests/cases/query'

/** A case: a comment says `allow`, or `refuse <code> <line>:<column>` for each refusal; the place may be left out. */
type Case = { readonly sql: string; readonly wanted: readonly string[] }

const casesOf = (file: string): readonly Case[] =>
  readFileSync(join(folder, file), 'utf8')
    .split(/\n\s*\n/)
    .filter((block) => block.trim() !== '')
    .map((block) => {
      const lines = block.trim().split('\n')
      const isNote = (line: string): boolean => line.startsWith('-- ')
      return {
        sql: lines.filter((line) => !isNote(line)).join('\n'),
        wanted: lines
          .filter((line) => line.startsWith('-- refuse '))
          .map((line) => line.slice('-- refuse '.length)),
      }
    })

const all = readdirSync(folder)
  .sort()
  .map((file) => ({ file, cases: casesOf(file) }))

for (const { file, cases } of all)
  describe(`refusals and what is allowed: ${file}`, () => {
    test.each(cases.map(({ sql, wanted }) => ({ sql, wanted })))(
      '$sql',
      async ({ sql, wanted }) => {
        const outcome = await check(sql)
        const found = outcome.ok ? [] : outcome.refusals
        const texts = found.map(({ code, at }, index) =>
          at === undefined || !/ \d/.test(wanted[index] ?? '')
            ? code
            : `${code} ${at.line}:${at.column}`,
        )
        expect(texts).toEqual(wanted)
      },
    )
  })

/** Where the engine says nothing of the place, and no single word of the text can be the cause. */
const placeless = new Set([
  'query/empty',
  'query/binding',
  'query/syntax',
  'query/scalar-subquery',
  'query/subquery-in-join',
])

test('a refusal of a text says where in it the cause stands', async () => {
  const missing: string[] = []
  for (const { sql } of all.flatMap(({ cases }) => cases)) {
    const outcome = await check(sql)
    for (const { code, at } of outcome.ok ? [] : outcome.refusals) {
      const line = sql.split('\n')[(at?.line ?? 0) - 1]
      const inside =
        at !== undefined && line !== undefined && at.column <= Array.from(line).length + 1
      if (at === undefined ? !placeless.has(code) : !inside) missing.push(`${code} :: ${sql}`)
    }
  }
  expect(missing).toEqual([])
})

test('every refusal of a text has a case that meets it', () => {
  const met = new Set(
    all.flatMap(({ cases }) =>
      cases.flatMap(({ wanted }) => wanted.map((one) => one.split(' ')[0])),
    ),
  )
  const elsewhere = new Set([
    'query/not-text',
    'query/too-long',
    'query/too-complex',
    'query/long-list',
    // A rule over trees and policies, not about texts.
    'query/level-too-high',
  ])
  const unmet = Object.keys(queryCodes).filter((code) => !met.has(code) && !elsewhere.has(code))
  expect(unmet).toEqual([])
})

test('a refusal says in both languages what was met and what would pass', async () => {
  const outcome = await check('SELECT list(district) FROM enterprise')
  if (outcome.ok) throw new Error('not refused')
  const [refusal] = outcome.refusals
  expect(wordsOf(refusal!, 'en').message).toBe('the function `list` is not permitted')
  expect(wordsOf(refusal!, 'zh').message).toBe('不允许使用函数 `list`')
})
