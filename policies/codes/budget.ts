/** The privacy ledger. */
export const budgetCodes = {
  'budget/exhausted': {
    status: 422,
    message: {
      en: 'the {scope} ledger has rho {left} left and this needs {needed}',
      zh: '{scope} 台账剩余 rho {left}，本次需要 {needed}',
    },
    fix: {
      en: 'ask with a smaller rho, or reuse an earlier answer: an equal question is free',
      zh: '请降低 rho，或复用既有结果：相同问题不再扣减',
    },
  },
  'budget/delta-exhausted': {
    status: 422,
    message: {
      en: 'the {scope} ledger has delta {left} left and this needs {needed}',
      zh: '{scope} 台账剩余 delta {left}，本次需要 {needed}',
    },
    fix: {
      en: 'group by columns whose values are public: such an answer needs no delta',
      zh: '请按取值公开的列分组：此类查询无需 delta',
    },
  },
  'budget/exceeds-question': {
    status: 422,
    message: {
      en: 'rho {asked} is more than the {max} one question may spend',
      zh: 'rho {asked} 超过单次上限 {max}',
    },
    fix: { en: 'ask with rho at most {max}', zh: '请将 rho 设为不超过 {max}' },
  },
  'budget/nothing-released': {
    status: 422,
    message: {
      en: 'nothing that was released under the agreement holds the answer',
      zh: '协议下已放行的结果中没有该答案',
    },
    fix: {
      en: 'ask with a rho, or ask for a table of counts and sums by more columns first',
      zh: '请给出 rho，或先查询按更多列分组的计数与合计表',
    },
  },
  'budget/below-question': {
    status: 422,
    message: {
      en: 'rho {asked} is less than the {min} one question must spend',
      zh: 'rho {asked} 低于单次下限 {min}',
    },
    fix: { en: 'ask with rho at least {min}', zh: '请将 rho 设为不低于 {min}' },
  },
} as const
