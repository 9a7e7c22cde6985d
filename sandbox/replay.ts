import type { Agreement } from '../policies/agreement.ts'
import { canonicalJson } from '../policies/canonical.ts'
import type { Dataset } from '../policies/dataset.ts'
import { accepted, refused, type Outcome } from '../policies/outcome.ts'
import type { Policy } from '../policies/policy.ts'
import { rhoAsked } from '../policies/query/terms.ts'
import { refuse } from '../policies/refusal.ts'
import type { Tree } from '../policies/relation/tree.ts'
import { datasetNamed } from './catalogue.ts'
import type { Domain } from './domain.ts'
import { allowedBy, shownDecision, turnOf, type Decision, type Turn } from './decision.ts'
import { replayOutcomes, type Replay } from './door.ts'
import { judge, tablesOf, type Grounds } from './query/judge.ts'
import { readText } from './question.ts'
import { submissionsUnder, type StoredSubmission } from './state/submissions.ts'

type Texts = { readonly before: Policy; readonly after: Policy }
/** How many submissions are decided again, and how many questions of each outcome are shown. */
type Extent = { readonly submissions: number; readonly examples: number }
/** One question, and how many of the submissions asked it. */
type Asked = { readonly submission: StoredSubmission; times: number }

/** Domains in which a replay is under way: one at a time, since it asks for every checker there is. */
const replaying = new WeakSet<Domain>()

/**
 * Decides the last submissions under some agreements again, by the current text of their policy and by another, and tells
 * those that would come to something else. Both decisions are made now, of the catalogue as it is and the day of the
 * submission: only the text of the policy is between them. Ledgers, runs used and versions of data are left out. Touches
 * no data.
 */
export const replay = async (
  domain: Domain,
  agreements: readonly Agreement[],
  texts: Texts,
  { submissions: count, examples }: Extent,
): Promise<Outcome<Replay>> => {
  if (replaying.has(domain)) return refused(refuse('run/busy', { seconds: 10 }))
  replaying.add(domain)
  try {
    const names = agreements.map(({ agreement }) => agreement)
    const submissions = submissionsUnder(domain.state.reader, names, count)
    const questions = distinct(submissions)
    const decided = await inTurns(questions, domain.settings.checker.size, (asked) =>
      decideBoth(domain, asked, agreements, texts),
    )
    const told = (turn: Told['turn']): readonly Told[] =>
      decided.filter((each) => each.turn === turn)
    return accepted({
      submissions: submissions.length,
      same: timesOf(told('same')),
      undecided: timesOf(told('undecided')),
      changed: replayOutcomes.map((outcome) => ({
        outcome,
        submissions: timesOf(told(outcome)),
        questions: told(outcome).length,
        examples: told(outcome)
          .slice(0, examples)
          .flatMap(({ example }) => example ?? []),
      })),
    })
  } finally {
    replaying.delete(domain)
  }
}

/** Each question once, as it was asked last. */
const distinct = (submissions: readonly StoredSubmission[]): readonly Asked[] => {
  const found = new Map<string, Asked>()
  for (const submission of submissions) {
    const key = `${canonicalJson(submission.spec)} ${dayOf(submission)}`
    const known = found.get(key)
    if (known === undefined) found.set(key, { submission, times: 1 })
    else known.times += 1
  }
  return [...found.values()]
}

const dayOf = ({ receivedMs }: StoredSubmission): string =>
  new Date(receivedMs).toISOString().slice(0, 10)

/** Does the work for each item, `width` at a time; answers in the order of the items. */
const inTurns = async <T, R>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<R>,
): Promise<readonly R[]> => {
  const done: R[] = []
  const left = items.entries()
  const worker = async (): Promise<void> => {
    for (const [at, item] of left) done[at] = await work(item)
  }
  await Promise.all(Array.from({ length: width }, worker))
  return done
}

type Example = Replay['changed'][number]['examples'][number]
type Told = {
  readonly turn: Turn | 'same' | 'undecided'
  readonly times: number
  readonly example?: Example
}

const timesOf = (all: readonly Told[]): number => all.reduce((sum, { times }) => sum + times, 0)

const decideBoth = async (
  domain: Domain,
  { submission, times }: Asked,
  agreements: readonly Agreement[],
  texts: Texts,
): Promise<Told> => {
  const agreement = agreements.find((each) => each.agreement === submission.agreement)
  if (agreement === undefined) throw new Error('a submission under an agreement not asked for')
  const read = reading(domain, submission)
  const before = await decisionOf(domain, submission, { agreement, policy: texts.before }, read)
  const after = await decisionOf(domain, submission, { agreement, policy: texts.after }, read)
  if (before === undefined || after === undefined) return { turn: 'undecided', times }
  const turn = turnOf(before, after)
  if (turn === undefined) return { turn: 'same', times }
  const { id, spec, organisation } = submission
  const example: Example = {
    id,
    organisation,
    text: spec.sql.slice(0, 200).toWellFormed(),
    door: spec.door,
    times,
    before: shownDecision(before),
    after: shownDecision(after),
  }
  return { turn, times, example }
}

type Read = (grounds: Grounds) => Promise<Outcome<Tree>>

/** Reads a text for the tables it is bound on; once where both policies show the same. */
const reading = (domain: Domain, submission: StoredSubmission): Read => {
  const known = new Map<string, Promise<Outcome<Tree>>>()
  return (grounds) => {
    const tables = tablesOf(grounds)
    const key = JSON.stringify(tables)
    const found =
      known.get(key) ??
      readText(domain, { text: submission.spec.sql, tables, today: dayOf(submission) })
    known.set(key, found)
    return found
  }
}

const decisionOf = async (
  domain: Domain,
  submission: StoredSubmission,
  papers: { readonly agreement: Agreement; readonly policy: Policy },
  read: Read,
): Promise<Decision | undefined> => {
  const asked = rhoAsked(submission.spec, papers, dayOf(submission))
  if (!asked.ok) return { refusals: asked.refusals }
  const grounds = { ...papers, datasets: datasetsOf(domain, papers), rhoNano: asked.value }
  const tree = await read(grounds)
  if (!tree.ok && tree.refusals.some(({ code }) => code === 'run/busy')) return undefined
  const judged = tree.ok ? judge(tree.value, submission.spec, grounds) : tree
  return judged.ok ? allowedBy(judged.value.plan, papers.policy) : { refusals: judged.refusals }
}

/** Datasets of the catalogue that both papers name, whether or not there is data under the policy. */
const datasetsOf = (
  { state: { reader } }: Domain,
  { agreement, policy }: { readonly agreement: Agreement; readonly policy: Policy },
): Readonly<Record<string, Dataset>> =>
  Object.fromEntries(
    Object.keys(agreement.datasets)
      .filter((name) => policy.datasets[name] !== undefined)
      .flatMap((name) => {
        const dataset = datasetNamed(reader, name)
        return dataset === undefined ? [] : [[name, dataset.value]]
      }),
  )
