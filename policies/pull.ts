import * as z from 'zod'
import { unknownName } from './check-policy.ts'
import { nameSchema } from './name.ts'
import type { Policy } from './policy.ts'
import type { Refusal } from './refusal.ts'

/** A file or folder directly in a folder: no separator, no `..`, nothing hidden, no control sign. */
const bareSchema = z.string().regex(/^[^/\\\p{Cc}.][^/\\\p{Cc}]{0,199}$/u, {
  message: 'a bare name, without a path',
})

/** Names of files; `*` stands for any signs. */
const patternSchema = z.string().regex(/^[^/\\\p{Cc}.]([^/\\\p{Cc}*]|\*(?!\*)){0,199}$/u, {
  message: 'a bare name in which * stands for any signs',
})

const scheduleSchema = z.union([
  z.strictObject({ everyMinutes: z.int().min(1).max(10_080) }),
  z.strictObject({
    daily: z.string().regex(/^([01][0-9]|2[0-3]):[0-5][0-9]$/, { message: 'a time like 03:30' }),
    /** What the clock of `daily` is ahead of UTC. */
    zone: z
      .string()
      .regex(/^[-+](0[0-9]|1[0-4]):[0-5][0-9]$/, { message: 'a distance from UTC like +08:00' })
      .default('+08:00'),
  }),
])

/**
 * Files of a dataset that are taken from a folder of the inbox as they come, in the order of their names, each content
 * once. One a dataset. A file that was written to within `quietSeconds` is left to be finished.
 */
export const pullSchema = z.strictObject({
  pull: nameSchema,
  policy: nameSchema,
  folder: z.array(bareSchema).max(4).default([]),
  files: patternSchema,
  mode: z.enum(['replace', 'append', 'upsert']),
  schedule: scheduleSchema,
  quietSeconds: z.int().min(0).max(86_400).default(60),
})
export type Pull = z.infer<typeof pullSchema>

/** A pull names a policy that publishes its dataset. */
export const checkPull = (
  { pull, policy }: Pull,
  policies: readonly Pick<Policy, 'policy' | 'datasets'>[],
): readonly Refusal[] => {
  const known = policies.filter(({ datasets }) => datasets[pull] !== undefined)
  const names = known.map((each) => each.policy)
  return names.includes(policy) ? [] : [unknownName('policy', 'policy', policy, names)]
}

const [minuteMs, dayMs] = [60_000, 86_400_000]

/** When to look next after a moment: missed looks are made up for by one. */
export const dueAfter = ({ schedule }: Pick<Pull, 'schedule'>, afterMs: number): number => {
  if ('everyMinutes' in schedule) return afterMs + schedule.everyMinutes * minuteMs
  const sign = schedule.zone.startsWith('-') ? -1 : 1
  const startMs =
    minutesOf(schedule.daily) * minuteMs - sign * minutesOf(schedule.zone.slice(1)) * minuteMs
  return (Math.floor((afterMs - startMs) / dayMs) + 1) * dayMs + startMs
}

const minutesOf = (text: string): number => {
  const [hours = 0, minutes = 0] = text.split(':').map(Number)
  return hours * 60 + minutes
}

/** How long to leave a file alone that was refused so many times in a row: a minute, doubled up to a day. */
export const retryAfterMs = (failures: number): number =>
  Math.min(dayMs, minuteMs * 2 ** Math.min(failures - 1, 20))

/** Whether a file's name fits. */
export const fits = ({ files }: Pick<Pull, 'files'>, name: string): boolean => {
  const [first = '', ...rest] = files.split('*')
  const last = rest.pop()
  if (last === undefined) return name === files
  if (!name.startsWith(first) || !name.endsWith(last)) return false
  if (name.length < first.length + last.length) return false
  const end = name.length - last.length
  let at = first.length
  for (const part of rest) {
    at = name.indexOf(part, at) + part.length
    if (at < part.length || at > end) return false
  }
  return true
}
