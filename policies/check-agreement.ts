import type { Agreement } from './agreement.ts'
import { repeated } from './check-column.ts'
import { exceeds, unknownName } from './check-policy.ts'
import type { Policy } from './policy.ts'
import { refuse, type Refusal } from './refusal.ts'

/** 公共数据资源授权运营实施规范（试行）: an authorisation runs for at most five years. */
const yearsMax = 5

/**
 * An agreement against its policy: it may name only doors, datasets and columns that the policy opens, each once, spend
 * no more than a ledger holds, make tokens of kinds that the policy knows, and run from one day to a later one. All problems at once, as in `checkPolicy`.
 */
export const checkAgreement = (agreement: Agreement, policy: Policy): readonly Refusal[] => {
  if (agreement.policy !== policy.policy)
    return [unknownName('policy', 'policy', agreement.policy, [policy.policy])]
  return [
    ...agreement.doors
      .filter((door) => !policy.doors.includes(door))
      .map((door) =>
        refuse('source/not-opened', {
          where: 'doors',
          door,
          policy: policy.policy,
          allowed: policy.doors.join(', '),
        }),
      ),
    ...repeats('doors', agreement.doors),
    ...Object.entries(agreement.datasets).flatMap(([name, columns]) =>
      checkDataset(policy, name, columns),
    ),
    ...Object.entries(policy.kinds).flatMap(([kind, { ledger }]) => [
      ...exceeds('rho', agreement.rho, `kinds.${kind}.ledger.rho`, ledger.rho),
      ...exceeds('delta', agreement.delta, `kinds.${kind}.ledger.delta`, ledger.delta),
    ]),
    ...checkTokens(agreement, policy),
    ...checkTerm(agreement),
  ]
}

const checkTokens = ({ tokens = [] }: Agreement, { kinds }: Policy): readonly Refusal[] => [
  ...tokens
    .filter((kind) => kinds[kind] === undefined)
    .map((kind) => unknownName('tokens', 'entity kind', kind, Object.keys(kinds))),
  ...repeats('tokens', tokens),
]

const repeats = (where: string, values: readonly string[]): readonly Refusal[] =>
  repeated(values).map((value) => refuse('source/repeats', { where, value }))

const checkDataset = (
  policy: Policy,
  name: string,
  columns: readonly string[],
): readonly Refusal[] => {
  const where = `datasets.${name}`
  const listed = policy.datasets[name]?.columns
  if (listed === undefined)
    return [unknownName(where, 'dataset', name, Object.keys(policy.datasets))]
  return [
    ...columns
      .filter((column) => listed[column] === undefined)
      .map((column) => unknownName(where, 'column', column, Object.keys(listed))),
    ...repeats(where, columns),
  ]
}

/** ISO dates compare as text. */
const checkTerm = ({ from, until }: Agreement): readonly Refusal[] => {
  if (from > until)
    return [refuse('source/range-empty', { where: 'until', low: from, high: until })]
  const last = `${String(Number(from.slice(0, 4)) + yearsMax).padStart(4, '0')}${from.slice(4)}`
  return until <= last
    ? []
    : [refuse('source/term-too-long', { where: 'until', until, last, years: yearsMax })]
}
