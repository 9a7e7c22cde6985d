import type { Action } from '../policies/roles.ts'

/** How an input, or one field of it, travels in a request body. */
export type BodyRule = {
  readonly media: 'application/json' | 'application/yaml'
  readonly bytesMax: number
  /** The input field the body becomes; absent: the body's fields are the input's fields. */
  readonly field?: string
}
export type Route = {
  readonly method: 'GET' | 'POST'
  /** Parts in braces are fields of the input, with a `+` the rest of the path; what is in neither path, body nor header comes from the query string. */
  readonly path: string
  readonly status: 200 | 201 | 202
  readonly body?: BodyRule
  /** `prefer: wait=N` becomes `waitMs`, `idempotency-key` becomes `idempotencyKey`, `if-match` becomes `base`, `last-event-id` becomes `after`. */
  readonly headers?: readonly ('prefer' | 'idempotency-key' | 'if-match' | 'last-event-id')[]
  readonly summary: { readonly en: string; readonly zh: string }
}

/** 64 KB of SQL (`textBytesMax`) in which every byte needs a two-byte escape, and room for the other fields. */
const question = { media: 'application/json', bytesMax: 262_144 } as const
const document = { media: 'application/yaml', bytesMax: 1_000_000, field: 'text' } as const
const fields = { media: 'application/json', bytesMax: 16_384 } as const

/** Answers of `submission/watch`: what there is, or all that comes (server-sent events). */
export const watchMedia = { json: 'application/json', events: 'text/event-stream' } as const

/** Answers of `result/fetch`: the digested bytes, the same as a table, or with record and proof of inclusion. */
export const resultMedia = {
  json: 'application/json',
  csv: 'text/csv',
  release: 'application/vnd.sluice.release+json',
} as const

/** Answers of `log/checkpoint`: the signed note alone, as C2SP tlog-tiles wants it, or with the key beside it. */
export const checkpointMedia = { note: 'text/plain', json: 'application/json' } as const
/** Answers of `log/bundle` and `log/tile`: the bytes, or the same in base64. */
export const tileMedia = { bytes: 'application/octet-stream', json: 'application/json' } as const

/**
 * Every operation over HTTP. From here come the server's routes, the OpenAPI document, the client and the command
 * line's calls; what goes in and out stands in `sandbox/door.ts`, who may in `policies/roles.ts`, under the same name.
 */
export const routes: Readonly<Record<Action, Route>> = {
  'account/show': {
    method: 'GET',
    path: '/v1/account',
    status: 200,
    summary: { en: 'the account behind the key', zh: '当前密钥对应的账户' },
  },
  'account/create': {
    method: 'POST',
    path: '/v1/accounts',
    status: 201,
    body: fields,
    summary: { en: 'make an account and its key', zh: '创建账户及密钥' },
  },
  'account/term': {
    method: 'POST',
    path: '/v1/accounts/{account}/term',
    status: 200,
    body: fields,
    summary: { en: 'set when an account ends', zh: '设定账户的有效期' },
  },
  'key/issue': {
    method: 'POST',
    path: '/v1/account/keys',
    status: 201,
    body: fields,
    summary: {
      en: 'a second key of one’s own, to take the place of the present one',
      zh: '为自己签发第二个密钥，用于替换当前密钥',
    },
  },
  'key/list': {
    method: 'GET',
    path: '/v1/accounts/{account}/keys',
    status: 200,
    summary: { en: 'names and ends of an account’s keys', zh: '账户的密钥名称与有效期' },
  },
  'key/revoke': {
    method: 'POST',
    path: '/v1/accounts/{account}/keys/{name}/revocation',
    status: 200,
    body: fields,
    summary: { en: 'take a key back at once', zh: '立即吊销密钥' },
  },
  'catalogue/list': {
    method: 'GET',
    path: '/v1/catalogue',
    status: 200,
    summary: { en: 'datasets and the columns one may use', zh: '数据目录与可用字段' },
  },
  'dataset/register': {
    method: 'POST',
    path: '/v1/datasets',
    status: 201,
    body: document,
    summary: { en: 'register a dataset in the catalogue', zh: '登记数据资源' },
  },
  'dataset/ingest': {
    method: 'POST',
    path: '/v1/datasets/{dataset}/versions',
    status: 201,
    body: fields,
    summary: {
      en: 'publish a file of the inbox as a version',
      zh: '将收件目录中的文件发布为新版本',
    },
  },
  'dataset/show': {
    method: 'GET',
    path: '/v1/datasets/{dataset}',
    status: 200,
    summary: { en: 'a dataset, its versions and their quality', zh: '数据资源、版本与质量' },
  },
  'quarantine/show': {
    method: 'GET',
    path: '/v1/datasets/{dataset}/quarantine',
    status: 200,
    summary: {
      en: 'rows of a file that were set aside, and why',
      zh: '隔离区：被剔除的数据行及原因',
    },
  },
  'pull/set': {
    method: 'POST',
    path: '/v1/pulls',
    status: 201,
    body: document,
    summary: {
      en: 'set the folder and the times at which files of a dataset are taken in',
      zh: '设定数据资源的定时导入：目录与时间',
    },
  },
  'pull/switch': {
    method: 'POST',
    path: '/v1/pulls/{dataset}/state',
    status: 200,
    body: fields,
    summary: { en: 'pause or resume a pull', zh: '暂停或恢复定时导入' },
  },
  'pull/look': {
    method: 'POST',
    path: '/v1/pulls/{dataset}/looks',
    status: 200,
    body: fields,
    summary: { en: 'take new files of a pull now', zh: '立即导入新文件' },
  },
  'destruction/propose': {
    method: 'POST',
    path: '/v1/datasets/{dataset}/versions/{version}/destruction',
    status: 202,
    body: fields,
    summary: { en: 'propose to destroy a version', zh: '提出销毁版本' },
  },
  'destruction/approve': {
    method: 'POST',
    path: '/v1/datasets/{dataset}/versions/{version}/destruction/approvals',
    status: 200,
    body: fields,
    summary: {
      en: 'destroy a version that another operator proposed to destroy',
      zh: '批准并销毁他人提出销毁的版本',
    },
  },
  'policy/propose': {
    method: 'POST',
    path: '/v1/policies',
    status: 202,
    body: document,
    headers: ['if-match'],
    summary: { en: 'propose a text of a policy', zh: '提出策略文本' },
  },
  'policy/approve': {
    method: 'POST',
    path: '/v1/policies/{policy}/approvals',
    status: 201,
    body: fields,
    summary: {
      en: 'publish a proposed text, as another person than its author',
      zh: '批准并发布他人提出的策略文本',
    },
  },
  'policy/list': {
    method: 'GET',
    path: '/v1/policies',
    status: 200,
    summary: { en: 'policies, and texts that wait for approval', zh: '策略列表与待批准文本' },
  },
  'policy/show': {
    method: 'GET',
    path: '/v1/policies/{policy}',
    status: 200,
    summary: {
      en: 'the current text of a policy, its digest as ETag',
      zh: '策略现行文本（摘要即 ETag）',
    },
  },
  'policy/history': {
    method: 'GET',
    path: '/v1/policies/{policy}/history',
    status: 200,
    summary: { en: 'who proposed and approved which text when', zh: '策略的提出与批准记录' },
  },
  'policy/diff': {
    method: 'POST',
    path: '/v1/policies/diff',
    status: 200,
    body: { media: 'application/json', bytesMax: 2_100_000 },
    summary: {
      en: 'what a policy would change, past decisions replayed',
      zh: '比较策略差异，并重放既往决定',
    },
  },
  'agreement/sign': {
    method: 'POST',
    path: '/v1/agreements',
    status: 201,
    body: document,
    summary: { en: 'sign an agreement', zh: '签署授权协议' },
  },
  'agreement/list': {
    method: 'GET',
    path: '/v1/agreements',
    status: 200,
    summary: { en: 'agreements, their terms and ledgers', zh: '授权协议及预算台账' },
  },
  'token/make': {
    method: 'POST',
    path: '/v1/agreements/{agreement}/tokens',
    status: 200,
    body: { media: 'application/json', bytesMax: 1_048_576 },
    summary: {
      en: 'tokens for identifiers, under an agreement',
      zh: '依据协议生成标识符的假名',
    },
  },
  'submission/check': {
    method: 'POST',
    path: '/v1/checks',
    status: 200,
    body: question,
    summary: {
      en: 'check a question: reads no data, costs nothing',
      zh: '核查：不读数据，不扣预算',
    },
  },
  'submission/create': {
    method: 'POST',
    path: '/v1/submissions',
    status: 202,
    body: { ...question, field: 'submission' },
    headers: ['prefer', 'idempotency-key'],
    summary: { en: 'submit a question', zh: '提交查询' },
  },
  'submission/list': {
    method: 'GET',
    path: '/v1/submissions',
    status: 200,
    summary: { en: 'submissions, newest first', zh: '提交列表（新的在前）' },
  },
  'submission/show': {
    method: 'GET',
    path: '/v1/submissions/{id}',
    status: 200,
    headers: ['prefer'],
    summary: { en: 'one submission and its state', zh: '提交详情与状态' },
  },
  'submission/watch': {
    method: 'GET',
    path: '/v1/submissions/{id}/events',
    status: 200,
    headers: ['prefer', 'last-event-id'],
    summary: {
      en: 'steps of a submission, also as server-sent events',
      zh: '提交的进展，支持服务器推送事件',
    },
  },
  'submission/withdraw': {
    method: 'POST',
    path: '/v1/submissions/{id}/withdrawal',
    status: 200,
    body: fields,
    summary: { en: 'withdraw a submission that waits for its run', zh: '撤回等待运行的提交' },
  },
  'result/fetch': {
    method: 'GET',
    path: '/v1/submissions/{id}/result',
    status: 200,
    summary: { en: 'the released result', zh: '已放行的结果' },
  },
  'review/list': {
    method: 'GET',
    path: '/v1/reviews',
    status: 200,
    summary: { en: 'outputs held for people', zh: '待审核产出' },
  },
  'review/show': {
    method: 'GET',
    path: '/v1/reviews/{id}',
    status: 200,
    summary: { en: 'one held output and its evidence', zh: '待审核产出与证据' },
  },
  'log/checkpoint': {
    method: 'GET',
    path: '/v1/log/checkpoint',
    status: 200,
    summary: {
      en: 'the signed checkpoint; as JSON with the key to verify it',
      zh: '已签名检查点；JSON 形式含验证公钥',
    },
  },
  'log/list': {
    method: 'GET',
    path: '/v1/log/entries',
    status: 200,
    summary: { en: 'entries of the log', zh: '存证日志条目' },
  },
  'log/prove': {
    method: 'GET',
    path: '/v1/log/entries/{index}/proof',
    status: 200,
    summary: { en: 'proof that an entry is in the log', zh: '条目存在性证明' },
  },
  'log/consistency': {
    method: 'GET',
    path: '/v1/log/consistency',
    status: 200,
    summary: {
      en: 'proof that an earlier log is the beginning of this one',
      zh: '证明此前的日志为当前日志的前段',
    },
  },
  'log/bundle': {
    method: 'GET',
    path: '/v1/log/tile/entries/{tile+}',
    status: 200,
    summary: { en: 'a bundle of entries (C2SP tlog-tiles)', zh: '条目集（C2SP tlog-tiles）' },
  },
  'log/tile': {
    method: 'GET',
    path: '/v1/log/tile/{level}/{tile+}',
    status: 200,
    summary: { en: 'a tile of hashes (C2SP tlog-tiles)', zh: '哈希瓦片（C2SP tlog-tiles）' },
  },
  'log/export': {
    method: 'GET',
    path: '/v1/log/export',
    status: 200,
    summary: {
      en: 'a stretch of the export, for offline verification',
      zh: '日志导出（离线验证用）',
    },
  },
  'domain/status': {
    method: 'GET',
    path: '/v1/status',
    status: 200,
    summary: { en: 'state of the domain', zh: '安全域状态' },
  },
}

/** Names of the input's fields that travel in the path. */
export const pathFields = (route: Route): readonly string[] =>
  [...route.path.matchAll(/\{(\w+)\+?\}/g)].map((match) => match[1] ?? '')
