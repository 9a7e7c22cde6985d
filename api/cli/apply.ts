import { readDocuments } from '../../policies/documents.ts'
import type { Action } from '../../policies/roles.ts'
import type { Leaf } from './command.ts'
import {
  isShown,
  readTexts,
  showRefusals,
  showRefused,
  type Given,
  type Session,
  type Shown,
} from './session.ts'

/** Kinds of documents in the order in which one names another, and what sends each. */
const steps = [
  ['dataset', 'dataset/register'],
  ['policy', 'policy/propose'],
  ['agreement', 'agreement/sign'],
  ['pull', 'pull/set'],
] as const satisfies readonly (readonly [string, Action])[]

/**
 * Sends documents in the order in which they name each other. All are read here first, so that nothing is sent while one
 * of them has a fault of its own; the server's first refusal ends it. The same text again changes nothing.
 */
const apply = async (session: Session, given: Given): Promise<Shown> => {
  const files = readTexts(session, given.arguments)
  if (isShown(files)) return files
  const { read } = readDocuments(files.map(({ text }) => text))
  for (const [at, { text }] of files.entries()) {
    const outcome = read[at]
    if (outcome?.ok === false) return showRefusals(session, outcome.refusals, text)
  }
  const sent: Sent[] = []
  for (const [kind, action] of steps)
    for (const [at, { text }] of files.entries()) {
      const outcome = read[at]
      if (outcome?.ok !== true || outcome.value.kind !== kind) continue
      const answer = await session.call(action, { text })
      if (!answer.ok && answer.problem.code === 'source/same-text') continue
      if (!answer.ok) {
        const refused = showRefused(session, answer.problem, text)
        return { ...refused, text: linesOf(sent) }
      }
      const { name, digest } = answer.value
      sent.push({ kind, name, digest })
    }
  const proposed = sent.filter(({ kind }) => kind === 'policy')
  return {
    data: { sent },
    text: linesOf(sent),
    talk: proposed.map(({ name }) => approvalText(session, name)).join(''),
  }
}

type Sent = { readonly kind: string; readonly name: string; readonly digest: string }

const linesOf = (sent: readonly Sent[]): string =>
  sent.map(({ kind, name, digest }) => `${kind}  ${name}  ${digest}\n`).join('')

const approvalText = ({ t }: Session, name: string): string =>
  `${t(
    `another operator approves it: sluice policy approve ${name}`,
    `须由另一位操作员批准：sluice policy approve ${name}`,
  )}\n`

export const applyLeaf: Leaf = {
  name: 'apply <files...>',
  en: 'send documents: register datasets, propose policies, sign agreements, set pulls',
  zh: '提交文档：登记数据资源、提议策略、签署协议、设定定时导入',
  run: apply,
}
