import { existsSync, statSync } from 'node:fs'
import { nodeProblem, servingProblem, thisRuntime } from '../runtime.ts'
import type { Leaf } from './command.ts'
import { homeOf, homeOption } from './home.ts'
import { exits } from './refusal.ts'
import type { Given, Session, Shown } from './session.ts'
import { tableOf } from './table.ts'

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

export const doctorLeaf: Leaf = {
  name: 'doctor',
  en: 'check this machine, the server and the key',
  zh: '检查本机、服务器与密钥',
  options: [homeOption],
  run: doctor,
}
