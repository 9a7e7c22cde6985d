/** Files and catalogue documents on their way in. Read by the operator, yet without values of the file. */
export const sourceCodes = {
  'source/invalid-document': {
    status: 422,
    message: {
      en: 'the document is not valid at `{where}`: {problem}',
      zh: '文档在 `{where}` 处无效：{problem}',
    },
    fix: { en: 'correct that place', zh: '请修正该处' },
  },
} as const
