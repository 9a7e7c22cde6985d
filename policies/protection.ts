import * as z from 'zod'
import type { Dataset } from './dataset.ts'
import { refuse, type Refusal } from './refusal.ts'

/**
 * What a column touches, in the order in which the rules name it (成都): 国家秘密, 国家安全, 公共利益, 商业秘密, 个人隐私, 数据安全.
 */
export const protections = [
  'state-secret',
  'national-security',
  'public-interest',
  'trade-secret',
  'personal-privacy',
  'security',
] as const
export const protectionSchema = z.enum(protections)
export type Protection = z.infer<typeof protectionSchema>

/**
 * The least level of a column that touches it, by the table of JR/T 0197-2020: any damage to national security is 5; to the
 * public interest 3 at the least; to a person or an enterprise 3 as soon as it is more than slight.
 */
const levelMin: Readonly<Partial<Record<Protection, number>>> = {
  'national-security': 5,
  'public-interest': 3,
  'trade-secret': 3,
  'personal-privacy': 3,
}

/** State secrets never come in, and a column has the level at least that its tags demand. `where` is its path. */
export const checkProtection = ({ columns }: Pick<Dataset, 'columns'>): readonly Refusal[] =>
  columns.flatMap(({ name: column, level, tags = [] }, position) =>
    tags.flatMap((tag) => {
      if (tag === 'state-secret')
        return [refuse('source/state-secret', { where: `columns.${position}.tags`, column })]
      const min = levelMin[tag] ?? 1
      return level >= min
        ? []
        : [
            refuse('source/level-below-tag', {
              where: `columns.${position}.level`,
              column,
              tag,
              level,
              min,
            }),
          ]
    }),
  )
