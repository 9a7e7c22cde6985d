import type { Language } from './refusal.ts'

/** The words of a difference between two texts of a policy; `{name}` is filled from its parameters. */
export const changeWords = {
  'policy-renamed': {
    en: 'another policy: `{from}` becomes `{to}`',
    zh: '策略名称由 `{from}` 改为 `{to}`',
  },
  'title-changed': { en: 'title: {from} becomes {to}', zh: '标题由“{from}”改为“{to}”' },
  'door-opened': { en: 'the {door} door is opened', zh: '开放 {door} 出口' },
  'door-closed': { en: 'the {door} door is closed', zh: '关闭 {door} 出口' },
  'kind-added': {
    en: 'entities of kind `{kind}` have a floor and a ledger',
    zh: '为主体类型 `{kind}` 设定门限与台账',
  },
  'kind-removed': {
    en: 'entities of kind `{kind}` have no floor and no ledger any more',
    zh: '取消主体类型 `{kind}` 的门限与台账',
  },
  'number-changed': { en: '`{what}`: {from} becomes {to}', zh: '`{what}`：{from} 改为 {to}' },
  'dataset-opened': { en: 'dataset `{dataset}` is opened', zh: '开放数据资源 `{dataset}`' },
  'dataset-closed': { en: 'dataset `{dataset}` is closed', zh: '关闭数据资源 `{dataset}`' },
  'column-shown': {
    en: '`{column}` becomes visible, as a {use}; desensitized: {steps}',
    zh: '`{column}` 变为可见（{use}），脱敏：{steps}',
  },
  'column-hidden': { en: '`{column}` becomes hidden', zh: '`{column}` 变为隐藏' },
  'use-changed': {
    en: '`{column}` is a {to} and no {from} any more',
    zh: '`{column}` 由 {from} 改为 {to}',
  },
  'desensitization-changed': {
    en: '`{column}` is desensitized otherwise: {from} becomes {to}',
    zh: '`{column}` 的脱敏由 {from} 改为 {to}',
  },
  'bounds-changed': {
    en: '`{column}` is bounded otherwise: {from} becomes {to}',
    zh: '`{column}` 的取值范围由 {from} 改为 {to}',
  },
  'codes-changed': {
    en: '`{column}` has other codes: added {added}; taken out {removed}',
    zh: '`{column}` 的代码：新增 {added}；删除 {removed}',
  },
  'of-entity-set': {
    en: '`{column}` is declared the same in all rows of an entity',
    zh: '`{column}` 声明为主体属性（同一主体各行一致）',
  },
  'of-entity-unset': {
    en: '`{column}` is no longer declared the same in all rows of an entity',
    zh: '`{column}` 不再声明为主体属性',
  },
  'sensitive-set': { en: '`{column}` becomes sensitive', zh: '`{column}` 设为敏感' },
  'sensitive-unset': { en: '`{column}` is no longer sensitive', zh: '`{column}` 不再设为敏感' },
} as const satisfies Record<string, Record<Language, string>>
export type ChangeName = keyof typeof changeWords
