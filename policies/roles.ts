/** Roles of accounts, and every action the domain can be asked for. The table is total: a test walks it. */
export const roles = [
  'analyst',
  'operator',
  'reviewer',
  'source',
  'supervisor',
  'administrator',
] as const
export type Role = (typeof roles)[number]

export const actions = [
  'account/show',
  'account/create',
  'account/term',
  'key/issue',
  'key/list',
  'key/revoke',
  'catalogue/list',
  'dataset/register',
  'dataset/ingest',
  'dataset/show',
  'quarantine/show',
  'pull/set',
  'pull/switch',
  'pull/look',
  'destruction/propose',
  'destruction/approve',
  'policy/propose',
  'policy/approve',
  'policy/list',
  'policy/show',
  'policy/history',
  'policy/diff',
  'agreement/sign',
  'agreement/list',
  'token/make',
  'submission/check',
  'submission/create',
  'submission/list',
  'submission/show',
  'submission/watch',
  'result/fetch',
  'review/list',
  'review/show',
  'log/checkpoint',
  'log/list',
  'log/prove',
  'log/consistency',
  'log/bundle',
  'log/tile',
  'log/export',
  'domain/status',
] as const
export type Action = (typeof actions)[number]

const everybody = roles

/**
 * Who may do what. Which of the things a role may see are narrowed further where the action is carried out: an analyst
 * sees the agreements, submissions and results of the own organisation alone. The administrator (system) makes accounts
 * and sees neither data nor results nor evidence; the supervisor reads the log and runs nothing (I10). A source is an
 * account of a department that delivers data: it reads which rows of its own files were set aside.
 */
export const allowedRoles: Readonly<Record<Action, readonly Role[]>> = {
  'account/show': everybody,
  'account/create': ['administrator'],
  'account/term': ['administrator'],
  'key/issue': everybody,
  'key/list': everybody,
  'key/revoke': everybody,
  'catalogue/list': ['analyst', 'operator', 'reviewer', 'supervisor'],
  'dataset/register': ['operator'],
  'dataset/ingest': ['operator'],
  'dataset/show': ['operator'],
  'quarantine/show': ['operator', 'source'],
  'pull/set': ['operator'],
  'pull/switch': ['operator'],
  'pull/look': ['operator'],
  'destruction/propose': ['operator'],
  'destruction/approve': ['operator'],
  'policy/propose': ['operator'],
  'policy/approve': ['operator'],
  'policy/list': ['operator', 'supervisor'],
  'policy/show': ['operator', 'supervisor'],
  'policy/history': ['operator', 'supervisor'],
  'policy/diff': ['operator', 'supervisor'],
  'agreement/sign': ['operator'],
  'agreement/list': ['analyst', 'operator', 'reviewer', 'supervisor'],
  'token/make': ['analyst'],
  'submission/check': ['analyst'],
  'submission/create': ['analyst'],
  'submission/list': ['analyst', 'operator', 'supervisor'],
  'submission/show': ['analyst', 'operator', 'supervisor'],
  'submission/watch': ['analyst', 'operator', 'supervisor'],
  'result/fetch': ['analyst'],
  'review/list': ['reviewer'],
  'review/show': ['reviewer'],
  'log/checkpoint': everybody,
  'log/list': ['supervisor', 'operator'],
  'log/prove': everybody,
  'log/consistency': everybody,
  'log/bundle': ['supervisor'],
  'log/tile': everybody,
  'log/export': ['supervisor'],
  'domain/status': ['administrator', 'operator', 'supervisor'],
}

export const mayDo = (role: Role, action: Action): boolean => allowedRoles[action].includes(role)
