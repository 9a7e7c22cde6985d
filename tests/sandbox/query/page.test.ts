import { expect, test } from 'vitest'
import type {
  AggregateFunction,
  ScalarFunction,
} from '../../../policies/relation/functions/entry.ts'
import {
  aggregateFunctions,
  scalarFunctions,
  windowFunctions,
} from '../../../policies/relation/functions.ts'
import { aliases } from '../../../policies/relation/functions/names.ts'
import { gateLimits } from '../../../sandbox/query/gate-rule.ts'

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
const code = (text: string): string => `\`${text.replaceAll('|', '\\|')}\``

/** `(number, *integer*)`: constants in italics, what repeats with dots. */
const signature = (takes: string, literals: readonly number[]): string => {
  const words = takes.split(' ').filter((word) => word !== '')
  const named = words.map((word, place) => (literals.includes(place) ? `*${word}*` : word))
  return `(${named.join(', ').replace(', ...', ' …')})`
}

const linesOf = (
  entries: readonly (readonly [string, readonly (ScalarFunction | AggregateFunction)[]])[],
): readonly string[] => {
  const otherNames = Map.groupBy(aliases, ([, name]) => name)
  return entries.map(([name, list]) =>
    row([
      code(name === 'negate' ? '- (sign)' : name),
      list
        .flatMap(({ takes, literals = [] }) => takes.map((one) => signature(one, literals)))
        .join(' '),
      (otherNames.get(name) ?? []).map(([other]) => code(other)).join(' '),
    ]),
  )
}

const table = (...entries: Parameters<typeof linesOf>): string =>
  [row(['name', 'takes', 'also called']), row(['---', '---', '---']), ...linesOf(...entries)].join(
    '\n',
  )

const aggregatesOf = (use: AggregateFunction['use']) =>
  [...aggregateFunctions].flatMap(([name, entry]) =>
    entry.use === use ? [[name, [entry]] as const] : [],
  )

const page = `# What can be asked

Generated from the tables in \`policies/relation/functions\`; a test keeps this page equal to them.

One SELECT of at most 64 KB, ${gateLimits.nodesMax} parts and ${gateLimits.depthMax} levels: joins, WHERE, GROUP BY with ROLLUP, CUBE and GROUPING SETS, HAVING, ORDER BY,
LIMIT, DISTINCT, UNION, common table expressions, subqueries (correlated ones too), IN, EXISTS, CASE, FILTER, windows.
It is read by DuckDB 1.5.5 on empty tables, turned into a small tree, and only SQL written from that tree meets data.

Where the answer differs from DuckDB's own:

- What has no value is NULL and never fails: a division by zero, an overflow, a text that is no date, \`sqrt(-1)\`.
  \`CAST\` is \`TRY_CAST\`.
- A constant that has no value (\`DATE '2024-13-45'\`, \`1 / 0\`) is refused with its place.
- A text that is put together is cut at 512 characters.
- \`current_date\` is the day of the submission in UTC.
- A subquery used as a value is refused unless it has at most one row whatever the data: an aggregate without keys, the
  keys of its groups compared for equality, the key of a table, or LIMIT 1.

## What a question spends

A policy says what a question spends when it names no rho (\`question.rho\`), and the most and the least it may name
(\`rhoMax\`; \`rhoMin\`, 1e-4 where a policy says nothing). A question's rho is divided evenly among its noisy figures, and
what is computed from them afterwards is free.

- ROLLUP, CUBE and GROUPING SETS are one aggregate for each set, at most 16 of them: an entity counts in every set, so each
  set has figures of its own, and its own share. A set that is named twice is answered, and paid for, once. Each figure has
  an interval of its own: a total is not made to be the sum of its parts, whose noise adds up.
- \`count(distinct x)\` of a dimension has the noise of the number of values that one entity may bring in: one where the
  policy says that groups and values are the same in all rows of the entity, otherwise the policy's \`groupsMax\`. Of an
  entity with more pairs of group and value some are left out. Another kind's identifier counts like a value.
- All quantiles of one value under one condition are one figure. They come from a tree of noisy counts over a public grid
  between the bounds of the value, of at most 4,096 steps, fewer where there are many groups; the interval holds the whole
  steps that may be meant. The smallest and the largest value have no near bound on their outer side.
- Noise for all cells of an answer takes 4,194,304 steps at most (\`query/too-many-steps\`): one for each number that is drawn,
  nodes of trees among them, one for each leaf that a quantile looks at, and four for each value of the answer, of which a
  figure has four. Groups that are not public count as many as the policy's \`gridMax\`.
- \`corr\`, \`covar_*\` and \`regr_*\` are made of four to six noisy sums, which other aggregates of the same pair share. The
  interval holds what is possible where all sums lie in their ranges. A slope is NULL where its x might not vary at all.
- In a UNION of rows of one kind of entity the rows and the groups that an entity may count in add up.
- An equal question is free. So is one that an answer released to the same organisation under the same agreement holds, of
  the same data and policy: a table of counts and sums by public groups, one grouping with neither HAVING nor LIMIT, holds
  them for fewer columns (where no entity is in two of its groups), for some values (\`=\`, IN), and for whatever is computed
  from them. With \`rho\` 0 a question is answered so or not at all, however much noise adds up; otherwise only where the
  groups are the same and a paid answer would be no better. The answer, its record and the log name the release. What was
  grouped by a list leaves out values that are not on it, and so do its sums.
- \`GROUPING(a, b)\` and \`GROUPING_ID\` are constants of each set and cost nothing.

Arguments in *italics* are constants. \`number\` is any number, \`exact\` an integer or decimal, \`moment\` a date or timestamp,
\`value\` anything but an interval; … repeats.

## Functions

${table([...scalarFunctions])}

Also: comparisons, AND, OR, NOT, IN, BETWEEN, IS NULL, IS DISTINCT FROM, CASE, COALESCE, NULLIF, IF, IFNULL, CAST, \`current_date\`,
INTERVAL. The functions \`to_days\` and the like make intervals of constants.

## Aggregates of groups of entities

What leaves is protected, so only these may be computed over entities. Each takes DISTINCT (counts) and FILTER.

${table(aggregatesOf('measure'))}

\`count_star\` is \`count(*)\`; \`count_if(x)\` is \`count(*) FILTER (WHERE x)\`, \`median(x)\` is \`quantile_cont(x, 0.5)\`,
\`approx_quantile(x, q)\` is \`quantile_disc(x, q)\`, \`regr_count(y, x)\` is the number of rows that have both. Quantiles of
entities are of numbers. \`corr\`, \`covar_*\`, \`regr_*\`, quantiles and \`count(distinct)\` of anything but the entity itself
need noise: at the people door they are refused.

## Aggregates of one entity, or of public rows

These show single rows, so they serve as features of each entity, under another aggregate.

${table(aggregatesOf('feature'))}

## Windows

All aggregates, with frames of ROWS and constant distances, and:

${table([...windowFunctions].map(([name, entry]) => [name, [entry]] as const))}
`

test('docs/queries.md is the page generated from the tables of functions', async () => {
  await expect(page).toMatchFileSnapshot('../../../docs/queries.md')
})
