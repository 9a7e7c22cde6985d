import { existsSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { roles } from '../../policies/roles.ts'
import { initialiseHome } from '../keeper-client.ts'
import { keeperPath, serve } from '../main.ts'
import { nodeProblem, servingProblem, thisRuntime } from '../runtime.ts'
import type { Group, Leaf, Option } from './command.ts'
import { writeKey } from './key.ts'
import { exits } from './refusal.ts'
import {
  showAnswer,
  showRefusals,
  showUsage,
  textOf,
  type Given,
  type Options,
  type Session,
  type Shown,
} from './session.ts'
import { timeText } from './submission.ts'
import { tableOf } from './table.ts'

const homeOf = ({ surroundings }: Session, options: Options): string => {
  const { environment } = surroundings
  const named = textOf(options, 'home') ?? environment['SLUICE_HOME']
  return resolve(named ?? join(environment['HOME'] ?? '.', '.local', 'share', 'sluice'))
}

/** A key is shown once: on standard output, or in a new file that only its owner can read. */
const showKey = (session: Session, options: Options, key: string, data: object): Shown => {
  const path = textOf(options, 'keyOut')
  if (path === undefined) {
    const talk = session.t('the key is shown once: keep it', '密钥仅显示一次，请妥善保存')
    return { data: { ...data, key }, text: `${key}\n`, talk: `${talk}\n` }
  }
  writeKey(path, key)
  const talk = session.t(`key written to ${path}`, `密钥已写入 ${path}`)
  return { data: { ...data, keyFile: path }, text: '', talk: `${talk}\n` }
}

/** Where `--key-out` already exists nothing is done: a key that could not be written would be lost. */
const taken = (session: Session, options: Options): Shown | undefined => {
  const path = textOf(options, 'keyOut')
  if (path === undefined || !existsSync(path)) return undefined
  return showUsage(session.t(`${path} exists already`, `${path} 已存在`))
}

const init = async (session: Session, { options }: Given): Promise<Shown> => {
  const problem = servingProblem(thisRuntime())
  if (problem !== undefined) return { ...showUsage(problem), exit: exits.unexpected }
  const exists = taken(session, options)
  if (exists !== undefined) return exists
  const home = homeOf(session, options)
  const made = await session.during(session.t('making a home', '初始化'), async () =>
    initialiseHome({ home, keeperPath }),
  )
  if (!made.ok) return showRefusals(session, made.refusals)
  return showKey(session, options, made.value.key, { home, account: made.value.account })
}

const serveHome = async (session: Session, { options }: Given): Promise<Shown> => {
  const { t, surroundings } = session
  const problem = servingProblem(thisRuntime())
  if (problem !== undefined) return { ...showUsage(problem), exit: exits.unexpected }
  const port = Number(textOf(options, 'port') ?? 8787)
  if (!(Number.isInteger(port) && port >= 0 && port < 65_536))
    return showUsage(t('--port is 0 to 65535', '--port 须为 0 至 65535'))
  const certPath = textOf(options, 'tlsCert')
  const keyPath = textOf(options, 'tlsKey')
  if ((certPath === undefined) !== (keyPath === undefined))
    return showUsage(
      t('--tls-cert and --tls-key go together', '--tls-cert 与 --tls-key 须同时给出'),
    )
  const served = await serve({
    home: homeOf(session, options),
    host: textOf(options, 'host') ?? '127.0.0.1',
    port,
    tell: (line) => surroundings.err(`${line}\n`),
    ...(certPath !== undefined && keyPath !== undefined ? { tls: { certPath, keyPath } } : {}),
  })
  if (!served.ok) return showRefusals(session, served.refusals)
  surroundings.err(`${t('ready', '就绪')} ${served.value.url}\n`)
  await surroundings.untilInterrupted()
  await served.value.stop()
  return { data: { stopped: true }, text: '', talk: `${t('stopped', '已停止')}\n` }
}

/** What this machine and the server are fit for; each line says what to do where something is not right. */
const doctor = async (session: Session, { options }: Given): Promise<Shown> => {
  const { t } = session
  const runtime = thisRuntime()
  const home = homeOf(session, options)
  const mode = existsSync(home) ? statSync(home).mode & 0o077 : undefined
  const reached = await reach(session)
  const account = reached === undefined ? await session.call('account/show', {}) : undefined
  const checks: readonly (readonly [string, string | undefined])[] = [
    [`Node ${runtime.node}`, nodeProblem(runtime)],
    [t('can serve a domain', '可运行安全域'), servingProblem(runtime)],
    [
      t(`home ${home}`, `主目录 ${home}`),
      mode === undefined
        ? t('none here: `sluice init`', '尚不存在：请执行 `sluice init`')
        : mode === 0
          ? undefined
          : 'chmod 700',
    ],
    [t(`server ${session.url}`, `服务器 ${session.url}`), reached],
    [
      t('key', '密钥'),
      account === undefined
        ? t('not tried', '未测试')
        : account.ok
          ? undefined
          : account.problem.refusals.map(({ message, fix }) => `${message}: ${fix}`).join('; '),
    ],
  ]
  return {
    data: checks.map(([what, problem]) => ({ what, ok: problem === undefined, problem })),
    text: tableOf(
      [{ title: '' }, { title: t('what', '项目') }, { title: t('what to do', '处理') }],
      checks.map(([what, problem]) => [problem === undefined ? '✓' : '✗', what, problem ?? '']),
    ),
    exit: checks.every(([, problem]) => problem === undefined) ? 0 : exits.unexpected,
  }
}

const reach = async ({ t, url, surroundings }: Session): Promise<string | undefined> => {
  try {
    const response = await surroundings.fetch(new URL('/readyz', url), { redirect: 'error' })
    return response.ok ? undefined : t('it is there and not ready', '可连接但尚未就绪')
  } catch {
    return t(
      'nothing answers: is `sluice serve` running, is SLUICE_URL right?',
      '无响应：请确认 `sluice serve` 已运行且 SLUICE_URL 正确',
    )
  }
}

const createAccount = async (session: Session, given: Given): Promise<Shown> => {
  const { options } = given
  const [account = ''] = given.arguments
  const role = roles.find((role) => role === textOf(options, 'role'))
  const days = Number(textOf(options, 'days') ?? 90)
  if (role === undefined || !Number.isInteger(days)) {
    const list = roles.join(', ')
    return showUsage(
      session.t(
        `--role is one of ${list}; --days is a number`,
        `--role 可为 ${list}；--days 须为整数`,
      ),
    )
  }
  const exists = taken(session, options)
  if (exists !== undefined) return exists
  const organisation = textOf(options, 'organisation') ?? ''
  const answer = await session.call('account/create', { account, organisation, role, days })
  return showAnswer(session, answer, (value) =>
    showKey(session, options, value.key, { account: value.account }),
  )
}

const showAccount = async (session: Session): Promise<Shown> =>
  showAnswer(session, await session.call('account/show', {}), (value) => ({
    data: value,
    text: `${value.account}  ${value.role}  ${value.organisation}  ${timeText(value.expiresMs)}\n`,
  }))

const status = async (session: Session): Promise<Shown> =>
  showAnswer(session, await session.call('domain/status', {}), (value) => ({
    data: value,
    text: tableOf(
      [{ title: session.t('status', '状态') }, { title: '' }],
      [
        [session.t('version', '版本'), value.version],
        [session.t('log entries', '日志条目'), String(value.logSize)],
        [session.t('waiting, running', '排队、运行'), `${value.waiting}, ${value.running}`],
        [session.t('inbox', '收件目录'), value.inbox],
        ...Object.entries(value.isolation).map(([name, open]) => [name, open ? '✓' : '✗']),
      ],
    ),
  }))

const homeOption: Option = {
  flags: '--home <folder>',
  en: 'folder of the domain (SLUICE_HOME)',
  zh: '安全域主目录（SLUICE_HOME）',
}
const keyOutOption: Option = {
  flags: '--key-out <file>',
  en: 'write the key to this new file, mode 0600',
  zh: '将密钥写入新文件（权限 0600）',
}

export const systemLeaves: readonly Leaf[] = [
  {
    name: 'init',
    en: 'make the home of a new domain',
    zh: '初始化安全域',
    options: [homeOption, keyOutOption],
    run: init,
  },
  {
    name: 'serve',
    en: 'serve a domain over HTTP',
    zh: '启动安全域服务',
    options: [
      homeOption,
      {
        flags: '--host <address>',
        en: 'address, 127.0.0.1 by default',
        zh: '监听地址，默认 127.0.0.1',
      },
      { flags: '--port <port>', en: 'port, 8787 by default', zh: '端口，默认 8787' },
      { flags: '--tls-cert <file>', en: 'certificate (PEM)', zh: '证书（PEM）' },
      { flags: '--tls-key <file>', en: 'private key (PEM)', zh: '私钥（PEM）' },
    ],
    run: serveHome,
  },
  {
    name: 'doctor',
    en: 'check this machine, the server and the key',
    zh: '检查本机、服务器与密钥',
    options: [homeOption],
    run: doctor,
  },
  { name: 'status', en: 'state of the domain', zh: '安全域状态', run: status },
]
export const accountGroup: Group = {
  name: 'account',
  en: 'accounts',
  zh: '账户',
  leaves: [
    {
      name: 'create <name>',
      en: 'make an account and its key',
      zh: '创建账户及密钥',
      options: [
        { flags: '--organisation <name>', en: 'organisation', zh: '机构', required: true },
        { flags: '--role <role>', en: roles.join(', '), zh: roles.join('、'), required: true },
        {
          flags: '--days <n>',
          en: 'days until the key expires, 90 by default',
          zh: '密钥有效天数，默认 90',
        },
        keyOutOption,
      ],
      run: createAccount,
    },
    { name: 'show', en: 'show the account behind the key', zh: '显示当前账户', run: showAccount },
  ],
}
