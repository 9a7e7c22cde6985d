/** The domain's own record: whether it can be opened, believed and written. Read by the operator. */
export const stateCodes = {
  'state/in-use': {
    status: 503,
    message: {
      en: 'another process holds the state of this domain',
      zh: '另一进程正在使用本安全域的状态库',
    },
    fix: {
      en: 'stop the other server, or give this one a folder of its own',
      zh: '请先停止另一服务，或为本服务指定独立目录',
    },
  },
  'state/missing': {
    status: 503,
    message: {
      en: 'the state `{file}` of this domain is not there',
      zh: '本安全域的状态库 `{file}` 不存在',
    },
    fix: {
      en: 'bring it back from its newest copy; without it charges and releases would be forgotten',
      zh: '请恢复最新副本；缺少状态库将丢失扣减与放行记录',
    },
  },
  'state/rolled-back': {
    status: 503,
    message: {
      en: 'the state has {found} log entries and does not continue the {known} that were signed',
      zh: '状态库仅有 {found} 条存证，与已签名的 {known} 条不相承接',
    },
    fix: {
      en: 'bring back the newest copy of the state; an older one would forget charges and releases',
      zh: '请恢复最新的状态库副本；旧副本会丢失扣减与放行记录',
    },
  },
  'state/damaged': {
    status: 503,
    message: {
      en: 'the state does not agree with its log: {what}',
      zh: '状态库与存证日志不一致：{what}',
    },
    fix: {
      en: 'keep the files for the supervisor and bring back the newest copy that opens',
      zh: '请保留现场文件供监管核查，并恢复可打开的最新副本',
    },
  },
  'state/other-key': {
    status: 503,
    message: {
      en: 'the log was signed with another key than `{key}`',
      zh: '存证日志的签名密钥不是 `{key}`',
    },
    fix: {
      en: 'open the state with the keyring it was made with',
      zh: '请使用创建该状态库时的密钥环打开',
    },
  },
  'state/unknown-schema': {
    status: 503,
    message: {
      en: 'the state has schema {found} and this program knows {known}',
      zh: '状态库结构版本为 {found}，本程序支持 {known}',
    },
    fix: {
      en: 'run the program version that wrote it, or a newer one',
      zh: '请使用写入该库的程序版本或更新版本',
    },
  },
  'state/cannot-write': {
    status: 503,
    message: {
      en: 'the log cannot be written, so nothing was done',
      zh: '存证日志无法写入，操作未执行',
    },
    fix: {
      en: 'make room on the disk of the domain and start the server again',
      zh: '请清理安全域磁盘空间并重新启动服务',
    },
  },
} as const
