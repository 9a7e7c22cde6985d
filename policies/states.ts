import type { LogEvent } from './event.ts'

/** Every state a submission can be in. */
export const submissionStates = [
  'received',
  'refused',
  'charged',
  'running',
  'failed',
  'protected',
  'held',
  'released',
  'declined',
  'withdrawn',
] as const
export type SubmissionState = (typeof submissionStates)[number]

type StateRule = {
  /** Who moves it on; `nobody` where it rests for good. */
  readonly owner: 'keeper' | 'runner' | 'reviewers' | 'nobody'
  /** Where it can go, and the event the log then holds. */
  readonly next: Readonly<Partial<Record<SubmissionState, LogEvent>>>
}

/** The event of the first state. */
export const firstState = { state: 'received', event: 'submission/received' } as const

/**
 * The states as one total table: what is not written here cannot happen. `docs/states.md` is generated from it.
 * A run of the people door ends in one entry, held or failed: the length of the log does not tell which (I5).
 * A question equal to one answered before goes from `received` to `protected`: it is not charged and not run again.
 * Nothing leads from `charged` to anything that was not run or failed: a charge stands (I6). Its author withdraws what
 * waits for a place to run in, and nothing later: a held result and a failed run could be told apart by trying (I5).
 */
export const submissionRules: Readonly<Record<SubmissionState, StateRule>> = {
  received: {
    owner: 'keeper',
    next: {
      refused: 'submission/refused',
      charged: 'ledger/charged',
      protected: 'submission/reused',
      withdrawn: 'submission/withdrawn',
    },
  },
  refused: { owner: 'nobody', next: {} },
  charged: { owner: 'keeper', next: { running: 'run/started', failed: 'submission/failed' } },
  running: {
    owner: 'runner',
    next: { protected: 'result/protected', held: 'result/held', failed: 'submission/failed' },
  },
  failed: { owner: 'nobody', next: {} },
  protected: { owner: 'keeper', next: { released: 'result/released' } },
  held: {
    owner: 'reviewers',
    next: {
      released: 'result/released',
      declined: 'result/declined',
    },
  },
  released: { owner: 'nobody', next: {} },
  declined: { owner: 'nobody', next: {} },
  withdrawn: { owner: 'nobody', next: {} },
}

/**
 * States of the end of a version. `proposed` waits for a second person and changes nothing yet; from `begun` on no question
 * reads it, and whoever opens the home finishes the work; `done` has its certificate in the log. Each leads to the next.
 */
export const destructionStates = ['proposed', 'begun', 'done'] as const

/** The event of a step from one state to another, undefined where there is no such step. */
export const eventOf = (from: SubmissionState, to: SubmissionState): LogEvent | undefined =>
  submissionRules[from].next[to]

export const isFinal = (state: SubmissionState): boolean =>
  submissionRules[state].owner === 'nobody'

/** The table as a page with a Mermaid diagram. */
export const statesPage = (): string => {
  const steps = submissionStates.flatMap((from) =>
    Object.entries(submissionRules[from].next).map(([to, event]) => ({ from, to, event })),
  )
  const finals = submissionStates.filter(isFinal)
  return [
    '# States of a submission',
    '',
    'Generated from `policies/states.ts`; a test compares. Each arrow is one log entry with the event written on it.',
    '',
    '```mermaid',
    'stateDiagram-v2',
    `  [*] --> ${firstState.state}: ${firstState.event}`,
    ...steps.map(({ from, to, event }) => `  ${from} --> ${to}: ${event}`),
    ...finals.map((state) => `  ${state} --> [*]`),
    '```',
    '',
    '| state | who moves it on | leads to |',
    '| --- | --- | --- |',
    ...submissionStates.map((state) => {
      const { owner, next } = submissionRules[state]
      return `| ${state} | ${owner} | ${Object.keys(next).join(', ') || 'an end'} |`
    }),
    '',
  ].join('\n')
}
