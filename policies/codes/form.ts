/** Files that are not of the form they are said to be of. Told without a value of the file. */
export const formCodes = {
  'source/not-gb18030': {
    status: 422,
    message: { en: 'line {line} is not valid GB18030', zh: '第 {line} 行不是有效的 GB18030' },
    fix: {
      en: 'correct the file, or say which encoding it is in (`ingest.encoding`)',
      zh: '请更正文件，或在 `ingest.encoding` 中声明其编码',
    },
  },
  'source/is-utf8': {
    status: 422,
    message: {
      en: 'the file is declared to be GB18030 and is UTF-8 throughout',
      zh: '文件声明为 GB18030，但全文均为 UTF-8',
    },
    fix: {
      en: 'say `utf-8`: read otherwise its characters would become others',
      zh: '请声明为 `utf-8`：否则文字将变为乱码',
    },
  },
  'source/not-gzip': {
    status: 422,
    message: {
      en: 'the file begins as gzip does and cannot be unpacked to its end',
      zh: '文件以 gzip 开头，但无法完整解压',
    },
    fix: { en: 'pack it again, or give it unpacked', zh: '请重新压缩，或提供未压缩的文件' },
  },
  'source/unpacks-too-far': {
    status: 413,
    message: {
      en: 'unpacked, the file has more than {max} bytes',
      zh: '文件解压后超过 {max} 字节',
    },
    fix: { en: 'give it unpacked, or in parts', zh: '请提供未压缩的文件或拆分文件' },
  },
  'source/json-line': {
    status: 422,
    message: {
      en: 'line {line} is not one flat JSON object',
      zh: '第 {line} 行不是单层的 JSON 对象',
    },
    fix: {
      en: 'write one object a line, with texts, numbers, true, false and null and nothing nested',
      zh: '每行一个对象，取值仅限文本、数字、true、false、null，不得嵌套',
    },
  },
  'source/json-key': {
    status: 422,
    message: {
      en: 'line {line} has a key twice, or one that is no column of the dataset',
      zh: '第 {line} 行的键重复，或不是该数据资源的字段',
    },
    fix: {
      en: 'name each column once; take the others out, or register them with the dataset',
      zh: '每个字段只写一次；其他键请删除或在数据资源中登记',
    },
  },
  'source/not-parquet': {
    status: 422,
    message: { en: 'the file is not Parquet', zh: '文件不是 Parquet 格式' },
    fix: {
      en: 'write it again, not encrypted, or say which format it has (`ingest.format`)',
      zh: '请重新生成未加密的文件，或在 `ingest.format` 中声明其格式',
    },
  },
  'source/parquet-type': {
    status: 422,
    message: {
      en: 'column `{column}` has the type {found} in the file, which is not read as {type}',
      zh: '字段 `{column}` 在文件中的类型为 {found}，不能读作 {type}',
    },
    fix: { en: 'write it as {allowed}', zh: '请写为：{allowed}' },
  },
} as const
