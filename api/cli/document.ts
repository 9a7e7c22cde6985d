import {
  cannotRead,
  readText,
  showRefused,
  type Given,
  type Session,
  type Shown,
} from './session.ts'

type DocumentAction = 'dataset/register' | 'agreement/sign' | 'pull/set'

/** Sends a document; a refusal is shown at its place in the file. */
export const sendDocument =
  (action: DocumentAction) =>
  async (session: Session, given: Given): Promise<Shown> => {
    const [path = ''] = given.arguments
    const text = readText(path)
    if (text === undefined) return cannotRead(session, path)
    const answer = await session.call(action, { text })
    if (!answer.ok) return showRefused(session, answer.problem, text)
    const { name, digest, logIndex } = answer.value
    return {
      data: answer.value,
      text: `${name}  ${digest}\n`,
      talk: `${session.t(`log entry ${logIndex}`, `日志条目 ${logIndex}`)}\n`,
    }
  }
