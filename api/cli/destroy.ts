import type { Leaf } from './command.ts'
import { showAnswer, showUsage, textOf, type Given, type Session, type Shown } from './session.ts'

/** Proposes the destruction of a version, or approves what another operator proposed. */
const destroy = async (session: Session, given: Given): Promise<Shown> => {
  const { t } = session
  const [dataset = '', version = ''] = given.arguments
  const reason = textOf(given.options, 'reason')
  const isApproval = given.options['approve'] === true
  if (isApproval === (reason !== undefined))
    return showUsage(
      t('give --reason to propose, or --approve', '提出销毁须给出 --reason；批准须给出 --approve'),
    )
  if (reason !== undefined)
    return showAnswer(
      session,
      await session.call('destruction/propose', { dataset, version, reason }),
      (value) => ({
        data: value,
        text: `${value.version}\n`,
        talk: `${t('another operator destroys it with', '须由另一位操作员执行')}: sluice destroy ${dataset} ${version} --approve\n`,
      }),
    )
  const approve = async () => session.call('destruction/approve', { dataset, version })
  const answer = await session.during(t('destroying', '销毁中'), approve)
  return showAnswer(session, answer, (value) => ({
    data: value,
    text: `${value.certificate}\n`,
    talk: `${t(`destroyed for good; the certificate is entry ${value.logIndex} of the log`, `已永久销毁；销毁证明为日志第 ${value.logIndex} 条`)}\n`,
  }))
}

export const destroyLeaf: Leaf = {
  name: 'destroy <dataset> <version>',
  en: 'destroy a version: one operator proposes, another approves',
  zh: '销毁版本：一名操作员提出，另一名批准',
  options: [
    { flags: '--reason <text>', en: 'propose it, for this reason', zh: '提出销毁并说明理由' },
    { flags: '--approve', en: 'approve and do what was proposed', zh: '批准并执行已提出的销毁' },
  ],
  run: destroy,
}
