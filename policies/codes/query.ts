/** What a submitted text may say. Found before any data is touched, from text, policy and public schema alone. */
export const queryCodes = {
  'query/not-text': {
    status: 400,
    message: {
      en: 'the text is not valid UTF-8 without NUL characters',
      zh: '文本不是有效的 UTF-8 或含有空字符',
    },
    fix: { en: 'send plain UTF-8 text', zh: '请提交 UTF-8 纯文本' },
  },
} as const
