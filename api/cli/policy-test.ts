import { dirname, resolve } from 'node:path'
import { parseDocument } from '../../policies/document.ts'
import {
  checkPolicyTest,
  policyTestSchema,
  type DataCase,
  type PolicyTest,
  type TextCase,
} from '../../policies/policy-test.ts'
import type { Refusal } from '../../policies/refusal.ts'
import { filesOf, settingOf, type Setting } from '../../policies/test-setting.ts'
import { differencesOfRows, differencesOfText } from '../../policies/test-verdict.ts'
import type { PolicyAnswer } from '../../sandbox/run/policy-protocol.ts'
import { openTrial, type Trial } from './policy-trial.ts'
import { dataOf, fileText, type FileTried, type Outcome, type Tried } from './policy-test-text.ts'
import { exits } from './refusal.ts'
import {
  isShown,
  readText,
  readTexts,
  type Given,
  type Session,
  type Shown,
  type TextFile,
} from './session.ts'

/** Tries the cases of each test file under its documents, in a child with an engine and without data. */
export const testPolicies = async (session: Session, given: Given): Promise<Shown> => {
  const named = readTexts(session, given.arguments)
  if (isShown(named)) return named
  const files: FileTried[] = []
  for (const file of named) files.push(await tryFile(file))
  const all = files.flatMap(({ tried }) => tried)
  const count = (outcome: Outcome): number => all.filter((each) => each.outcome === outcome).length
  const broken = files.some(({ faults }) => faults.length > 0)
  const counts = {
    pass: count('pass'),
    fail: count('fail'),
    error: count('error'),
    skipped: count('skipped'),
  }
  const isVerbose = given.options['verbose'] === true
  return {
    data: { ...counts, files: files.map((file) => dataOf(session, file)) },
    text: [
      ...files.map((file) => fileText(session, file, isVerbose)),
      `PASS ${counts.pass}  FAIL ${counts.fail}  ERROR ${counts.error}  SKIPPED ${counts.skipped}\n`,
    ].join(''),
    exit: counts.error > 0 ? exits.unexpected : counts.fail > 0 || broken ? exits.refused : 0,
  }
}

const tryFile = async ({ path, text }: TextFile): Promise<FileTried> => {
  const parsed = parseDocument(text, policyTestSchema, checkPolicyTest)
  if (!parsed.ok) return { path, tried: [], faults: [{ path, text, refusals: parsed.refusals }] }
  const near = (file: string): string => resolve(dirname(path), file)
  const texts = new Map(filesOf(parsed.value).map((file) => [file, readText(near(file))]))
  const found = settingOf(parsed.value, (file) => texts.get(file))
  if ('faults' in found)
    return {
      path,
      tried: [],
      faults: found.faults.map(({ file, refusals }) =>
        file === undefined
          ? { path, text, refusals: placed(text, refusals) }
          : { path: near(file), text: texts.get(file) ?? '', refusals },
      ),
    }
  const trial = openTrial(found.setting)
  try {
    const tried = await tryCases(parsed.value, trial)
    return { path, faults: [], tried, unread: unreadOf(found.setting, tried) }
  } finally {
    trial.close()
  }
}

/** Refusals about a part of the test with their places in it. */
const placed = (text: string, refusals: readonly Refusal[]): readonly Refusal[] => {
  const parsed = parseDocument(text, policyTestSchema, () => refusals)
  return parsed.ok ? refusals : parsed.refusals
}

/** Columns that the agreement shows and that no allowed text reads: nobody has tried what protects them. */
const unreadOf = ({ agreement }: Setting, tried: readonly Tried[]): readonly string[] => {
  const read = new Set(
    tried.flatMap(({ reads = {} }) =>
      Object.entries(reads).flatMap(([dataset, columns]) =>
        columns.map((column) => `${dataset}.${column}`),
      ),
    ),
  )
  return Object.entries(agreement.datasets)
    .flatMap(([dataset, columns]) => columns.map((column) => `${dataset}.${column}`))
    .filter((name) => !read.has(name))
}

const tryCases = async (test: PolicyTest, trial: Trial): Promise<readonly Tried[]> => {
  const tried: Tried[] = []
  for (const each of test.cases) tried.push(await tryText(each, trial))
  for (const each of test.data) tried.push(await tryRows(each, trial))
  return tried
}

const nothing = { differences: [], refusals: [] } as const

const tryText = async (each: TextCase, trial: Trial): Promise<Tried> => {
  const { case: name, sql, door, rho, skip } = each
  if (skip !== undefined) return { ...nothing, name, outcome: 'skipped' }
  const answer = await trial.ask({ ask: 'text', sql, door, ...(rho !== undefined && { rho }) })
  const tried = triedOf(name, answer, (given) => differencesOfText(each, given))
  return { ...tried, sql, ...(answer?.answer === 'allowed' && { reads: answer.reads }) }
}

const tryRows = async (each: DataCase, trial: Trial): Promise<Tried> => {
  const { case: name, dataset, skip } = each
  if (skip !== undefined) return { ...nothing, name, outcome: 'skipped' }
  const rows = each.rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([column, cell]) => [column, cell === null ? null : String(cell)]),
    ),
  )
  const answer = await trial.ask({ ask: 'rows', dataset, rows })
  return triedOf(name, answer, (given) => differencesOfRows(each, given))
}

const triedOf = (
  name: string,
  answer: PolicyAnswer | undefined,
  compare: (answer: Exclude<PolicyAnswer, { answer: 'set' | 'failure' }>) => Tried['differences'],
): Tried => {
  if (answer === undefined || answer.answer === 'failure' || answer.answer === 'set')
    return { ...nothing, name, outcome: 'error' }
  const differences = compare(answer)
  return {
    name,
    outcome: differences.length === 0 ? 'pass' : 'fail',
    differences,
    refusals: answer.answer === 'refused' ? answer.refusals : [],
  }
}
