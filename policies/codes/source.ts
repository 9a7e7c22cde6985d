/** Files on their way in. Read by the operator, yet without values of the file. */
export const sourceCodes = {
  'source/file-name': {
    status: 422,
    message: {
      en: 'the file name is not a bare name within the inbox',
      zh: '文件名不是收件目录内的单纯文件名',
    },
    fix: {
      en: 'put the file into the inbox and give its name alone, without a path',
      zh: '请将文件放入收件目录，只填写文件名，不带路径',
    },
  },
  'source/no-file': {
    status: 404,
    message: {
      en: 'there is no regular file `{file}` in the inbox that can be read',
      zh: '收件目录中没有可读取的普通文件 `{file}`',
    },
    fix: {
      en: 'put the file itself there, not a link, folder or pipe',
      zh: '请放入文件本身，而非链接、目录或管道',
    },
  },
  'source/no-folder': {
    status: 404,
    message: {
      en: 'the folder of the pull is not within the inbox',
      zh: '收件目录中没有该定时导入的文件夹',
    },
    fix: {
      en: 'make it there, each of its steps a folder and not a link',
      zh: '请在收件目录中建立该文件夹，各级均须为目录而非链接',
    },
  },
  'source/crowded': {
    status: 422,
    message: {
      en: 'the folder of the pull has more than {max} entries',
      zh: '定时导入的文件夹中条目超过 {max} 个',
    },
    fix: { en: 'take out files that were pulled', zh: '请移走已导入的文件' },
  },
  'source/too-large': {
    status: 413,
    message: { en: 'the file has more than {max} bytes', zh: '文件超过 {max} 字节' },
    fix: { en: 'divide it into several files', zh: '请拆分为多个文件' },
  },
  'source/changed': {
    status: 409,
    message: { en: 'the file was changed while it was read', zh: '文件在读取过程中被改动' },
    fix: {
      en: 'move it into the inbox only when it is complete',
      zh: '请在文件写完之后再移入收件目录',
    },
  },
  'source/empty': {
    status: 422,
    message: { en: 'the file has no rows', zh: '文件没有数据行' },
    fix: { en: 'give a header line and at least one row', zh: '请提供标题行和至少一行数据' },
  },
  'source/not-utf8': {
    status: 422,
    message: { en: 'line {line} is not valid UTF-8', zh: '第 {line} 行不是有效的 UTF-8' },
    fix: {
      en: 'convert the file to UTF-8, or say that it is GB18030 (`ingest.encoding` of the dataset, `--encoding`)',
      zh: '请将文件转换为 UTF-8；若为 GB18030，请以数据资源的 `ingest.encoding` 或 `--encoding` 声明',
    },
  },
  'source/nul': {
    status: 422,
    message: { en: 'line {line} has a NUL character', zh: '第 {line} 行含有空字符' },
    fix: { en: 'remove it', zh: '请删除该字符' },
  },
  'source/columns-missing': {
    status: 422,
    message: {
      en: 'the file does not name {count} columns of the dataset: {list}',
      zh: '文件未列出数据资源的 {count} 个字段：{list}',
    },
    fix: {
      en: 'name every column as the dataset spells it, in any order: in the first line, or as keys of JSON lines; a separator other than a comma is `csv.delimiter` of the dataset',
      zh: '请按数据资源的写法列出全部字段，顺序不限：写在首行，或作为 JSON 行的键；分隔符不是逗号时，请在数据资源的 `csv.delimiter` 中声明',
    },
  },
  'source/columns-repeated': {
    status: 422,
    message: {
      en: '{count} columns stand more than once in the header: {list}',
      zh: '标题行中有 {count} 个字段重复：{list}',
    },
    fix: { en: 'keep each once', zh: '每个字段只保留一次' },
  },
  'source/columns-unknown': {
    status: 422,
    message: {
      en: 'names in the header that are no columns of the dataset: {count}, at positions {list}',
      zh: '标题行中有 {count} 个名称不属于该数据资源，位置：{list}',
    },
    fix: {
      en: 'remove those columns, or register them with the dataset',
      zh: '请删除这些列，或在数据资源中登记',
    },
  },
  'source/quote': {
    status: 422,
    message: {
      en: 'the record in line {line} has a quotation mark where none can be',
      zh: '第 {line} 行的记录中引号位置有误',
    },
    fix: {
      en: 'put the whole field in quotation marks and double those within it',
      zh: '请用引号包住整个字段，并将字段内的引号写两次',
    },
  },
  'source/open-quote': {
    status: 422,
    message: {
      en: 'the record in line {line} opens a quotation mark that nothing closes',
      zh: '第 {line} 行的记录中引号未闭合',
    },
    fix: { en: 'close it', zh: '请补上引号' },
  },
  'source/width': {
    status: 422,
    message: {
      en: 'the record in line {line} has {found} fields instead of {expected}',
      zh: '第 {line} 行的记录有 {found} 个字段，应为 {expected} 个',
    },
    fix: {
      en: 'give one field for each column; a field with a separator needs quotation marks; no title stands above the names of the columns',
      zh: '每个字段对应一列；含分隔符的字段需加引号；列名之上不得另有标题',
    },
  },
  'source/empty-line': {
    status: 422,
    message: { en: 'line {line} is empty', zh: '第 {line} 行为空行' },
    fix: { en: 'remove it', zh: '请删除该行' },
  },
  'source/line-end': {
    status: 422,
    message: {
      en: 'the record in line {line} ends otherwise than the first, or has a carriage return of its own',
      zh: '第 {line} 行的换行方式与首行不同，或含单独的回车符',
    },
    fix: {
      en: 'use one kind of line end, LF or CRLF, throughout',
      zh: '请全文统一使用 LF 或 CRLF 换行',
    },
  },
  'source/line-too-long': {
    status: 422,
    message: {
      en: 'the record in line {line} has more than {max} bytes',
      zh: '第 {line} 行的记录超过 {max} 字节',
    },
    fix: {
      en: 'shorten it, or look for a quotation mark that is not closed',
      zh: '请缩短该记录，或检查未闭合的引号',
    },
  },
  'source/cell-type': {
    status: 422,
    message: {
      en: 'column `{column}` has {count} cells that are no {type}; first in lines {lines}',
      zh: '字段 `{column}` 有 {count} 个单元格不符合类型 {type}；最先出现在第 {lines} 行',
    },
    fix: {
      en: 'write whole numbers and decimals plainly (`-12.5`), dates as `2026-01-31`, booleans as `true` and `false`; declare what stands for an empty cell in `csv.null`',
      zh: '数值请写作 `-12.5`，日期写作 `2026-01-31`，布尔值写作 `true`、`false`；空值写法在 `csv.null` 中声明',
    },
  },
  'source/cell-standard': {
    status: 422,
    message: {
      en: 'column `{column}` has {count} cells that do not satisfy the standard `{standard}`; first in lines {lines}',
      zh: '字段 `{column}` 有 {count} 个单元格不符合标准 `{standard}`；最先出现在第 {lines} 行',
    },
    fix: {
      en: 'correct them at the source: their form or a check digit is wrong, or the code is in no list',
      zh: '请在数据来源处更正：格式或校验位有误，或代码不在清单内',
    },
  },
  'source/cell-missing': {
    status: 422,
    message: {
      en: 'column `{column}` has {count} empty cells; first in lines {lines}',
      zh: '字段 `{column}` 有 {count} 个空单元格；最先出现在第 {lines} 行',
    },
    fix: {
      en: 'fill them, or declare the column `nullable`',
      zh: '请补全，或将该字段声明为 `nullable`',
    },
  },
  'source/cell-future': {
    status: 422,
    message: {
      en: 'column `{column}` has {count} dates that are still to come; first in lines {lines}',
      zh: '字段 `{column}` 有 {count} 个日期晚于今天；最先出现在第 {lines} 行',
    },
    fix: {
      en: 'correct them at the source, or take `past` away from the column',
      zh: '请在数据来源处更正，或取消该字段的 `past`',
    },
  },
  'source/bad-rows': {
    status: 422,
    message: {
      en: 'more than {max} of {rows} rows would have to be left out',
      zh: '{rows} 行中需剔除的行数超过允许的 {max} 行',
    },
    fix: {
      en: 'correct what is named beside this, or raise `ingest.badRowsMax` of the dataset',
      zh: '请更正同时列出的问题，或提高数据资源的 `ingest.badRowsMax`',
    },
  },
  'source/unit-missing': {
    status: 422,
    message: {
      en: '{count} rows have no entity in `{column}`; first in lines {lines}',
      zh: '有 {count} 行的主体标识 `{column}` 为空；最先出现在第 {lines} 行',
    },
    fix: {
      en: 'take those rows out: a row that belongs to nobody cannot be protected',
      zh: '请删除这些行：不属于任何主体的行无法受到保护',
    },
  },
  'source/grain-repeats': {
    status: 422,
    message: {
      en: '{count} rows repeat the grain ({columns}) of another; first in lines {lines}',
      zh: '有 {count} 行与其他行的粒度（{columns}）重复；最先出现在第 {lines} 行',
    },
    fix: {
      en: 'remove the repetitions, or declare the columns that tell rows apart as `grain`',
      zh: '请删除重复行，或将能够区分各行的字段声明为 `grain`',
    },
  },
  'source/already-there': {
    status: 409,
    message: {
      en: '{count} rows have the grain ({columns}) of a row that is stored already; first in lines {lines}',
      zh: '有 {count} 行与已存数据的粒度（{columns}）相同；最先出现在第 {lines} 行',
    },
    fix: {
      en: 'take them out, or ingest with mode `upsert`, which replaces the stored rows',
      zh: '请删除这些行，或以 `upsert` 方式导入以替换已存的行',
    },
  },
  'source/outside-domain': {
    status: 422,
    message: {
      en: 'column `{column}` has {count} rows with values outside the domain that the policy declares',
      zh: '字段 `{column}` 有 {count} 行的取值超出策略声明的取值范围',
    },
    fix: {
      en: 'extend the domain in the policy, or correct the source; they are not turned into empty cells, which would falsify every count',
      zh: '请在策略中扩大取值范围或更正来源数据；系统不会将其置空，否则计数失真',
    },
  },
  'source/not-of-entity': {
    status: 422,
    message: {
      en: 'column `{column}` is declared `ofEntity` and differs between rows of {count} entities',
      zh: '字段 `{column}` 声明为 `ofEntity`，但在 {count} 个主体的多行之间取值不同',
    },
    fix: {
      en: 'take `ofEntity` away, or correct the source',
      zh: '请取消 `ofEntity`，或更正来源数据',
    },
  },
  'source/raw-differs': {
    status: 409,
    message: {
      en: 'the stored version of `{dataset}` has other columns than the catalogue says now: {difference}',
      zh: '`{dataset}` 已存版本的字段与当前目录不一致：{difference}',
    },
    fix: {
      en: 'register the dataset as it was, or ingest a whole file that replaces the version',
      zh: '请恢复原登记内容，或导入完整文件以替换已存版本',
    },
  },
  'source/no-raw-version': {
    status: 422,
    message: {
      en: 'dataset `{dataset}` has no data yet that could be published',
      zh: '数据资源 `{dataset}` 尚无可发布的数据',
    },
    fix: { en: 'name a file of the inbox', zh: '请指定收件目录中的文件' },
  },
  'source/cell-contradicts': {
    status: 422,
    message: {
      en: 'column `{column}` has {count} cells that contradict the dataset `{dataset}`, which answers for it; first in lines {lines}',
      zh: '字段 `{column}` 有 {count} 个单元格与其权威来源 `{dataset}` 不一致；最先出现在第 {lines} 行',
    },
    fix: {
      en: 'correct them at the source, or let the dataset set some rows aside (`ingest.badRowsMax`)',
      zh: '请在数据来源处更正，或允许隔离部分行（`ingest.badRowsMax`）',
    },
  },
  'source/quarantine-over': {
    status: 410,
    message: {
      en: 'what was set aside of version `{version}` was destroyed, as its dataset says',
      zh: '版本 `{version}` 的隔离数据已按数据资源的规定销毁',
    },
    fix: {
      en: 'its counts stay with the version; set `ingest.quarantineDays` higher for later ones',
      zh: '其数量仍保留在版本记录中；如需延长以后的保存期，请调整 `ingest.quarantineDays`',
    },
  },
  'source/destruction-known': {
    status: 409,
    message: {
      en: 'the destruction of version `{version}` is proposed already, or done',
      zh: '版本 `{version}` 已提出销毁或已销毁',
    },
    fix: {
      en: 'another operator approves it; `sluice dataset show` says how far it is',
      zh: '请由另一位操作员批准；进度见 `sluice dataset show`',
    },
  },
  'source/publishing-failed': {
    status: 500,
    message: { en: 'publishing ended without a result', zh: '发布过程未产生结果' },
    fix: {
      en: 'nothing of it stays; try again, with a smaller file if memory was short',
      zh: '未留下任何中间文件；请重试，内存不足时请使用较小的文件',
    },
  },
} as const
