import { leastOf, mostOf, shareOf, type Share } from '../support/bound.ts'
import { improvementOf, type Row } from './families/row.ts'

const percent = (value: number): string => `${(100 * value).toFixed(1)} %`
const counted = (share: Share): string => `${share.right} of ${share.of}`

const lineOf = (row: Row): string =>
  [
    `**${row.family}**: ${row.what}`,
    String(row.attempts),
    String(row.refused),
    String(row.released),
    `${counted(row.inferred)}: ${percent(shareOf(row.inferred))} (${percent(leastOf(row.inferred))} to ${percent(mostOf(row.inferred))})`,
    percent(row.baseline),
    percent(improvementOf(row)),
    `${percent(row.bound)} (${row.boundBy})`,
    `${counted(row.guardRemoved)}: ${percent(shareOf(row.guardRemoved))} (${row.guard})`,
  ].join(' | ')

/** The rows as a page. */
export const scoreboardPage = (rows: readonly Row[]): string =>
  [
    '# Attack scoreboard',
    '',
    'Written by `npm run prove` (alone: `npm run prove -- tests/attacks/scoreboard.test.ts`); a short run of the same families',
    'is part of every check and asserts the same. Each goes through the checker, the rules, the generated statements and the',
    'gate that answer analysts.',
    '',
    'Inferred: claims of the attacker that were right, of all that were made, with limits of Clopper and Pearson (each missed',
    'by one share in a thousand). Guessing: right without asking anything. Gain: confidence improvement of a General Data',
    'Anonymity score, (inferred - guessing) / (1 - guessing). Bound: the most that may be right for what was spent, whoever',
    'asks and whatever is known. The lower limit must not pass it, and without the guard the attack must.',
    '',
    '| family, and what is inferred | attempts | refused | released | inferred | guessing | gain | bound | without the guard |',
    '| --- | ---: | ---: | ---: | --- | ---: | ---: | --- | --- |',
    ...rows.map((row) => `| ${lineOf(row)} |`),
    '',
  ].join('\n')
