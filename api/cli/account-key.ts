import type { Leaf } from './command.ts'
import { keyOutOption, showKey, taken } from './new-key.ts'
import {
  showAnswer,
  showRefused,
  showUsage,
  textOf,
  type Given,
  type Session,
  type Shown,
} from './session.ts'
import { timeText } from './submission.ts'
import { tableOf } from './table.ts'

/** A second key for whoever asks, shown once; the present one goes on for some hours. */
const rotate = async (session: Session, { options }: Given): Promise<Shown> => {
  const days = numberOf(textOf(options, 'days'))
  const overlapHours = numberOf(textOf(options, 'overlap'))
  if (days === null || overlapHours === null)
    return showUsage(
      session.t('--days and --overlap are whole numbers', '--days 与 --overlap 须为整数'),
    )
  const exists = taken(session, options)
  if (exists !== undefined) return exists
  const input = {
    ...(days !== undefined && { days }),
    ...(overlapHours !== undefined && { overlapHours }),
  }
  const answer = await session.call('key/issue', input)
  return showAnswer(session, answer, ({ key, ...told }) => {
    const shown = showKey(session, options, key, told)
    const [until, earlier] = [timeText(told.expiresMs), timeText(told.earlierExpiresMs)]
    const talk = session.t(
      `key ${told.name} is good until ${until}, the present one until ${earlier} (UTC)`,
      `密钥 ${told.name} 有效至 ${until}，当前密钥有效至 ${earlier}（UTC）`,
    )
    return { ...shown, talk: `${shown.talk ?? ''}${talk}\n` }
  })
}

/** A whole number, undefined where none was given, null where it is none. */
const numberOf = (text: string | undefined): number | undefined | null =>
  text === undefined ? undefined : /^\d{1,5}$/.test(text) ? Number(text) : null

/** The account that is named, or one's own. */
const accountOf = async (session: Session, name: string | undefined): Promise<string | Shown> => {
  if (name !== undefined) return name
  const own = await session.call('account/show', {})
  return own.ok ? own.value.account : showRefused(session, own.problem)
}

const list = async (session: Session, given: Given): Promise<Shown> => {
  const account = await accountOf(session, given.arguments[0])
  if (typeof account !== 'string') return account
  const { t } = session
  return showAnswer(session, await session.call('key/list', { account }), (value) => ({
    data: value,
    text: tableOf(
      [
        { title: t('key', '密钥') },
        { title: t('ends (UTC)', '到期（UTC）') },
        { title: t('revoked (UTC)', '吊销（UTC）') },
      ],
      value.keys.map(({ name, expiresMs, revokedMs }) => [
        name,
        timeText(expiresMs),
        revokedMs === undefined ? '' : timeText(revokedMs),
      ]),
    ),
  }))
}

const revoke = async (session: Session, given: Given): Promise<Shown> => {
  const [name = ''] = given.arguments
  const account = await accountOf(session, textOf(given.options, 'account'))
  if (typeof account !== 'string') return account
  return showAnswer(session, await session.call('key/revoke', { account, name }), (value) => ({
    data: value,
    text: '',
    talk: `${session.t(`key ${name} of ${account} is revoked`, `已吊销 ${account} 的密钥 ${name}`)}\n`,
  }))
}

const setTerm = async (session: Session, { arguments: [account = ''], options }: Given) => {
  const days = numberOf(textOf(options, 'days'))
  if (typeof days !== 'number')
    return showUsage(session.t('--days is a whole number', '--days 须为整数'))
  return showAnswer(session, await session.call('account/term', { account, days }), (value) => ({
    data: value,
    text: `${value.account}  ${timeText(value.expiresMs)}\n`,
  }))
}

export const keyLeaves: readonly Leaf[] = [
  {
    name: 'rotate',
    en: 'make a second key of your own; the present one ends after the overlap',
    zh: '为自己签发第二个密钥；当前密钥在重叠期后到期',
    options: [
      {
        flags: '--overlap <hours>',
        en: 'how long the present key is still good, 24 by default, at most 168',
        zh: '当前密钥继续有效的小时数，默认 24，至多 168',
      },
      {
        flags: '--days <n>',
        en: 'days until the new key expires; by default and at most as long as the present one',
        zh: '新密钥有效天数；默认且至多与当前密钥同时到期',
      },
      keyOutOption,
    ],
    run: rotate,
  },
  {
    name: 'keys [account]',
    en: 'list keys by name: your own, or an account’s as administrator',
    zh: '列出密钥名称：本人的，或（管理员）指定账户的',
    run: list,
  },
  {
    name: 'revoke <key>',
    en: 'revoke a key at once, by its name',
    zh: '按名称立即吊销密钥',
    options: [
      {
        flags: '--account <name>',
        en: 'of this account, as administrator',
        zh: '指定账户（管理员）',
      },
    ],
    run: revoke,
  },
  {
    name: 'term <account>',
    en: 'set when an account ends, in days from now',
    zh: '设定账户自今起的有效天数',
    options: [{ flags: '--days <n>', en: 'days from now', zh: '自今起天数', required: true }],
    run: setTerm,
  },
]
