import { roles } from '../../policies/roles.ts'
import { keyLeaves } from './account-key.ts'
import type { Group } from './command.ts'
import { keyOutOption, showKey, taken } from './new-key.ts'
import { showAnswer, showUsage, textOf, type Given, type Session, type Shown } from './session.ts'
import { timeText } from './submission.ts'

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
    ...keyLeaves,
  ],
}
