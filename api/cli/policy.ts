import { readDocuments, type Read } from '../../policies/documents.ts'
import type { Group } from './command.ts'
import { diffPolicies } from './policy-diff.ts'
import { publishLeaves } from './policy-publish.ts'
import { simulatePolicy } from './policy-simulate.ts'
import { testPolicies } from './policy-test.ts'
import { exits, refusalText } from './refusal.ts'
import {
  isShown,
  problemHere,
  readTexts,
  type Given,
  type Session,
  type Shown,
  type TextFile,
} from './session.ts'
import { printable } from './table.ts'

/** Checks documents here, without a server, each against the others that were given. */
const validate = async (session: Session, given: Given): Promise<Shown> => {
  const files = readTexts(session, given.arguments)
  if (isShown(files)) return files
  const { read } = readDocuments(files.map(({ text }) => text))
  const shown = files.map((file, at) => showFile(session, file, read[at]))
  const valid = shown.every((file) => file.data.valid)
  return {
    data: { valid, files: shown.map(({ data }) => data) },
    text: shown.map(({ text }) => text ?? '').join(''),
    talk: shown.map(({ talk }) => talk ?? '').join(''),
    exit: valid ? 0 : exits.refused,
  }
}

const showFile = (
  session: Session,
  { path, text }: TextFile,
  outcome: Read | undefined,
): { data: { valid: boolean; [more: string]: unknown }; text?: string; talk?: string } => {
  if (outcome?.ok === true) {
    const { kind, name, whole } = outcome.value
    return {
      data: { path, valid: true, kind, name, whole },
      text: `${printable(path)}  ${kind} ${name}  ${validity(session, whole)}\n`,
    }
  }
  const problem = problemHere(session, outcome?.refusals ?? [])
  const words = refusalText(problem, session.t('fix', '处理'), text)
  return {
    data: { path, valid: false, refusals: problem.refusals },
    talk: `${printable(path)}\n${words}`,
  }
}

const validity = ({ t }: Session, whole: boolean): string =>
  whole
    ? t('valid', '有效')
    : t('valid in itself; give the documents it names too', '自身有效；请一并给出其引用的文档')

export const policyGroup: Group = {
  name: 'policy',
  en: 'policies',
  zh: '策略',
  leaves: [
    {
      name: 'validate <files...>',
      en: 'check documents (datasets, policies, agreements) here, without a server',
      zh: '在本机核对数据资源、策略与协议文档',
      run: validate,
    },
    {
      name: 'test <files...>',
      en: 'try test files: what a policy must allow, refuse and make of raw values',
      zh: '执行策略测试文件：应允许、应拒绝的查询与脱敏结果',
      options: [{ flags: '--verbose', en: 'show every case', zh: '显示全部用例' }],
      run: testPolicies,
    },
    {
      name: 'diff <files...>',
      en: 'differences between two policies; of one policy to what the domain has',
      zh: '两份策略之间的差异；只给一份时与安全域现行策略比较',
      options: [
        {
          flags: '--replay <number>',
          en: 'decide this many past submissions again, at most 500',
          zh: '重放最近若干次提交（至多 500 次）',
        },
        {
          flags: '--examples <number>',
          en: 'questions shown of each outcome of the replay, 5 by default, at most 50',
          zh: '每类重放结果列出的问题数，默认 5，至多 50',
        },
      ],
      run: diffPolicies,
    },
    {
      name: 'simulate <files...>',
      en: 'how many typical questions, of what width, until the ledgers of a policy end',
      zh: '推演：台账用尽前可问多少次典型问题、误差多大',
      run: simulatePolicy,
    },
    ...publishLeaves,
  ],
}
