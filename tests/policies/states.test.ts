import { expect, test } from 'vitest'
import { events } from '../../policies/event.ts'
import {
  eventOf,
  firstState,
  isFinal,
  statesPage,
  submissionRules,
  submissionStates,
  type SubmissionState,
} from '../../policies/states.ts'

const nextOf = (state: SubmissionState): SubmissionState[] =>
  Object.keys(submissionRules[state].next) as SubmissionState[]

/** Every state that can be reached from this one, itself included. */
const reachable = (from: SubmissionState): Set<SubmissionState> => {
  const seen = new Set<SubmissionState>()
  const visit = (state: SubmissionState): void => {
    if (seen.has(state)) return
    seen.add(state)
    for (const next of nextOf(state)) visit(next)
  }
  visit(from)
  return seen
}

test('every state is reached, and from every state an end is reached', () => {
  expect(reachable(firstState.state)).toEqual(new Set(submissionStates))
  for (const state of submissionStates)
    expect([...reachable(state)].some(isFinal), state).toBe(true)
})

test('a state has an owner exactly when something can follow it', () => {
  for (const state of submissionStates)
    expect(isFinal(state), state).toBe(nextOf(state).length === 0)
})

test('every step has an event of the closed list, and nothing leads back', () => {
  for (const from of submissionStates)
    for (const to of nextOf(from)) {
      expect(events).toContain(eventOf(from, to))
      expect(reachable(to).has(from), `${from} to ${to}`).toBe(false)
    }
})

test('a step that is not in the table has no event', () => {
  expect(eventOf('received', 'released')).toBeUndefined()
  expect(eventOf('released', 'released')).toBeUndefined()
})

test('nothing is run without a charge, and nothing released without protection', () => {
  const before = (state: SubmissionState): SubmissionState[] =>
    submissionStates.filter((from) => nextOf(from).includes(state))
  expect(before('running')).toEqual(['charged'])
  expect(before('released')).toEqual(['protected', 'held'])
  expect(before('held')).toEqual(['running'])
})

test('docs/states.md is the page generated from the table', async () => {
  await expect(statesPage()).toMatchFileSnapshot('../../docs/states.md')
})
