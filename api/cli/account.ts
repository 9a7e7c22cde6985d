import { existsSync } from 'node:fs'
import { roles } from '../../policies/roles.ts'
import type { Group, Option } from './command.ts'
import { writeSecret } from './key.ts'
import {
  showAnswer,
  showUsage,
  textOf,
  type Given,
  type Options,
  type Session,
  type Shown,
} from './session.ts'
import { timeText } from './submission.ts'

/** A key is shown once: on standard output, or in a new file that only its owner can read. */
export const showKey = (session: Session, options: Options, key: string, data: object): Shown => {
  const path = textOf(options, 'keyOut')
  if (path === undefined) {
    const talk = session.t('the key is shown once: keep it', '密钥仅显示一次，请妥善保存')
    return { data: { ...data, key }, text: `${key}\n`, talk: `${talk}\n` }
  }
  writeSecret(path, key)
  const talk = session.t(`key written to ${path}`, `密钥已写入 ${path}`)
  return { data: { ...data, keyFile: path }, text: '', talk: `${talk}\n` }
}

/** Where `--key-out` already exists nothing is done: a key that could not be written would be lost. */
export const taken = (session: Session, options: Options): Shown | undefined => {
  const path = textOf(options, 'keyOut')
  if (path === undefined || !existsSync(path)) return undefined
  return showUsage(session.t(`${path} exists already`, `${path} 已存在`))
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

export const keyOutOption: Option = {
  flags: '--key-out <file>',
  en: 'write the key to this new file, mode 0600',
  zh: '将密钥写入新文件（权限 0600）',
}

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
