/*
 * What may be computed at the barrier, by how it is made: counts and sums, moments of one value, moments of pairs, and
 * quantiles. The last two at the noise door alone: what they show of single rows has no check at the people door.
 */
export const countNames: ReadonlySet<string> = new Set(['count', 'count_star'])
export const momentNames: ReadonlySet<string> = new Set([
  'avg',
  'var_samp',
  'var_pop',
  'stddev_samp',
  'stddev_pop',
])

export const pairNames: ReadonlySet<string> = new Set([
  'corr',
  'covar_pop',
  'covar_samp',
  'regr_slope',
  'regr_intercept',
  'regr_r2',
  'regr_avgx',
  'regr_avgy',
  'regr_sxx',
  'regr_sxy',
  'regr_syy',
])
export const quantileNames: ReadonlySet<string> = new Set(['quantile_cont', 'quantile_disc'])
