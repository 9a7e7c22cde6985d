/** What the catalogue says of a dataset and the domain does not allow, or cannot keep to. */
export const catalogueCodes = {
  'source/state-secret': {
    status: 422,
    message: {
      en: '{where}: column `{column}` is a state secret, which never comes into this domain',
      zh: '{where}：字段 `{column}` 属国家秘密，不得进入本安全域',
    },
    fix: {
      en: 'leave the column out of the dataset and of its files',
      zh: '请在数据资源及其文件中去除该字段',
    },
  },
  'source/level-below-tag': {
    status: 422,
    message: {
      en: '{where}: column `{column}` is tagged `{tag}` and has level {level}; the least is {min}',
      zh: '{where}：字段 `{column}` 标记为 `{tag}`，级别为 {level}，至少应为 {min}',
    },
    fix: { en: 'raise its level, or correct the tag', zh: '请提高级别，或更正标记' },
  },
  'source/token-not-agreed': {
    status: 422,
    message: {
      en: 'column `{column}` is to hold tokens, and agreement `{agreement}` makes none of the kind `{kind}`',
      zh: '字段 `{column}` 应为假名，但协议 `{agreement}` 未约定生成 `{kind}` 的假名',
    },
    fix: {
      en: 'name a signed agreement whose `tokens` have this kind',
      zh: '请指定已签署且 `tokens` 含该类别的协议',
    },
  },
  'source/token-over': {
    status: 409,
    message: {
      en: 'column `{column}` holds tokens of agreement `{agreement}`, which open nothing: none was made yet, or its term is over',
      zh: '字段 `{column}` 的假名属于协议 `{agreement}`，现已无法解析：尚未生成，或协议已到期',
    },
    fix: {
      en: 'let its organisation make them under an agreement that is in force',
      zh: '请由机构在有效的协议下重新生成',
    },
  },
  'source/entities-changed': {
    status: 422,
    message: {
      en: 'whom the rows of `{dataset}` are about cannot change; they were registered as `{was}`',
      zh: '数据资源 `{dataset}` 的主体不可变更，已登记为 `{was}`',
    },
    fix: {
      en: 'keep the entities, or register the table under another name, which needs a policy of its own',
      zh: '请保留原主体；或以新名称登记，并为其另定策略',
    },
  },
  'source/kind-renamed': {
    status: 422,
    message: {
      en: 'entities known by `{standard}` are of the kind `{known}` in this domain, not `{kind}`',
      zh: '本安全域中以 `{standard}` 标识的主体类别为 `{known}`，而非 `{kind}`',
    },
    fix: {
      en: 'use the kind `{known}`: one entity has one ledger, whatever table it stands in',
      zh: '请使用类别 `{known}`：同一主体无论在哪张表中都只有一个预算台账',
    },
  },
  'source/authority-unfit': {
    status: 422,
    message: {
      en: 'the dataset `{dataset}` cannot answer for column `{column}`: its {problem} does not fit',
      zh: '数据资源 `{dataset}` 不能作为字段 `{column}` 的权威来源：其 {problem} 不相符',
    },
    fix: {
      en: 'name a registered dataset with one row an entity of the same kind and a column of the same type, standard and class, of no higher level and without tags that this one lacks',
      zh: '请指定已登记、每个同类主体一行的数据资源，其字段的类型、标准与类别相同、级别不更高且无本字段所缺的标记',
    },
  },
  'source/authority-missing': {
    status: 409,
    message: {
      en: 'the dataset `{dataset}`, which answers for column `{column}`, has no data yet',
      zh: '字段 `{column}` 的权威来源 `{dataset}` 尚无数据',
    },
    fix: { en: 'publish that dataset before this one', zh: '请先发布该数据资源' },
  },
} as const
