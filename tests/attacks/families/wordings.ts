export const filter = "place = 'p1' or trade = 't2'"

/** Ways to write one question about the filter. */
export const sameWords: readonly string[] = [
  `select place, count(*) from firm where ${filter} group by place`,
  `SELECT  place , COUNT( * )  FROM firm\nWHERE trade = 't2' OR place='p1' GROUP BY 1 -- again`,
  `with f as (select * from firm) select place, count(*) from f where (${filter}) and true group by place`,
  `select place, count(*) from (select place, trade from firm) where ${filter} group by all`,
  `from firm select place, count(*) where trade = 't2' or 'p1' = place group by place`,
  `select place, count(*) from firm where ${filter} group by place having true`,
  `select place, count(*) from firm where ${filter} or trade = 't2' group by place`,
  `select place, count(*) from firm where place = 'p' || '1' or trade = 't2' group by place`,
  `select place, count(*) from firm where 1 = 1 and (${filter}) group by place`,
]
/** Questions that are others though they ask for the same as the first of those. */
export const otherWords = (filter: string): readonly string[] => [
  `select place, count(*) filter (where ${filter}) from firm group by place`,
  `select place, sum(case when ${filter} then 1 else 0 end) from firm group by place`,
  `select place, count(distinct uscc) from firm where ${filter} group by place`,
  `select place, count(*) as n from firm where ${filter} group by place`,
  `select place, count(*) from firm where ${filter} group by place order by place`,
]

/** And such whose condition is another one, too. */
export const otherConditions: readonly string[] = [
  `select place, count(*) from firm where upper(place) = 'P1' or trade = 't2' group by place`,
  `select place, count(*) from firm where place in ('p1', 'zz') or trade = 't2' group by place`,
]
