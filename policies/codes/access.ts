/** Who may do what. */
export const accessCodes = {
  'access/unauthenticated': {
    status: 401,
    message: { en: 'no valid key was given', zh: '未提供有效密钥' },
    fix: {
      en: 'send `Authorization: Bearer <key>` with a key that has not expired',
      zh: '请在请求头中发送 `Authorization: Bearer <密钥>`，并确认密钥未过期',
    },
  },
  'access/not-allowed': {
    status: 403,
    message: {
      en: 'the role `{role}` may not do `{action}`',
      zh: '角色 `{role}` 无权执行 `{action}`',
    },
    fix: { en: 'ask somebody whose role allows it', zh: '请由具备相应角色的人员办理' },
  },
  'access/not-found': {
    status: 404,
    message: {
      en: 'there is no such {thing}, or it is not yours',
      zh: '该对象（{thing}）不存在或不属于您',
    },
    fix: {
      en: 'list what you can see and use a name from there',
      zh: '请先列出可见对象，再使用其中的名称',
    },
  },
  'access/plain-http': {
    status: 422,
    message: {
      en: 'without TLS keys would travel in clear, and `{host}` is not this machine',
      zh: '未启用 TLS 时密钥将以明文传输，且 `{host}` 不是本机',
    },
    fix: {
      en: 'use TLS (to serve: certificate and key files), or 127.0.0.1',
      zh: '请启用 TLS（服务端需提供证书与私钥文件），或使用 127.0.0.1',
    },
  },
  'access/no-server': {
    status: 503,
    message: { en: 'no server answers at `{url}`', zh: '`{url}` 没有服务响应' },
    fix: {
      en: 'start it (`sluice serve`), or name its address with --url or SLUICE_URL',
      zh: '请启动服务（`sluice serve`），或用 --url、SLUICE_URL 指明其地址',
    },
  },
  'access/own-proposal': {
    status: 403,
    message: {
      en: 'whoever proposed a text of policy `{policy}` does not approve it',
      zh: '策略 `{policy}` 的提出人不得批准自己的文本',
    },
    fix: { en: 'ask another operator', zh: '请由另一位操作员批准' },
  },
  'access/own-destruction': {
    status: 403,
    message: {
      en: 'whoever proposed to destroy a version of `{dataset}` does not approve it',
      zh: '`{dataset}` 版本销毁的提出人不得自行批准',
    },
    fix: { en: 'ask another operator', zh: '请由另一位操作员批准' },
  },
  'access/keys-many': {
    status: 409,
    message: {
      en: 'an account has at most {max} keys in force at a time',
      zh: '同一账户同时有效的密钥至多 {max} 个',
    },
    fix: {
      en: 'revoke one, or wait until the earlier one ends',
      zh: '请先吊销其一，或等待较早的密钥到期',
    },
  },
  'access/last-key': {
    status: 409,
    message: {
      en: 'this is the last key of the account',
      zh: '这是该账户的最后一个密钥',
    },
    fix: {
      en: 'issue another one first, or ask the administrator to revoke it',
      zh: '请先签发新密钥，或请管理员吊销',
    },
  },
  'access/key-file': {
    status: 403,
    message: {
      en: 'the key file `{path}` cannot be read, or others than its owner can',
      zh: '密钥文件 `{path}` 无法读取，或其他用户亦可读取',
    },
    fix: { en: 'chmod 600 the file, or set SLUICE_KEY', zh: '请执行 chmod 600，或设置 SLUICE_KEY' },
  },
  'access/too-many-requests': {
    status: 429,
    message: {
      en: 'this key has used up its requests of the minute',
      zh: '该密钥本分钟的请求数已用完',
    },
    fix: {
      en: 'try again in {seconds} seconds; `Prefer: wait` asks once where others ask often',
      zh: '请在 {seconds} 秒后重试；使用 `Prefer: wait` 可减少请求次数',
    },
  },
  'access/host': {
    status: 421,
    message: {
      en: 'the request names another host than this machine',
      zh: '请求中的主机名不是本机',
    },
    fix: {
      en: 'use `127.0.0.1` or `localhost`; behind a proxy give its name to `sluice serve --name`',
      zh: '请使用 `127.0.0.1` 或 `localhost`；如经代理访问，请在 `sluice serve --name` 中给出其域名',
    },
  },
  'access/too-many-attempts': {
    status: 429,
    message: {
      en: 'too many requests with unknown keys came from this address',
      zh: '该地址以无效密钥请求的次数过多',
    },
    fix: {
      en: 'wait {seconds} seconds, then use a valid key',
      zh: '请等待 {seconds} 秒后使用有效密钥',
    },
  },
} as const
