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
  'submission/conflict': {
    status: 409,
    message: { en: '`{what}` exists already with other content', zh: '`{what}` 已存在且内容不同' },
    fix: { en: 'choose another name or key', zh: '请更换名称或幂等键' },
  },
} as const
