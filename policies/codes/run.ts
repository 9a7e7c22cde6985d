/** After a run whatever is not released looks alike: one code. The reason is for reviewers and the operator. */
export const runCodes = {
  'run/not-released': {
    status: 422,
    message: { en: 'the run ended and nothing was released', zh: '运行已结束，未放行任何结果' },
    fix: {
      en: 'the charge stands; the operator can see why',
      zh: '扣减不退回；运营机构可查看原因',
    },
  },
  'run/busy': {
    status: 503,
    message: { en: 'the domain is at its limit of waiting work', zh: '安全域排队任务已满' },
    fix: { en: 'try again in {seconds} seconds', zh: '请在 {seconds} 秒后重试' },
  },
  'run/unavailable': {
    status: 503,
    message: { en: 'the domain does not answer at present', zh: '安全域暂时无响应' },
    fix: { en: 'try again in {seconds} seconds', zh: '请在 {seconds} 秒后重试' },
  },
  'internal/failure': {
    status: 500,
    message: {
      en: 'something failed inside; incident {incident}',
      zh: '内部故障，事件编号 {incident}',
    },
    fix: { en: 'tell the operator the incident number', zh: '请将事件编号告知运营机构' },
  },
} as const
