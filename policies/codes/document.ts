/** Documents of the catalogue, policies and agreements, as their authors read them. */
export const documentCodes = {
  'source/invalid-document': {
    status: 422,
    message: {
      en: 'the document is not valid at `{where}`: {problem}',
      zh: '文档在 `{where}` 处无效：{problem}',
    },
    fix: { en: '{remedy}', zh: '{remedy}' },
  },
  'source/wrong-type': {
    status: 422,
    message: {
      en: '`{where}` takes another kind of value',
      zh: '`{where}` 的取值类型不符',
    },
    fix: { en: 'write it like this: {form}', zh: '请按此形式填写：{form}' },
  },
  'source/out-of-bounds': {
    status: 422,
    message: { en: '`{where}` is outside its bounds', zh: '`{where}` 超出取值范围' },
    fix: { en: 'give a number {bound}', zh: '取值须 {bound}' },
  },
  'source/wrong-length': {
    status: 422,
    message: {
      en: '`{where}` has not as many characters or entries as are taken there',
      zh: '`{where}` 的字符数或条目数不符',
    },
    fix: { en: 'give it {bound} of them', zh: '数目须 {bound}' },
  },
  'source/unknown-key': {
    status: 422,
    message: { en: 'there is no key `{where}`', zh: '没有 `{where}` 这一项' },
    fix: { en: 'use one of: {allowed}', zh: '可用的项：{allowed}' },
  },
  'source/key-missing': {
    status: 422,
    message: { en: '`{where}` is missing', zh: '缺少 `{where}`' },
    fix: { en: 'add it: {form}', zh: '请补充：{form}' },
  },
  'source/not-an-option': {
    status: 422,
    message: {
      en: '`{where}` is none of the values that are taken there',
      zh: '`{where}` 的取值不在允许之列',
    },
    fix: { en: 'use one of: {allowed}', zh: '可用取值：{allowed}' },
  },
  'source/unknown-document': {
    status: 422,
    message: {
      en: 'the file is none of the documents there are',
      zh: '该文件不是任何一种已知文档',
    },
    fix: { en: 'let it begin with one of: {allowed}', zh: '首项应为：{allowed}' },
  },
  'source/no-document': {
    status: 422,
    message: {
      en: '`{where}` names the file `{name}`, which cannot be read',
      zh: '`{where}` 所指文件 `{name}` 无法读取',
    },
    fix: {
      en: 'write its path as seen from the folder of the test',
      zh: '请填写相对于测试文件所在目录的路径',
    },
  },
  'source/one-outcome': {
    status: 422,
    message: {
      en: 'the case at `{where}` does not say exactly one thing that must come of it',
      zh: '`{where}` 处的用例须恰好写明一种预期',
    },
    fix: { en: 'write one of: {allowed}', zh: '请填写其一：{allowed}' },
  },
  'source/nothing-refused': {
    status: 422,
    message: {
      en: 'no text of `{where}` must be refused: such a test also passes where nothing is protected',
      zh: '`{where}` 中没有任何应被拒绝的查询：毫无保护的策略也能通过这样的测试',
    },
    fix: {
      en: 'add a text with `refuse` and its codes',
      zh: '请至少增加一条带 `refuse` 及其代码的用例',
    },
  },
  'source/method-not-for-type': {
    status: 422,
    message: {
      en: 'at `{where}` the method `{method}` does not take a column of type `{type}`',
      zh: '`{where}` 处的脱敏方法 `{method}` 不适用于类型 `{type}` 的字段',
    },
    fix: { en: 'use one of: {allowed}', zh: '可用方法：{allowed}' },
  },
  'source/method-parameter': {
    status: 422,
    message: {
      en: 'at `{where}` the method `{method}` has the parameter `{value}`, which type `{type}` does not hold exactly',
      zh: '`{where}` 处脱敏方法 `{method}` 的参数 `{value}` 无法由类型 `{type}` 精确表示',
    },
    fix: {
      en: 'write a number with at most 15 digits that fits the type before and after the decimal point',
      zh: '请填写不超过 15 位、且整数与小数位均符合该类型的数值',
    },
  },
  'source/document-too-large': {
    status: 413,
    message: { en: 'the document is larger than {max} bytes', zh: '文档超过 {max} 字节' },
    fix: {
      en: 'split it, or shorten its lists of codes',
      zh: '请拆分文档或缩短代码清单',
    },
  },
  'source/unknown-name': {
    status: 422,
    message: {
      en: '`{where}` names the {thing} `{name}`, which there is not',
      zh: '`{where}` 引用的 `{name}`（{thing}）不存在',
    },
    fix: { en: 'use one of: {allowed}', zh: '可用名称：{allowed}' },
  },
  'source/kind-missing': {
    status: 422,
    message: {
      en: 'dataset `{dataset}` is about entities of kind `{kind}`, and `{where}` has no ledger and floor for it',
      zh: '数据资源 `{dataset}` 涉及主体类型 `{kind}`，但 `{where}` 未为其设定台账与门限',
    },
    fix: { en: 'add `{kind}` to `{where}`', zh: '请在 `{where}` 中增加 `{kind}`' },
  },
  'source/column-not-usable': {
    status: 422,
    message: {
      en: '`{where}` lists a column of class `{class}`, which is never published',
      zh: '`{where}` 所列字段的类别为 `{class}`，不得发布',
    },
    fix: {
      en: 'take it out; an entity column is published as surrogates without being listed',
      zh: '请删除该字段；主体标识列自动以替代编号发布，无需列出',
    },
  },
  'source/not-numeric': {
    status: 422,
    message: {
      en: '`{where}` is a measure of type `{type}`, which cannot be added up',
      zh: '`{where}` 的类型为 `{type}`，不能作为度量',
    },
    fix: {
      en: 'make it a dimension, or use a column of type integer or decimal',
      zh: '请改为维度，或选用 integer、decimal 类型的字段',
    },
  },
  'source/range-empty': {
    status: 422,
    message: {
      en: 'the range at `{where}` goes from `{low}` to `{high}` and holds too little or nothing',
      zh: '`{where}` 处的范围 `{low}` 至 `{high}` 为空或无意义',
    },
    fix: { en: 'write the lower end first', zh: '请先写下限，再写上限' },
  },
  'source/value-not-held': {
    status: 422,
    message: {
      en: 'type `{type}` does not hold `{value}` at `{where}` exactly',
      zh: '类型 `{type}` 无法精确表示 `{where}` 处的 `{value}`',
    },
    fix: {
      en: 'write a number with at most 15 digits that fits the type before and after the decimal point',
      zh: '请填写不超过 15 位、且整数与小数位均符合该类型的数值',
    },
  },
  'source/domain-mismatch': {
    status: 422,
    message: {
      en: 'the domain at `{where}` is not one of a column of type `{type}`',
      zh: '`{where}` 处的取值域与字段类型 `{type}` 不符',
    },
    fix: { en: 'write {allowed}', zh: '可用写法：{allowed}' },
  },
  'source/domain-contradicts': {
    status: 422,
    message: {
      en: 'the domain at `{where}` has `{value}`, which the desensitization of the column makes into `{becomes}`',
      zh: '`{where}` 处的取值 `{value}` 经该字段脱敏后变为 `{becomes}`，不可能出现',
    },
    fix: {
      en: 'list the values as they are after desensitization',
      zh: '请按脱敏后的取值填写取值域',
    },
  },
  'source/repeats': {
    status: 422,
    message: { en: '`{value}` stands twice at `{where}`', zh: '`{where}` 处重复出现 `{value}`' },
    fix: { en: 'name it once', zh: '请只保留一个' },
  },
  'source/not-for-type': {
    status: 422,
    message: {
      en: '`{where}` is for columns of type `{type}`',
      zh: '`{where}` 仅适用于类型为 `{type}` 的字段',
    },
    fix: { en: 'take it out, or change the type', zh: '请删除该项，或更改字段类型' },
  },
  'source/limit-exceeded': {
    status: 422,
    message: {
      en: '`{where}` is {value} and `{limit}` allows {max}',
      zh: '`{where}` 为 {value}，超过 `{limit}` 允许的 {max}',
    },
    fix: { en: 'lower the one or raise the other', zh: '请降低前者或提高后者' },
  },
  'source/not-opened': {
    status: 422,
    message: {
      en: '`{where}` opens the {door} door, which policy `{policy}` does not',
      zh: '`{where}` 开放了 {door} 出口，而策略 `{policy}` 未开放',
    },
    fix: { en: 'use one of: {allowed}', zh: '可用出口：{allowed}' },
  },
  'source/needs-no-bound': {
    status: 422,
    message: {
      en: '`{where}` bounds the units of kind `{kind}`, which is itself the unit of every dataset that has it',
      zh: '`{where}` 限定了主体类型 `{kind}` 的单元数，但该类型本身即为计量单元',
    },
    fix: { en: 'take `unitsMax` out', zh: '请删除 `unitsMax`' },
  },
  'source/term-too-long': {
    status: 422,
    message: {
      en: 'the agreement ends on {until}, more than {years} years after it begins',
      zh: '协议于 {until} 届满，期限超过 {years} 年',
    },
    fix: { en: 'let it end by {last}', zh: '届满日不得晚于 {last}' },
  },
  'source/base-missing': {
    status: 428,
    message: {
      en: 'policy `{policy}` exists, and the request does not say which text of it yours was made from',
      zh: '策略 `{policy}` 已存在，请求未说明新文本基于哪一版',
    },
    fix: {
      en: 'give that digest as If-Match (command line: --base); the current one is `{digest}`',
      zh: '请以 If-Match（命令行：--base）给出该摘要；现行摘要为 `{digest}`',
    },
  },
  'source/base-changed': {
    status: 412,
    message: {
      en: 'policy `{policy}` is not the text that yours was made from: its digest is `{digest}` now',
      zh: '策略 `{policy}` 已非新文本所基于的版本，现行摘要为 `{digest}`',
    },
    fix: {
      en: 'compare yours with the current text and propose it again',
      zh: '请与现行文本比对后重新提出',
    },
  },
  'source/same-text': {
    status: 409,
    message: {
      en: 'policy `{policy}` says this already',
      zh: '策略 `{policy}` 的现行文本与此相同',
    },
    fix: { en: 'there is nothing to do', zh: '无需操作' },
  },
} as const
