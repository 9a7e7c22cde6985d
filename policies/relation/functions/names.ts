/** Other names under which the engine knows a function of the table. */
export const aliases: Readonly<Record<string, string>> = {
  add: '+',
  subtract: '-',
  multiply: '*',
  divide: '//',
  mod: '%',
  mean: 'avg',
  stddev: 'stddev_samp',
  variance: 'var_samp',
  today: 'current_date',
}

/** Names the binder replaces by CASE or by other functions: they may be written and never arrive in a plan. */
export const macros: ReadonlySet<string> = new Set(['nullif', 'ifnull', 'if', 'current_date'])
