import { fill, type Language } from './refusal.ts'
import type { Result } from './result.ts'

/**
 * What a reader must know of a result, in words; parameters are public figures of policy and question. A note that is
 * not here (of a newer domain) is shown as it stands.
 */
const notes: Readonly<Record<string, Record<Language, string>>> = {
  clamped: {
    en: '`{measure}`: each value was brought between {low} and {high} first, which can bias a total',
    zh: '`{measure}`：各取值先限制在 {low} 至 {high} 之间，总量可能因此有偏',
  },
  'rows-max': {
    en: 'at most {rows} rows of one entity count',
    zh: '每个主体至多计入 {rows} 行',
  },
  'entity-clamped': {
    en: 'the total of one entity counts between {low} and {high}',
    zh: '每个主体的合计限制在 {low} 至 {high} 之间',
  },
  'values-max': {
    en: 'at most {values} groups and values of one entity count',
    zh: '每个主体至多计入 {values} 个分组取值组合',
  },
  'quantile-grid': {
    en: 'quantiles come from a public grid of steps of {step}',
    zh: '分位数取自步长为 {step} 的公开网格',
  },
  'from-release': {
    en: 'computed from the release of `{submission}`, up to {cells} of its cells in one: nothing was spent',
    zh: '由 `{submission}` 的放行结果计算，每格最多合并 {cells} 格：未消耗预算',
  },
  'from-listed-cells': {
    en: 'rows with a value on no public list are not in it',
    zh: '取值不在公开清单中的行未计入',
  },
  'groups-above-threshold': {
    en: 'groups appear when their noisy number of entities reaches {least}: small ones are missing',
    zh: '加噪主体数达到 {least} 的分组才会出现，小分组不在其中',
  },
  'groups-public': {
    en: 'every group of the public list is answered, empty ones too',
    zh: '公开清单中的全部分组均有结果，包括空分组',
  },
  'groups-max': {
    en: 'one entity counts in at most {groups} groups',
    zh: '每个主体至多计入 {groups} 个分组',
  },
  'units-max': {
    en: 'one {kind} stands behind at most {units} units',
    zh: '每个 {kind} 至多对应 {units} 个主体',
  },
}

export const noteText = ({ note, params }: Result['notes'][number], language: Language): string => {
  const words = new Map(Object.entries(notes)).get(note)
  if (words !== undefined) return fill(words[language], params)
  return [note, ...Object.entries(params).map(([name, value]) => `${name}=${value}`)].join(' ')
}
