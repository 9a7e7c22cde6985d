/** One measured figure: a ratio against a yardstick of the same run, or a rate where the target is one. */
export type Row = {
  readonly name: string
  readonly value: number
  readonly unit: string
  readonly target: string
  readonly note: string
}

/** Rows as a Markdown table. */
export const tableOf = (rows: readonly Row[]): string =>
  [
    '| what | measured | target | |',
    '| --- | --- | --- | --- |',
    ...rows.map(
      ({ name, value, unit, target, note }) =>
        `| ${name} | ${value < 100 ? value.toFixed(2) : Math.round(value)} ${unit} | ${target} | ${note} |`,
    ),
  ].join('\n')
