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
  'source/method-not-for-type': {
    status: 422,
    message: {
      en: 'at `{where}` the method `{method}` does not take a column of type `{type}`',
      zh: '`{where}` 处的脱敏方法 `{method}` 不适用于类型 `{type}` 的字段',
    },
    fix: { en: 'use one of: {allowed}', zh: '可用方法：{allowed}' },
  },
  'source/method-parameter': {
    status: 422,
    message: {
      en: 'at `{where}` the method `{method}` has the parameter `{value}`, which type `{type}` does not hold exactly',
      zh: '`{where}` 处脱敏方法 `{method}` 的参数 `{value}` 无法由类型 `{type}` 精确表示',
    },
    fix: {
      en: 'write a number with at most 15 digits that fits the type before and after the decimal point',
      zh: '请填写不超过 15 位、且整数与小数位均符合该类型的数值',
    },
  },
} as const
