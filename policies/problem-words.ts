import type { Language } from './refusal.ts'

type Words = { readonly zh: string; readonly fix: Readonly<Record<Language, string>> }

const noAnchors: Words['fix'] = {
  en: 'write the value out wherever it stands',
  zh: '请在每处直接写出取值',
}
const anotherName: Words['fix'] = { en: 'choose another name', zh: '请换一个名称' }
const once: Words['fix'] = { en: 'write it once', zh: '请只写一次' }

/**
 * What can be wrong with a document that no list of values says: the sentence as the reader or a schema has it, in
 * Chinese, and the remedy in both languages.
 */
const problems: Readonly<Record<string, Words>> = {
  'the text is not valid UTF-8 or has a NUL': {
    zh: '文本不是有效的 UTF-8，或含有 NUL',
    fix: { en: 'save it as UTF-8', zh: '请以 UTF-8 编码保存' },
  },
  'it is nested deeper than 100 levels': {
    zh: '嵌套超过 100 层',
    fix: { en: 'nest it less deeply', zh: '请减少嵌套层次' },
  },
  'it has more than 50000 words and signs': {
    zh: '词与符号超过 50000 个',
    fix: { en: 'split it, or shorten its lists', zh: '请拆分文档或缩短清单' },
  },
  'it must hold exactly one document': {
    zh: '须恰好包含一份文档',
    fix: { en: 'put each document into a file of its own', zh: '请将每份文档各存为一个文件' },
  },
  'directives are not taken': {
    zh: '不接受 YAML 指令',
    fix: { en: 'take out the line that begins with `%`', zh: '请删除以 `%` 开头的行' },
  },
  'anchors are not taken': { zh: '不接受锚点', fix: noAnchors },
  'aliases are not taken': { zh: '不接受别名', fix: noAnchors },
  'anchors and tags are not taken': { zh: '不接受锚点与标签', fix: noAnchors },
  'tags are not taken': {
    zh: '不接受标签',
    fix: { en: 'take the tag out', zh: '请删除标签' },
  },
  'the key repeats': { zh: '该项重复出现', fix: once },
  'a key must be a name': {
    zh: '键须为名称',
    fix: { en: 'write a text before the colon', zh: '请在冒号前写一个文本名称' },
  },
  'a tab stands where spaces indent': {
    zh: '缩进处使用了制表符',
    fix: { en: 'indent with spaces', zh: '请用空格缩进' },
  },
  'the line is not indented like those beside it': {
    zh: '该行缩进与同级各行不一致',
    fix: {
      en: 'let all entries of one list or map begin in the same column',
      zh: '同一列表或映射的各项须起于同一列',
    },
  },
  'a quotation mark, bracket or comma is missing': {
    zh: '缺少引号、括号或逗号',
    fix: { en: 'close what was opened before this place', zh: '请补全此处之前未闭合的符号' },
  },
  'it is not YAML': {
    zh: '不符合 YAML 语法',
    fix: {
      en: 'put a text with signs such as : # [ ] { } , & * ! into quotation marks',
      zh: '含 : # [ ] { } , & * ! 等符号的文本请加引号',
    },
  },
  'a name has lower-case letters, digits, Chinese characters, `_` and `-`, and begins with a letter':
    {
      zh: '名称由小写字母、数字、汉字、`_`、`-` 组成，并以字母或汉字开头',
      fix: { en: 'write a name such as `tax-2024`', zh: '请使用形如 `tax-2024` 的名称' },
    },
  'this name is taken by the language': { zh: '该名称为语言保留', fix: anotherName },
  'a name is written in Unicode normal form C': {
    zh: '名称须为 Unicode 规范化形式 C',
    fix: { en: 'type the name anew', zh: '请重新键入该名称' },
  },
  'a column name has no `-`': {
    zh: '字段名不得含 `-`',
    fix: { en: 'use `_`', zh: '请改用 `_`' },
  },
  'a name like `protected_0` is kept for answers': {
    zh: '形如 `protected_0` 的名称保留给结果使用',
    fix: anotherName,
  },
  'a type is text, integer, date, boolean or decimal(width up to 18,scale)': {
    zh: '类型为 text、integer、date、boolean 或 decimal(位数至多 18,小数位)',
    fix: { en: 'write a type such as `decimal(14,2)`', zh: '请填写形如 `decimal(14,2)` 的类型' },
  },
  'a decimal has at most as much scale as width': {
    zh: 'decimal 的小数位不得多于总位数',
    fix: { en: 'write a type such as `decimal(14,2)`', zh: '请填写形如 `decimal(14,2)` 的类型' },
  },
  'Invalid ISO date': {
    zh: '不是有效日期',
    fix: {
      en: 'write a day of the calendar as `2025-01-31`',
      zh: '请填写形如 `2025-01-31` 的日期',
    },
  },
  'edges must increase': {
    zh: '分段边界须递增',
    fix: { en: 'write the edges in rising order, each once', zh: '请按从小到大填写边界，且不重复' },
  },
  'low must be below high': {
    zh: '`low` 须小于 `high`',
    fix: { en: 'write the lower bound as `low`', zh: '请将较小的值写为 `low`' },
  },
  'a bare name, without a path': {
    zh: '须为不含路径的名称',
    fix: { en: 'take the path out', zh: '请删除路径部分' },
  },
  'a bare name in which * stands for any signs': {
    zh: '须为不含路径的名称，其中 * 代表任意字符',
    fix: { en: 'write a pattern such as `tax-*.csv`', zh: '请填写形如 `tax-*.csv` 的模式' },
  },
  'a time like 03:30': {
    zh: '须为形如 03:30 的时间',
    fix: { en: "write it in quotation marks: '03:30'", zh: "请加引号填写：'03:30'" },
  },
  'a distance from UTC like +08:00': {
    zh: '须为形如 +08:00 的时区偏移',
    fix: { en: "write it in quotation marks: '+08:00'", zh: "请加引号填写：'+08:00'" },
  },
  'another dataset answers for an attribute of the first entity, not for a key': {
    zh: '其他数据资源只能为首个主体的属性字段负责，不能为主键字段负责',
    fix: { en: 'take `authority` out', zh: '请删除 `authority`' },
  },
  'the standard `token` and an `agreement` belong together': {
    zh: '标准 `token` 与 `agreement` 须同时填写',
    fix: {
      en: 'name the agreement under which the tokens were made, or take both out',
      zh: '请写明生成假名所依据的协议，或将两项一并删除',
    },
  },
  'the standard `token` is for the columns of entities': {
    zh: '标准 `token` 仅适用于主体标识字段',
    fix: {
      en: 'take it out, or list the column under `entities`',
      zh: '请删除，或在 `entities` 中列出该字段',
    },
  },
  'an entity is named by a column of class identifier': {
    zh: '主体须由类别为 identifier 的字段标识',
    fix: {
      en: 'name such a column, or give that column the class identifier',
      zh: '请改用此类字段，或将该字段的类别改为 identifier',
    },
  },
}

const unknown: Words['fix'] = { en: 'correct that place', zh: '请修正该处' }

/** A problem in words of one language, and what to do; a sentence that is not listed stays as it is. */
export const problemWords = (
  problem: string,
  language: Language,
): { readonly problem: string; readonly remedy: string } => {
  const words = new Map(Object.entries(problems)).get(problem)
  return {
    problem: language === 'zh' && words !== undefined ? words.zh : problem,
    remedy: (words?.fix ?? unknown)[language],
  }
}

/** What a refusal may name, in Chinese. */
const things: Readonly<Record<string, string>> = {
  account: '账户',
  agreement: '授权协议',
  column: '字段',
  'column of type date': '类型为 date 的字段',
  dataset: '数据资源',
  'entity kind': '主体类型',
  'held result': '待审核产出',
  key: '密钥',
  'log entry': '日志条目',
  'log tile': '日志瓦片',
  path: '路径',
  'policy for this dataset': '适用于该数据资源的策略',
  policy: '策略',
  proposal: '待批准文本',
  pull: '定时导入',
  result: '结果',
  submission: '提交',
  version: '版本',
}

export const thingWord = (thing: string, language: Language): string =>
  language === 'zh' ? (new Map(Object.entries(things)).get(thing) ?? thing) : thing
