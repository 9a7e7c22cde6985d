import { resolve } from 'node:path'
import { suiteNames } from '../../sandbox/log/suite-name.ts'
import { initialiseHome } from '../keeper-client.ts'
import { keeperPath, serve } from '../main.ts'
import { servingProblem, thisRuntime } from '../runtime.ts'
import { keyOutOption, showKey, taken } from './new-key.ts'
import { cityLeaf } from './city.ts'
import type { Leaf } from './command.ts'
import { doctorLeaf } from './doctor.ts'
import { homeOf, homeOption } from './home.ts'
import { exits } from './refusal.ts'
import {
  showAnswer,
  showRefusals,
  showUsage,
  textOf,
  type Given,
  type Session,
  type Shown,
} from './session.ts'
import { tableOf } from './table.ts'

const init = async (session: Session, { options }: Given): Promise<Shown> => {
  const problem = servingProblem(thisRuntime())
  if (problem !== undefined) return { ...showUsage(problem), exit: exits.unexpected }
  const exists = taken(session, options)
  if (exists !== undefined) return exists
  const home = homeOf(session, options)
  const settings = textOf(options, 'settings')
  const suite = suiteNames.find((name) => name === (textOf(options, 'suite') ?? 'intl'))
  if (suite === undefined)
    return showUsage(session.t('--suite is intl or gm', '--suite 须为 intl 或 gm'))
  const made = await session.during(session.t('making a home', '初始化'), async () =>
    initialiseHome({
      home,
      keeperPath,
      suite,
      ...(settings && { settingsFile: resolve(settings) }),
    }),
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
  const perMinute = Number(textOf(options, 'rate') ?? 6000)
  if (!(Number.isInteger(perMinute) && perMinute > 0))
    return showUsage(t('--rate is a whole number', '--rate 须为正整数'))
  const name = textOf(options, 'name')
  const served = await serve({
    home: homeOf(session, options),
    host: textOf(options, 'host') ?? '127.0.0.1',
    port,
    tell: (line) => surroundings.err(`${line}\n`),
    requestsPerMinute: perMinute,
    ...(name !== undefined && { names: [name.toLowerCase()] }),
    ...(certPath !== undefined && keyPath !== undefined ? { tls: { certPath, keyPath } } : {}),
  })
  if (!served.ok) return showRefusals(session, served.refusals)
  surroundings.err(`${t('ready', '就绪')} ${served.value.url}\n`)
  await surroundings.untilInterrupted()
  await served.value.stop()
  return { data: { stopped: true }, text: '', talk: `${t('stopped', '已停止')}\n` }
}

const demo = async (session: Session, { options }: Given): Promise<Shown> => {
  const once = options['once'] === true
  const { out, err } = session.surroundings
  // Loaded here: no other command needs the story.
  const { runDemo } = await import('../demo/run.ts')
  const { exit, told } = await runDemo({
    once,
    language: session.language,
    profile: textOf(options, 'profile') ?? 'ci',
    port: Number(textOf(options, 'port') ?? (once ? 0 : 8787)),
    out,
    err,
  })
  return { data: told, text: '', exit }
}

const status = async (session: Session): Promise<Shown> =>
  showAnswer(session, await session.call('domain/status', {}), (value) => ({
    data: value,
    text: tableOf(
      [{ title: session.t('status', '状态') }, { title: '' }],
      [
        [session.t('version', '版本'), value.version],
        [session.t('algorithms', '密码套件'), value.suite],
        [session.t('log entries', '日志条目'), String(value.logSize)],
        [session.t('waiting, running', '排队、运行'), `${value.waiting}, ${value.running}`],
        [
          session.t('overdue datasets', '逾期未更新'),
          [String(value.overdue), ...(value.overdueDatasets ?? [])].join(' '),
        ],
        [session.t('inbox', '收件目录'), value.inbox],
        ...Object.entries(value.isolation).map(([name, open]) => [name, open ? '✓' : '✗']),
      ],
    ),
  }))

export const systemLeaves: readonly Leaf[] = [
  {
    name: 'init',
    en: 'make the home of a new domain',
    zh: '初始化安全域',
    options: [
      homeOption,
      keyOutOption,
      {
        flags: '--settings <file>',
        en: 'settings the home begins with (docs/settings.md): who keeps its key, among others',
        zh: '初始设置文件（docs/settings.md），含主密钥保管方式',
      },
      {
        flags: '--suite <name>',
        en: 'intl (SHA-256, AES, Ed25519; default) or gm (SM3, SM4, SM2), for good',
        zh: 'intl（SHA-256、AES、Ed25519，默认）或 gm（SM3、SM4、SM2），一经选定不可更改',
      },
    ],
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
      {
        flags: '--name <host>',
        en: 'name behind which a proxy on this machine ends TLS',
        zh: '本机代理终结 TLS 时使用的域名',
      },
      {
        flags: '--rate <n>',
        en: 'requests a minute for each key, 6000 by default',
        zh: '每个密钥每分钟的请求数，默认 6000',
      },
    ],
    run: serveHome,
  },
  {
    name: 'demo',
    en: 'make a city and a domain and tell the story',
    zh: '生成城市与安全域并演示全过程',
    options: [
      { flags: '--once', en: 'end after the story', zh: '演示后结束' },
      {
        flags: '--profile <name>',
        en: 'ci (20,000 enterprises, default) or demo (100,000)',
        zh: 'ci（2 万家企业，默认）或 demo（10 万家）',
      },
      { flags: '--port <port>', en: 'port, 8787 by default', zh: '端口，默认 8787' },
    ],
    run: demo,
  },
  cityLeaf,
  doctorLeaf,
  { name: 'status', en: 'state of the domain', zh: '安全域状态', run: status },
]
