import { readDocuments, type Read } from '../../policies/documents.ts'
import type { Group } from './command.ts'
import { cannotRead, sendDocument } from './document.ts'
import { exits, refusalText } from './refusal.ts'
import { problemHere, readText, type Given, type Session, type Shown } from './session.ts'
import { printable } from './table.ts'

/** A file with its text, or the one that could not be read. */
type TextFile = { readonly path: string; readonly text: string }

/** The texts of files; what to show instead where one of them cannot be read. */
const readTexts = (session: Session, paths: readonly string[]): readonly TextFile[] | Shown => {
  const files = paths.map((path) => ({ path, text: readText(path) }))
  const missing = files.find(({ text }) => text === undefined)
  if (missing !== undefined) return cannotRead(session, missing.path)
  return files.map(({ path, text = '' }) => ({ path, text }))
}
const isShown = (value: readonly TextFile[] | Shown): value is Shown => 'data' in value

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
      name: 'publish <file>',
      en: 'publish a policy document',
      zh: '发布策略文档',
      run: sendDocument('policy/publish'),
    },
  ],
}
