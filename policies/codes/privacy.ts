/** Private and public: what the type of a question says about it. Rests on text, policy and public schema alone. */
export const privacyCodes = {
  'query/rows-released': {
    status: 422,
    message: {
      en: 'the answer would hold single rows of `{dataset}`',
      zh: '结果将包含 `{dataset}` 的单行记录',
    },
    fix: {
      en: 'aggregate the rows: `select <dimension>, count(*) ... group by <dimension>`',
      zh: '请对行做汇总：`select <维度>, count(*) ... group by <维度>`',
    },
  },
  'query/identifier-used': {
    status: 422,
    message: {
      en: 'an identifier of the kind `{kind}` is used as a value',
      zh: '`{kind}` 的标识符被当作取值使用',
    },
    fix: {
      en: 'use it only to join equal identifiers, in `count(distinct ...)` (rows: `count(*)`), in `in` and `exists` (also in place of IS NULL after a left join), and to group features by entity',
      zh: '标识符仅可用于等值关联、`count(distinct ...)`（行数请用 `count(*)`）、`in`/`exists`（也可代替左连接后的 IS NULL）以及按主体分组计算特征',
    },
  },
  'query/join-across-entities': {
    status: 422,
    message: {
      en: 'this join pairs rows of different entities',
      zh: '该关联会把不同主体的行配对',
    },
    fix: {
      en: 'join on equal identifiers of the {kind}, or compare with an aggregate of the other side',
      zh: '请按 {kind} 标识符等值关联，或与另一侧的汇总值比较',
    },
  },
  'query/join-may-meet-null': {
    status: 422,
    message: {
      en: 'this test may compare with NULL, and one NULL would decide it for everybody',
      zh: '该判断可能与 NULL 比较，而一个 NULL 会改变所有人的结果',
    },
    fix: {
      en: 'write `exists` or `not exists` with an equality instead of `in` or `not in`',
      zh: '请改用带等值条件的 `exists` 或 `not exists`',
    },
  },
  'query/join-repeats-rows': {
    status: 422,
    message: {
      en: 'the public side of this join may match a row several times',
      zh: '该关联的公开一侧可能多次匹配同一行',
    },
    fix: {
      en: 'join by equality on all key columns of the public side, or use `in` or `exists`',
      zh: '请按公开一侧的全部键列等值关联，或使用 `in`/`exists`',
    },
  },
  'query/work-unbounded': {
    status: 422,
    message: {
      en: 'a few rows become up to {rows} here, more than the {max} that are worked with',
      zh: '少量行在此处最多变为 {rows} 行，超过可处理的 {max} 行',
    },
    fix: {
      en: 'group one side by its entity or key before joining, and repeat joins and unions less often',
      zh: '请先将一侧按主体或键分组再关联，并减少重复的关联与合并',
    },
  },
  'query/join-shows-absence': {
    status: 422,
    message: {
      en: 'a public table joined this way would show which of its rows no entity has',
      zh: '以此方式关联公开表会显示哪些行没有对应主体',
    },
    fix: {
      en: 'put the table of entities on the left, or group by the public column',
      zh: '请把主体表放在左侧，或按公开列分组',
    },
  },
  'query/limit-on-rows': {
    status: 422,
    message: {
      en: 'a limit would choose single rows of entities',
      zh: '限制行数会挑出主体的单行记录',
    },
    fix: { en: 'limit the aggregated answer instead', zh: '请对汇总后的结果限制行数' },
  },
  'query/window-across-entities': {
    status: 422,
    message: {
      en: 'a window over rows of several entities would compare single rows',
      zh: '跨主体的窗口函数会比较单行记录',
    },
    fix: {
      en: 'partition by the identifier of the {kind}',
      zh: '请按 {kind} 标识符 `partition by`',
    },
  },
  'query/union-across-entities': {
    status: 422,
    message: {
      en: 'the parts of this union are not all about the same kind of entity',
      zh: '该合并的各部分不属于同一类主体',
    },
    fix: { en: 'aggregate each part first', zh: '请先分别汇总各部分' },
  },
  'query/key-not-dimension': {
    status: 422,
    message: {
      en: 'grouping by `{what}` is not allowed: it is no dimension',
      zh: '不能按 `{what}` 分组：它不是维度',
    },
    fix: {
      en: 'group by a dimension, or by a `case` with literal results',
      zh: '请按维度分组，或使用结果为字面值的 `case`',
    },
  },
  'query/aggregate-not-available': {
    status: 422,
    message: {
      en: 'the aggregate `{name}` over rows of several entities cannot leave',
      zh: '跨主体的聚合 `{name}` 不能输出',
    },
    fix: {
      en: 'use count, sum, avg, var_*, stddev_*, at the noise door also quantiles, corr, covar_* and regr_*; others may be computed for each entity first',
      zh: '请使用 count、sum、avg、var_*、stddev_*，加噪方式还可使用分位数、corr、covar_*、regr_*；其余可先按主体计算',
    },
  },
  'query/distinct-not-available': {
    status: 422,
    message: {
      en: '`{name}(distinct ...)` is only available for entities and, with noise, for dimensions',
      zh: '`{name}(distinct ...)` 仅可用于主体，加噪时还可用于维度',
    },
    fix: {
      en: 'count distinct identifiers of the unit, or group by the column',
      zh: '请对主体标识符去重计数，或按该列分组',
    },
  },
  'query/feature-unsteady': {
    status: 422,
    message: {
      en: '`{name}` depends on the order of rows, which other entities change',
      zh: '`{name}` 的结果取决于行的次序，而次序会受其他主体影响',
    },
    fix: {
      en: 'compute it of decimals: `cast(x as decimal(18, 6))`, or order by columns that differ',
      zh: '请改用定点数计算：`cast(x as decimal(18, 6))`，或按取值不同的列排序',
    },
  },
  'query/measure-unbounded': {
    status: 422,
    message: {
      en: 'no bounds are known for what `{name}` adds up',
      zh: '`{name}` 汇总的值没有已知上下界',
    },
    fix: {
      en: 'bound it: `case when x < 0 then 0 when x > 100 then 100 else x end`',
      zh: '请限定范围：`case when x < 0 then 0 when x > 100 then 100 else x end`',
    },
  },
  'query/contribution-unbounded': {
    status: 422,
    message: {
      en: 'nothing bounds how much one {kind} counts in `{dataset}`, so noise cannot hide it',
      zh: '`{dataset}` 中单个 {kind} 的贡献没有上限，噪声无法掩盖',
    },
    fix: {
      en: 'choose the people door, or ask the operator to bound the {kind} (`unitsMax`)',
      zh: '请选择人工审核出口，或请运营机构为 {kind} 设定上限（`unitsMax`）',
    },
  },
  'query/protected-joined-back': {
    status: 422,
    message: {
      en: 'an aggregate that is joined back to rows would carry unreviewed figures inside',
      zh: '汇总结果回连到行会在内部使用未经审核的数字',
    },
    fix: {
      en: 'release the aggregate first and use its figures, or choose the noise door',
      zh: '请先放行该汇总并使用其数字，或选择噪声出口',
    },
  },
  'query/too-many-figures': {
    status: 422,
    message: {
      en: 'the question asks for {count} protected figures a group, and {max} are the most',
      zh: '该问题每组需要 {count} 个受保护数字，上限为 {max}',
    },
    fix: { en: 'ask several questions', zh: '请拆分为多个问题' },
  },
  'query/too-many-steps': {
    status: 422,
    message: {
      en: 'noise for all cells of the answer takes {steps} steps, and {max} are the most',
      zh: '为结果的所有单元格加噪需要 {steps} 步，上限为 {max}',
    },
    fix: {
      en: 'group by fewer or coarser keys, ask for fewer figures or quantiles, or ask several questions',
      zh: '请减少分组列或使用更粗的分组，减少数字或分位数，或拆分为多个问题',
    },
  },
  'query/too-many-conditions': {
    status: 422,
    message: {
      en: 'exact figures under {count} different conditions could be solved for single entities, and {max} are the most',
      zh: '{count} 种不同条件下的精确数字可能被解出单个主体，上限为 {max}',
    },
    fix: {
      en: 'ask with fewer `filter` conditions, or group by the condition instead',
      zh: '请减少 `filter` 条件，或改为按该条件分组',
    },
  },
  'query/rho-too-small': {
    status: 422,
    message: {
      en: 'rho {rho} cannot be divided among {count} protected figures',
      zh: 'rho {rho} 不足以分配给 {count} 个受保护数字',
    },
    fix: { en: 'ask with more rho or for fewer figures', zh: '请提高 rho 或减少数字个数' },
  },
} as const
