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
      en: 'the file is declared to be GB18030 and is UTF-8',
      zh: '文件声明为 GB18030，但实为 UTF-8',
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
  'source/not-xlsx': {
    status: 422,
    message: {
      en: 'the file is no sound Excel workbook (`.xlsx`): its {part} is broken or could be read in two ways',
      zh: '文件不是完好的 Excel 工作簿（`.xlsx`）：其 {part} 部分已损坏或存在歧义',
    },
    fix: {
      en: 'open it in Excel and save it anew as `.xlsx`, not `.xlsb` or a template, or deliver CSV',
      zh: '请用 Excel 打开后另存为 `.xlsx`（非 `.xlsb` 或模板），或改用 CSV',
    },
  },
  'source/xls': {
    status: 422,
    message: {
      en: 'the file is of Excel before 2007 (`.xls`), or a workbook under a password',
      zh: '文件是旧版 Excel 文件（`.xls`）或设有密码的工作簿',
    },
    fix: {
      en: 'save it as `.xlsx` without a password',
      zh: '请另存为不带密码的 `.xlsx`',
    },
  },
  'source/xlsx-macros': {
    status: 422,
    message: { en: 'the workbook holds macros', zh: '工作簿含有宏' },
    fix: {
      en: 'save it as `.xlsx`, which leaves them out',
      zh: '请另存为不含宏的 `.xlsx`',
    },
  },
  'source/xml-doctype': {
    status: 422,
    message: {
      en: 'the workbook declares a document type, by which its text could become another',
      zh: '工作簿声明了文档类型，其文本可能因此变样',
    },
    fix: {
      en: 'save it anew with Excel, which declares none',
      zh: '请用 Excel 重新保存（不会带有该声明）',
    },
  },
  'source/sheet-missing': {
    status: 422,
    message: {
      en: 'none of the {count} sheets of the workbook is `{sheet}`',
      zh: '工作簿的 {count} 个工作表中没有 `{sheet}`',
    },
    fix: {
      en: 'name the sheet so, or set `ingest.sheet` of the dataset',
      zh: '请改工作表名称，或修改数据资源的 `ingest.sheet`',
    },
  },
  'source/xlsx-formula': {
    status: 422,
    message: {
      en: '{count} cells hold a formula; first {cells}',
      zh: '有 {count} 个单元格为公式，最先为 {cells}',
    },
    fix: {
      en: 'copy them and paste values only: what stands beside a formula may be an old result of it',
      zh: '请复制后“只粘贴数值”：公式旁保存的可能是旧结果',
    },
  },
  'source/xlsx-merged': {
    status: 422,
    message: {
      en: '{count} areas of merged cells are in the sheet; first {cells}',
      zh: '工作表中有 {count} 处合并单元格，最先为 {cells}',
    },
    fix: {
      en: 'unmerge them and write the value into each row that it holds for',
      zh: '请取消合并，并在适用的每一行填写该值',
    },
  },
  'source/xlsx-error': {
    status: 422,
    message: {
      en: '{count} cells hold an error such as `#N/A`; first {cells}',
      zh: '有 {count} 个单元格为错误值（如 `#N/A`），最先为 {cells}',
    },
    fix: { en: 'correct them, or leave them empty', zh: '请更正或留空' },
  },
  'source/xlsx-digits': {
    status: 422,
    message: {
      en: '{count} cells hold numbers of more than 15 digits, of which Excel has dropped the last; first {cells}',
      zh: '有 {count} 个单元格的数字超过 15 位，末位已被 Excel 丢弃，最先为 {cells}',
    },
    fix: {
      en: 'format the column as text and enter identifiers anew from their source',
      zh: '请将该列设为文本格式，并从来源重新录入号码',
    },
  },
} as const
