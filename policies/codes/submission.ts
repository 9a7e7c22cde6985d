/** The request itself: its form, its size, what it names. */
export const submissionCodes = {
  'submission/malformed': {
    status: 400,
    message: { en: '{where}: {problem}', zh: '{where}：{problem}' },
    fix: {
      en: 'correct the named field; the schema stands in the API description',
      zh: '请按接口说明修正该字段',
    },
  },
  'submission/too-large': {
    status: 413,
    message: { en: 'the request is larger than {max} bytes', zh: '请求超过 {max} 字节' },
    fix: { en: 'send less', zh: '请减小请求内容' },
  },
  'submission/media-type': {
    status: 415,
    message: {
      en: 'this operation reads `{media}` in UTF-8 without content coding',
      zh: '该操作仅接受 UTF-8 编码且未压缩的 `{media}`',
    },
    fix: { en: 'send `Content-Type: {media}`', zh: '请发送 `Content-Type: {media}`' },
  },
  'submission/method-not-allowed': {
    status: 405,
    message: { en: 'this path does not answer {method}', zh: '该路径不支持 {method}' },
    fix: { en: 'use {allowed}', zh: '请使用 {allowed}' },
  },
  'submission/agreement-not-in-force': {
    status: 403,
    message: {
      en: 'agreement `{agreement}` is not in force today',
      zh: '授权协议 `{agreement}` 当前未生效',
    },
    fix: { en: 'use an agreement whose term includes today', zh: '请使用在有效期内的协议' },
  },
  'submission/door-not-agreed': {
    status: 403,
    message: {
      en: 'agreement `{agreement}` and its policy do not both open the {door} door',
      zh: '协议 `{agreement}` 及其策略未同时开放 {door} 出口',
    },
    fix: { en: 'choose a door that both name', zh: '请选择两者均开放的出口' },
  },
  'submission/runs-exhausted': {
    status: 403,
    message: {
      en: 'agreement `{agreement}` allowed {max} runs and they are used up',
      zh: '协议 `{agreement}` 允许的 {max} 次运行已用完',
    },
    fix: { en: 'ask for a new agreement', zh: '请申请新的协议' },
  },
  'submission/identifier-malformed': {
    status: 422,
    message: {
      en: 'this is no identifier of the kind `{kind}`, which is known by `{standards}`',
      zh: '该值不是主体类别 `{kind}` 的标识符（标准：`{standards}`）',
    },
    fix: {
      en: 'correct or leave out what is named: no token was made of any of them',
      zh: '请更正或去除所列标识符；本次未生成任何假名',
    },
  },
  'submission/tokens-not-agreed': {
    status: 403,
    message: {
      en: 'agreement `{agreement}` makes no tokens of the kind `{kind}`',
      zh: '授权协议 `{agreement}` 未约定生成 `{kind}` 的假名',
    },
    fix: {
      en: 'use a kind that its `tokens` name and whose identifiers have a standard',
      zh: '请使用协议 `tokens` 所列且标识符有标准的主体类别',
    },
  },
  'submission/tokens-exhausted': {
    status: 403,
    message: {
      en: 'agreement `{agreement}` allows {max} tokens and {left} of them are left',
      zh: '协议 `{agreement}` 允许生成 {max} 个假名，尚余 {left} 个',
    },
    fix: {
      en: 'ask for fewer, each identifier once, or for a new agreement',
      zh: '请减少数量（每个标识符仅提交一次），或申请新的协议',
    },
  },
  'submission/begun': {
    status: 409,
    message: {
      en: 'the submission waits for its run no more',
      zh: '该提交已不在等待运行',
    },
    fix: {
      en: 'only what waits can be withdrawn: what was charged stays charged',
      zh: '只能撤回等待中的提交，已扣除的预算不退回',
    },
  },
  'submission/conflict': {
    status: 409,
    message: { en: '`{what}` exists already with other content', zh: '`{what}` 已存在且内容不同' },
    fix: { en: 'choose another name or key', zh: '请更换名称或幂等键' },
  },
} as const
