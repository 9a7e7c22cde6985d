/** What the story asks. The tables are those of `connectors/city/documents`. */
export const hostile = `select uscc, period, taxable_sales
from tax_declaration
order by taxable_sales desc
limit 10`

export const honest = `with firm as (
  select uscc, sum(late_days) as late_days, count(*) filter (where is_zero) as zero_months
  from tax_declaration
  group by uscc)
select r.grade, count(*) as firms, avg(f.late_days) as late_days,
  count(*) filter (where f.zero_months >= 3) as dormant
from tax_rating r join firm f on f.uscc = r.uscc
group by r.grade
order by r.grade`

/** The same question in other words: comments, aliases, letter case of what is not a name of the answer. */
export const honestAgain = `WITH f AS (
  SELECT t.uscc, SUM(t.late_days) AS late, COUNT(*) FILTER (WHERE t.is_zero) AS zeros -- 零申报
  FROM tax_declaration AS t
  GROUP BY t.uscc)
SELECT rating.grade, COUNT(*) AS firms, AVG(f.late) AS late_days,
  COUNT(*) FILTER (WHERE f.zeros >= 3) AS dormant
FROM tax_rating AS rating JOIN f ON f.uscc = rating.uscc
GROUP BY rating.grade
ORDER BY rating.grade`

export const exact = `select district, count(*) as firms, sum(registered_capital) as capital
from ent_registry
where status = '存续'
group by district
order by district`

/** One line each, and what it is after. Every one must be refused before any data is touched. */
export const attacks: readonly {
  readonly en: string
  readonly zh: string
  readonly sql: string
  readonly rho?: number
}[] = [
  {
    en: 'one enterprise by its number',
    zh: '按编号锁定单个企业',
    sql: 'select count(*) from tax_declaration where uscc = 42',
  },
  {
    en: 'the largest value',
    zh: '取最大值',
    sql: 'select max(taxable_sales) from tax_declaration',
  },
  {
    en: 'rows glued into one text',
    zh: '把多行拼成一段文本',
    sql: "select string_agg(district, ',') from ent_registry",
  },
  {
    en: 'a column that is hidden',
    zh: '查询隐藏字段',
    sql: 'select count(legal_rep_name) from ent_registry',
  },
  {
    en: 'a file of the machine',
    zh: '读取本机文件',
    sql: "select count(*) from read_text('/etc/passwd')",
  },
  {
    en: 'the catalogue of the engine',
    zh: '读取引擎目录',
    sql: 'select count(*) from information_schema.tables',
  },
  { en: 'a second statement', zh: '附加第二条语句', sql: "select 1; attach '/tmp/x.db'" },
  {
    en: 'an error that would carry a value',
    zh: '借报错带出数据',
    sql: 'select count(*) from ent_registry where error(district)',
  },
  {
    en: 'a sample of one row',
    zh: '抽样一行',
    sql: 'select count(*) from ent_registry using sample 1 rows',
  },
  {
    en: 'the whole ledger at once',
    zh: '一次耗尽预算',
    sql: 'select count(*) from ent_registry',
    rho: 10,
  },
]
