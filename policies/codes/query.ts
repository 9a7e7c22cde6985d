/** What a submitted text may say. Found before any data is touched, from text, policy and public schema alone. */
export const queryCodes = {
  'query/not-text': {
    status: 400,
    message: {
      en: 'the text is not valid UTF-8 without NUL characters',
      zh: '文本不是有效的 UTF-8 或含有空字符',
    },
    fix: { en: 'send plain UTF-8 text', zh: '请提交 UTF-8 纯文本' },
  },
  'query/too-long': {
    status: 413,
    message: {
      en: 'the text has {bytes} bytes and may have {max}',
      zh: '文本 {bytes} 字节，上限 {max} 字节',
    },
    fix: { en: 'shorten the text', zh: '请缩短文本' },
  },
  'query/empty': {
    status: 422,
    message: { en: 'there is no statement in the text', zh: '文本中没有语句' },
    fix: { en: 'write one SELECT statement', zh: '请写一条 SELECT 语句' },
  },
  'query/several-statements': {
    status: 422,
    message: { en: 'a second statement begins here', zh: '此处开始了第二条语句' },
    fix: { en: 'submit one statement at a time', zh: '每次只提交一条语句' },
  },
  'query/not-select': {
    status: 422,
    message: { en: '`{word}` does not begin a question', zh: '`{word}` 不是查询语句的开头' },
    fix: { en: 'begin with SELECT or WITH', zh: '请以 SELECT 或 WITH 开头' },
  },
  'query/syntax': {
    status: 422,
    message: { en: 'the text cannot be read from here on', zh: '从此处起无法解析' },
    fix: {
      en: 'look for a missing comma, bracket or quote just before this place',
      zh: '请检查此处之前是否缺少逗号、括号或引号',
    },
  },
  'query/number': {
    status: 422,
    message: { en: '`{text}` is not a number or a text', zh: '`{text}` 不是数字或文本' },
    fix: {
      en: "write numbers in decimal digits and texts in plain quotes: `255`, `'ff'`",
      zh: "请用十进制数字和普通引号：`255`、`'ff'`",
    },
  },
  'query/too-complex': {
    status: 422,
    message: {
      en: 'the statement has more than {nodes} parts or is nested deeper than {depth}',
      zh: '语句超过 {nodes} 个组成部分或嵌套超过 {depth} 层',
    },
    fix: { en: 'ask in smaller pieces', zh: '请拆分为较小的查询' },
  },
  'query/long-list': {
    status: 422,
    message: { en: 'a list has more than {max} entries', zh: '列表超过 {max} 项' },
    fix: {
      en: 'filter by a range or by a column of a code list instead',
      zh: '请改用范围条件或代码表中的列',
    },
  },
  'query/unsupported': {
    status: 422,
    message: { en: '`{what}` is not part of what can be asked', zh: '不支持 `{what}`' },
    fix: {
      en: 'use SELECT, joins, WHERE, GROUP BY, HAVING, ORDER BY, LIMIT, CTEs, subqueries, windows',
      zh: '请使用 SELECT、连接、WHERE、GROUP BY、HAVING、ORDER BY、LIMIT、CTE、子查询、窗口函数',
    },
  },
  'query/table-function': {
    status: 422,
    message: { en: 'a function stands where a table is read', zh: '此处用函数充当数据表' },
    fix: { en: 'read datasets of the agreement only', zh: '只能读取协议内的数据资源' },
  },
  'query/unknown-table': {
    status: 422,
    message: { en: 'there is no dataset `{name}` for you', zh: '没有可用的数据资源 `{name}`' },
    fix: {
      en: 'use a dataset your agreement names, as the catalogue writes it',
      zh: '请使用协议列出的数据资源，名称以目录为准',
    },
  },
  'query/qualified-name': {
    status: 422,
    message: { en: 'a name has more parts than it needs', zh: '名称的限定层级过多' },
    fix: {
      en: 'write `dataset` and `dataset.column` only',
      zh: '只写 `数据资源` 和 `数据资源.列`',
    },
  },
  'query/show': {
    status: 422,
    message: {
      en: 'SHOW, DESCRIBE and SUMMARIZE are not questions',
      zh: 'SHOW、DESCRIBE、SUMMARIZE 不是查询',
    },
    fix: { en: 'look at the catalogue', zh: '请查看目录' },
  },
  'query/sample': {
    status: 422,
    message: { en: 'rows cannot be sampled', zh: '不能抽样' },
    fix: { en: 'ask about all rows', zh: '请对全部数据提问' },
  },
  'query/time-travel': {
    status: 422,
    message: { en: 'a table is read as of another time', zh: '不能读取其他时点的数据' },
    fix: { en: 'leave the AT clause out', zh: '请去掉 AT 子句' },
  },
  'query/recursive': {
    status: 422,
    message: { en: 'a query may not refer to itself', zh: '不支持递归查询' },
    fix: { en: 'leave RECURSIVE out', zh: '请去掉 RECURSIVE' },
  },
  'query/pivot': {
    status: 422,
    message: { en: 'PIVOT and UNPIVOT are not supported', zh: '不支持 PIVOT 和 UNPIVOT' },
    fix: {
      en: 'write one aggregate with FILTER for each column',
      zh: '请为每一列写一个带 FILTER 的聚合',
    },
  },
  'query/parameter': {
    status: 422,
    message: { en: 'a parameter has no value', zh: '参数没有取值' },
    fix: { en: 'write the value itself', zh: '请直接写出取值' },
  },
  'query/lambda': {
    status: 422,
    message: { en: 'functions cannot be written in a question', zh: '查询中不能定义函数' },
    fix: { en: 'use CASE and the listed functions', zh: '请使用 CASE 和已列出的函数' },
  },
  'query/qualified-function': {
    status: 422,
    message: { en: 'a function is called with something before its name', zh: '函数名前带有限定' },
    fix: { en: 'write `function(argument)`', zh: '请写作 `函数(参数)`' },
  },
  'query/row-id': {
    status: 422,
    message: { en: '`{name}` is no column', zh: '`{name}` 不是列' },
    fix: { en: 'use columns of the catalogue', zh: '请使用目录中的列' },
  },
  'query/columns-expression': {
    status: 422,
    message: { en: 'columns are chosen by a pattern', zh: '不能按模式选择列' },
    fix: { en: 'name each column', zh: '请逐一写出列名' },
  },
  'query/collation': {
    status: 422,
    message: { en: 'a collation is named', zh: '不能指定排序规则' },
    fix: { en: 'compare `lower(x)` instead', zh: '请改为比较 `lower(x)`' },
  },
  'query/set-operation': {
    status: 422,
    message: { en: 'EXCEPT and INTERSECT are not supported', zh: '不支持 EXCEPT 和 INTERSECT' },
    fix: { en: 'use EXISTS or NOT EXISTS', zh: '请使用 EXISTS 或 NOT EXISTS' },
  },
  'query/distinct-on': {
    status: 422,
    message: { en: 'DISTINCT ON is not supported', zh: '不支持 DISTINCT ON' },
    fix: {
      en: 'use row_number() in a subquery and keep the first',
      zh: '请在子查询中使用 row_number() 并取第一行',
    },
  },
  'query/join-kind': {
    status: 422,
    message: { en: 'this kind of join is not supported', zh: '不支持此类连接' },
    fix: {
      en: 'use an inner, left or right join on columns of both sides',
      zh: '请使用基于两侧列的内连接、左连接或右连接',
    },
  },
  'query/too-many-groupings': {
    status: 422,
    message: {
      en: 'there are {count} groupings at once, and at most {max}',
      zh: '一次有 {count} 种分组，最多 {max} 种',
    },
    fix: {
      en: 'name fewer GROUPING SETS or columns of CUBE and ROLLUP, or ask in several questions',
      zh: '请减少 GROUPING SETS 的组数或 CUBE、ROLLUP 的列数，或分成几个问题',
    },
  },
  'query/nested-value': {
    status: 422,
    message: { en: 'lists, structs and maps are not supported', zh: '不支持列表、结构和映射' },
    fix: { en: 'use plain values', zh: '请使用普通值' },
  },
  'query/function': {
    status: 422,
    message: { en: 'the function `{name}` is not permitted', zh: '不允许使用函数 `{name}`' },
    fix: {
      en: 'use a function that docs/queries.md lists',
      zh: '请使用 docs/queries.md 所列的函数',
    },
  },
  'query/argument-types': {
    status: 422,
    message: {
      en: '`{name}` does not take arguments of these types',
      zh: '`{name}` 不接受这些类型的参数',
    },
    fix: { en: 'cast the arguments', zh: '请转换参数类型' },
  },
  'query/function-arguments': {
    status: 422,
    message: {
      en: '`{name}` needs plain constants where they decide what it means',
      zh: '`{name}` 的控制参数必须是常量',
    },
    fix: { en: 'write the constant itself there', zh: '请在该处直接写出常量' },
  },
  'query/growth': {
    status: 422,
    message: { en: '`{name}` could make texts grow', zh: '`{name}` 可能使文本变长' },
    fix: {
      en: 'replace by something that is not longer than what is replaced',
      zh: '替换内容不能长于被替换内容',
    },
  },
  'query/ordered-aggregate': {
    status: 422,
    message: { en: 'an aggregate has an order of its own', zh: '聚合内不能排序' },
    fix: { en: 'leave ORDER BY inside the brackets out', zh: '请去掉括号内的 ORDER BY' },
  },
  'query/type': {
    status: 422,
    message: { en: 'the type `{type}` is not supported', zh: '不支持类型 `{type}`' },
    fix: {
      en: 'use BOOLEAN, INTEGER, BIGINT, DECIMAL, DOUBLE, VARCHAR, DATE or TIMESTAMP',
      zh: '请使用 BOOLEAN、INTEGER、BIGINT、DECIMAL、DOUBLE、VARCHAR、DATE 或 TIMESTAMP',
    },
  },
  'query/cast': {
    status: 422,
    message: { en: 'no value of {from} can become {to}', zh: '{from} 不能转换为 {to}' },
    fix: { en: 'compare or cast values of like types', zh: '请比较或转换同类取值' },
  },
  'query/window-frame': {
    status: 422,
    message: { en: 'this window frame is not supported', zh: '不支持此窗口范围' },
    fix: {
      en: 'use ROWS with constant distances, or leave the frame out',
      zh: '请使用常量距离的 ROWS，或省略范围',
    },
  },
  'query/limit': {
    status: 422,
    message: { en: 'a limit is not a plain number', zh: 'LIMIT 不是普通数字' },
    fix: { en: 'write a number', zh: '请写数字' },
  },
  'query/unknown-column': {
    status: 422,
    message: { en: 'there is no column `{name}` for you here', zh: '此处没有可用的列 `{name}`' },
    fix: {
      en: 'use a column your agreement names, as the catalogue writes it',
      zh: '请使用协议列出的列，名称以目录为准',
    },
  },
  'query/unknown-alias': {
    status: 422,
    message: { en: 'there is no table `{name}` in FROM here', zh: 'FROM 中没有表 `{name}`' },
    fix: { en: 'use the name or alias given in FROM', zh: '请使用 FROM 中的名称或别名' },
  },
  'query/ambiguous-column': {
    status: 422,
    message: { en: 'more than one table has this column', zh: '多个表含有该列' },
    fix: { en: 'write the table before the column', zh: '请在列名前写明表名' },
  },
  'query/not-grouped': {
    status: 422,
    message: {
      en: 'a column stands neither in GROUP BY nor in an aggregate',
      zh: '列既不在 GROUP BY 中也不在聚合中',
    },
    fix: { en: 'group by it or aggregate it', zh: '请将其分组或聚合' },
  },
  'query/misplaced-aggregate': {
    status: 422,
    message: {
      en: 'an aggregate or window stands where none can be computed',
      zh: '聚合或窗口函数所在位置无法计算',
    },
    fix: { en: 'compute it in a subquery first', zh: '请先在子查询中计算' },
  },
  'query/subquery-in-join': {
    status: 422,
    message: {
      en: 'the condition of an outer join contains a subquery',
      zh: '外连接条件中含有子查询',
    },
    fix: { en: 'compute it in a subquery of FROM first', zh: '请先在 FROM 的子查询中计算' },
  },
  'query/binding': {
    status: 422,
    message: { en: 'this cannot be given a meaning', zh: '此处语义不成立' },
    fix: {
      en: 'check that names, types and numbers of columns fit each other',
      zh: '请检查名称、类型与列数是否匹配',
    },
  },
  'query/scalar-subquery': {
    status: 422,
    message: {
      en: 'a subquery used as a value may have more than one row',
      zh: '用作取值的子查询可能返回多行',
    },
    fix: {
      en: 'aggregate in the subquery, or compare with IN',
      zh: '请在子查询中聚合，或改用 IN',
    },
  },
  'query/not-in': {
    status: 422,
    message: {
      en: 'NOT IN, ALL or a comparison with ANY is used where a missing value would decide',
      zh: '此处的 NOT IN、ALL 或 ANY 比较会受空值影响',
    },
    fix: { en: 'use NOT EXISTS or EXISTS', zh: '请使用 NOT EXISTS 或 EXISTS' },
  },
  'query/literal': {
    status: 422,
    message: { en: '`{value}` is no {type}', zh: '`{value}` 不是 {type}' },
    fix: {
      en: "write it as the type needs it, dates as `'2026-01-31'`",
      zh: "请按类型书写，日期写作 `'2026-01-31'`",
    },
  },
  'query/constant': {
    status: 422,
    message: { en: 'a constant expression has no value', zh: '常量表达式没有取值' },
    fix: {
      en: 'look for a division by zero or a number out of range',
      zh: '请检查是否除以零或数值越界',
    },
  },
  'query/level-too-high': {
    status: 422,
    message: {
      en: 'the question works on level {level}, above the ceiling {max} of the agreement: `{column}` is of level {columnLevel}, and {uplift} more where departments are joined',
      zh: '该问题的数据级别为 {level}，高于协议上限 {max}：`{column}` 为 {columnLevel} 级，跨部门关联再加 {uplift}',
    },
    fix: {
      en: 'leave that column out, or ask about the departments one at a time',
      zh: '请去掉该字段，或不跨部门关联、分别提问',
    },
  },
} as const
