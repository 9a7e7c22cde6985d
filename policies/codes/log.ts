/** What a verifier finds in an exported log. `line` counts from 1, `seq` from 0. */
export const logCodes = {
  'log/not-an-export': {
    status: 422,
    message: {
      en: 'line {line} is not a line of an exported log',
      zh: '第 {line} 行不符合存证日志导出格式',
    },
    fix: {
      en: 'export the log again and verify the file as it came',
      zh: '请重新导出存证日志，并对原文件进行核验',
    },
  },
  'log/other-key': {
    status: 422,
    message: {
      en: 'the log was exported under the key `{found}` and not under the one given',
      zh: '导出文件所用公钥为 `{found}`，与提供的公钥不符',
    },
    fix: {
      en: 'ask the operator or a witness for the public key of this log by another way',
      zh: '请通过其他渠道向运营机构或见证方核实该日志的公钥',
    },
  },
  'log/entry-changed': {
    status: 422,
    message: {
      en: 'entry {seq} on line {line} is not what was logged',
      zh: '第 {line} 行的存证 {seq} 与入库内容不一致',
    },
    fix: {
      en: 'ask for the entry with its proof of inclusion and compare',
      zh: '请调取该条存证及其包含性证明进行比对',
    },
  },
  'log/not-an-entry': {
    status: 422,
    message: {
      en: 'entry {seq} on line {line} does not have the form of an entry',
      zh: '第 {line} 行的存证 {seq} 格式无效',
    },
    fix: {
      en: 'verify with the program version that wrote the log, or a newer one',
      zh: '请使用写入该日志的程序版本或更新版本核验',
    },
  },
  'log/out-of-place': {
    status: 422,
    message: {
      en: 'line {line} should hold entry {seq} and holds entry {found}',
      zh: '第 {line} 行应为存证 {seq}，实际为 {found}',
    },
    fix: {
      en: 'entries are missing, repeated, added or moved here: ask for entry {seq} with its proof',
      zh: '此处存证有缺失、重复、插入或调换，请调取存证 {seq} 及其证明',
    },
  },
  'log/time-back': {
    status: 422,
    message: {
      en: 'entry {seq} on line {line} is earlier than the entry before it',
      zh: '第 {line} 行的存证 {seq} 早于前一条',
    },
    fix: {
      en: 'the log itself is wrong here: tell the supervisor',
      zh: '日志本身存在异常，请报告监管方',
    },
  },
  'log/rewritten': {
    status: 422,
    message: {
      en: 'the entries from {from} up to before {size} are not those that were signed (line {line})',
      zh: '存证 {from} 至 {size}（不含）与签名时不一致（第 {line} 行）',
    },
    fix: {
      en: 'ask for these entries with their proofs: one of them or more was rewritten',
      zh: '请调取上述存证及其证明：其中至少一条被改写',
    },
  },
  'log/not-signed': {
    status: 422,
    message: {
      en: 'the checkpoint on line {line} is not signed by the key of this log',
      zh: '第 {line} 行的检查点签名无效',
    },
    fix: {
      en: 'ask for a checkpoint of this size and verify again',
      zh: '请重新获取该规模的检查点后核验',
    },
  },
  'log/forked': {
    status: 422,
    message: {
      en: 'the log of {size} entries is not the one that was signed before: its first {known} entries are others',
      zh: '当前日志（{size} 条）与此前签名的不符：前 {known} 条已不同',
    },
    fix: {
      en: 'keep both checkpoints, they prove it, and take them to the supervisor',
      zh: '请保留两个检查点作为证据，并提交监管方',
    },
  },
  'log/shorter': {
    status: 422,
    message: {
      en: 'the log has {size} entries and had {known} before',
      zh: '日志现有 {size} 条，此前已有 {known} 条',
    },
    fix: {
      en: 'it was taken back: keep the checkpoint, it proves it, and take it to the supervisor',
      zh: '日志已被回退：请保留该检查点作为证据，并提交监管方',
    },
  },
  'log/cut-short': {
    status: 422,
    message: {
      en: 'the log ends after {seq} of {size} entries or without its last checkpoint',
      zh: '日志在 {seq}/{size} 条处中断，或缺少末尾检查点',
    },
    fix: { en: 'export the log again to its end', zh: '请重新完整导出存证日志' },
  },
} as const
