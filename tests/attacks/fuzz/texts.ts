import { expect } from 'vitest'
import { problemSchema } from '../../../api/problem.ts'
import { readDocuments } from '../../../policies/documents.ts'
import type { Outcome } from '../../../policies/outcome.ts'
import { decide } from '../../../policies/query/decide.ts'
import { testApp } from '../../support/app.ts'
import { check } from '../../support/checker.ts'
import { keyOf } from '../../support/door.ts'
import { expectKnown, expectOurs } from '../../support/ours.ts'
import { townContext, townTables } from '../../support/town.ts'
import { mutateText, type Below } from './mutate.ts'
import { bodySeeds, documentSeeds, sqlSeeds } from './seeds.ts'
import type { Target } from './target.ts'

const changed = (seeds: readonly string[], words: readonly string[], below: Below): string =>
  mutateText(seeds[below(seeds.length)]!, below, { other: seeds[below(seeds.length)]!, words })

const sqlWords =
  'select from where group by having union all with recursive join lateral window over filter cast try_cast case when null interval date array struct map unnest pivot sample limit offset exists in any not between like rollup cube grouping quantile_cont'.split(
    ' ',
  )

const decided = async (text: string): Promise<Outcome<unknown>> => {
  const understood = await check(text, townTables)
  return understood.ok ? decide(understood.value, townContext) : understood
}

/** `read`: what takes the text; another one than the product's shows what its guard is worth. */
export const sqlTarget = (read: (text: string) => Promise<Outcome<unknown>> = decided): Target => {
  const seeds = sqlSeeds()
  return {
    tries: [300, 30_000],
    attempt: async (below) => {
      const text = changed(seeds, sqlWords, below)
      const outcome = await read(text)
      if (!outcome.ok) expectOurs(outcome.refusals, text)
    },
  }
}

const yamlWords = [
  '- ',
  ': ',
  '&a ',
  '*a ',
  '!!binary ',
  '|\n',
  '>-\n',
  '{',
  '}',
  '? ',
  '---\n',
  '<<: ',
  '%YAML 1.1\n',
]

type ReadAll = (texts: readonly string[]) => readonly Outcome<unknown>[]

export const yamlTarget = (read: ReadAll = (texts) => readDocuments(texts).read): Target => {
  const seeds = documentSeeds()
  return {
    tries: [60, 6000],
    attempt: async (below) => {
      const texts = [changed(seeds, yamlWords, below), seeds[below(seeds.length)]!]
      for (const outcome of read(texts)) if (!outcome.ok) expectKnown(outcome.refusals)
    },
  }
}

const jsonWords = [
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '""',
  'null',
  'true',
  '1e999',
  '\\u0000',
  '\\ud800',
  '"__proto__":{}',
  '"rho":',
]
const roles = ['analyst', 'operator', 'supervisor', 'reviewer', 'administrator'] as const

/** Bodies and query strings at every path of the cases, as anybody. */
export const httpTarget = (): Target => {
  const seeds = bodySeeds()
  const bodies = seeds.map(({ body }) => body)
  const { app, incidents } = testApp()
  return {
    tries: [200, 20_000],
    attempt: async (below) => {
      const { method, path } = seeds[below(seeds.length)]!
      const body = changed(bodies, jsonWords, below)
      const query =
        below(3) === 0
          ? `?${encodeURI(changed(['limit=5&cursor=1'], jsonWords, below).toWellFormed())}`
          : ''
      const response = await app.request(
        `${path.replaceAll(/[{}]/g, '')}${query.replaceAll('#', '')}`,
        {
          method,
          headers: {
            authorization: `Bearer ${keyOf(roles[below(roles.length)]!)}`,
            'content-type': 'application/json',
          },
          ...(method !== 'GET' && { body }),
        },
      )
      const answered = await response.text()
      expect(incidents, body).toEqual([])
      if (response.ok) return
      expect(response.status, body).toBeLessThan(500)
      expectKnown([{ params: {}, ...problemSchema.parse(JSON.parse(answered)) } as never])
    },
  }
}
