import { verifyExport } from '../../sandbox/log/verify.ts'
import type { Outcome } from '../../policies/outcome.ts'
import { noteText } from '../../policies/notes.ts'
import type { Input, Output } from '../../sandbox/door.ts'
import { resultTable } from '../cli/figure.ts'
import { exportLines } from '../cli/log.ts'
import { refusalText } from '../cli/refusal.ts'
import type { Answer, Client } from '../client.ts'
import type { Problem } from '../problem.ts'
import type { Printer } from './printer.ts'
import { attacks, exact, honest, honestAgain, hostile } from './questions.ts'
import { need, type Persona, type Stage } from './stage.ts'

/** What happened, for `--json`. `missed` names what the story promised and did not show. */
export type Told = {
  readonly refused: readonly string[]
  readonly released: readonly { readonly door: string; readonly digest: string }[]
  readonly held: number
  readonly log: {
    readonly size: number
    readonly verified: boolean
    readonly tamperDetected: boolean
  }
  readonly missed: readonly string[]
}
type View = Output<'submission/create'>
type Release = Output<'result/fetch'>
type Question = Input<'submission/check'>
const agreement = 'bank-a'

/** The story after the stage is set; each part says who acts, what is asked and what came of it. */
export const tellStory = async (stage: Stage, printer: Printer): Promise<Told> => {
  const refusedFirst = await refuseHostile(stage, printer)
  const first = await answerHonest(stage, printer)
  const again = await answerAgain(stage, printer, first)
  const held = await holdExact(stage, printer)
  const refusedAttacks = await refuseAttacks(stage, printer)
  const log = await verifyLog(stage, printer)
  const promises: readonly (readonly [string, boolean])[] = [
    ['the hostile question is refused', refusedFirst !== undefined],
    ['the same question gives the same bytes', again],
    ['the exact table is held', held],
    ['every attack is refused', refusedAttacks.every((code) => code !== undefined)],
    ['the log verifies', log.verified],
    ['one changed byte is found', log.tamperDetected],
  ]
  return {
    refused: [refusedFirst, ...refusedAttacks].filter((code) => code !== undefined),
    released: [{ door: first.release.result.door, digest: first.release.digest }],
    held: held ? 1 : 0,
    log,
    missed: promises.flatMap(([what, kept]) => (kept ? [] : [what])),
  }
}

const heading = ({ line }: Printer, number: number, who: string, what: string): void => {
  line()
  line(`${number}  ${who}: ${what}`)
}
const indent = (text: string): string => text.trimEnd().replaceAll(/^/gm, '     ')

/** Submits as the bank and waits until the submission has come to rest. */
const ask = async (
  client: Client,
  question: Omit<Question, 'kind' | 'agreement'>,
): Promise<Answer<View>> => {
  const submission: Question = { kind: 'query', agreement, ...question }
  let answer = await client.call('submission/create', { submission, waitMs: 30_000 })
  while (answer.ok && answer.value.state === 'running')
    answer = await client.call('submission/show', { id: answer.value.id, waitMs: 30_000 })
  return answer
}

const refuseHostile = async ({ clients }: Stage, printer: Printer): Promise<string | undefined> => {
  const { t, line } = printer
  heading(printer, 1, t('bank', '银行'), t('the ten largest taxpayers', '纳税额最大的十家企业'))
  line(indent(hostile))
  const answer = await ask(clients.bank, { sql: hostile })
  if (answer.ok) {
    line(`  ✗ ${answer.value.state}`)
    return undefined
  }
  line(`  ${t('REFUSED before any data was touched', '已拒绝，未触及任何数据')}`)
  line(indent(refusalText(answer.problem, t('fix', '处理'), hostile)))
  return answer.problem.code
}

type Answered = { readonly view: View; readonly release: Release }

const answerHonest = async ({ clients }: Stage, printer: Printer): Promise<Answered> => {
  const { t, line, language } = printer
  heading(
    printer,
    2,
    t('bank', '银行'),
    t('firms, late days and dormancy by tax grade', '按纳税信用等级统计企业数、逾期天数与停滞企业'),
  )
  line(indent(honest))
  const answered = await printer.step(
    t('RELEASED through the noise door', '经加噪出口自动放行'),
    async (add) => {
      const view = need(await ask(clients.bank, { sql: honest, rho: 0.02 }), 'honest question')
      const release = need(await clients.bank.call('result/fetch', { id: view.id }), 'result')
      for (const { kind, cost } of view.cost) add(`${kind} rho ${cost.rho}`)
      return { view, release }
    },
  )
  line(indent(resultTable(answered.release.result)))
  for (const note of answered.release.result.notes) line(`     · ${noteText(note, language)}`)
  return answered
}

const answerAgain = async (
  { clients }: Stage,
  printer: Printer,
  { release }: Answered,
): Promise<boolean> => {
  const { t, line, step } = printer
  heading(
    printer,
    3,
    t('bank', '银行'),
    t('the same question in other words', '同一问题，换一种写法'),
  )
  const again = await step(t('answered from the earlier result', '复用既有结果'), async (add) => {
    const view = need(await ask(clients.bank, { sql: honestAgain, rho: 0.02 }), 'same question')
    const spent = view.cost.reduce((sum, { cost }) => sum + cost.rho, 0)
    add(`rho ${spent}`)
    return {
      spent,
      release: need(await clients.bank.call('result/fetch', { id: view.id }), 'same result'),
    }
  })
  const same = again.release.digest === release.digest && again.release.bytes === release.bytes
  line(
    `     sha-256 ${release.digest.slice(0, 16)}… ${same ? '=' : '≠'} ${again.release.digest.slice(0, 16)}…`,
  )
  return same && again.spent === 0
}

const holdExact = async ({ clients }: Stage, printer: Printer): Promise<boolean> => {
  const { t, line, step } = printer
  heading(
    printer,
    4,
    t('bank', '银行'),
    t('an exact table, for people to decide', '精确表，交由人工审核'),
  )
  line(indent(exact))
  const answer = await step(
    t(
      'asked at the people door, which answers at a fixed time',
      '提交至人工审核出口（固定时刻答复）',
    ),
    async () => ask(clients.bank, { sql: exact, door: 'people' }),
  )
  if (!answer.ok || answer.value.state !== 'held') {
    line(`  ✗ ${answer.ok ? answer.value.state : problemLine(answer.problem)}`)
    return false
  }
  const { id } = answer.value
  const { held } = need(await clients.reviewer.call('review/list', {}), 'reviews')
  line(
    `     ${t('HELD: the bank sees nothing until two reviewers have voted for these bytes', '待审核：两名审核员对该结果投票前，银行看不到任何内容')}`,
  )
  return held.some((item) => item.id === id)
}

const problemLine = (problem: Problem): string => `${problem.code}: ${problem.detail}`

const refuseAttacks = async (
  { clients }: Stage,
  printer: Printer,
): Promise<readonly (string | undefined)[]> => {
  const { t, line, language } = printer
  heading(printer, 5, t('attacker', '攻击者'), t('with the key of the bank', '持有银行密钥'))
  const codes: (string | undefined)[] = []
  for (const { sql, rho, ...words } of attacks) {
    const answer = await ask(clients.bank, { sql, ...(rho === undefined ? {} : { rho }) })
    const code = answer.ok ? undefined : answer.problem.code
    codes.push(code)
    const said = code ?? t('NOT REFUSED', '未被拒绝')
    line(`  ${code === undefined ? '✗' : '✓'} ${words[language]} → ${said}`)
    line(`     ${sql}${rho === undefined ? '' : ` (rho ${rho})`}`)
  }
  return codes
}

const verifyLog = async ({ clients }: Stage, printer: Printer): Promise<Told['log']> => {
  const { t, line, step } = printer
  heading(
    printer,
    6,
    t('supervisor', '监管'),
    t('is the record whole and true?', '存证是否完整、真实？'),
  )
  const { verifier } = need(await clients.supervisor.call('log/checkpoint', {}), 'checkpoint')
  const label = t('exported the log and verified it offline', '导出日志并离线验证')
  const { lines, whole } = await step(label, async (add) => {
    const lines = need(await exportLines(clients.supervisor.call), 'export')
    const whole = await verifyLines(lines, verifier)
    if (whole.ok) add(t(`${whole.value.size} entries`, `${whole.value.size} 条`))
    return { lines, whole }
  })
  const changed = changeOneByte(lines)
  const broken = await verifyLines(changed.lines, verifier)
  const found = broken.ok ? undefined : broken.refusals[0]?.params['seq']
  const tamperDetected = found === changed.seq
  line(
    tamperDetected
      ? `  ✓ ${t(`changed one byte of entry ${changed.seq}: FOUND there`, `篡改条目 ${changed.seq} 的一个字节：当场定位`)}`
      : `  ✗ ${t(`changed one byte of entry ${changed.seq}: not found`, `篡改条目 ${changed.seq} 的一个字节：未发现`)}`,
  )
  return { size: whole.ok ? whole.value.size : 0, verified: whole.ok, tamperDetected }
}

const verifyLines = async (
  lines: readonly string[],
  verifier: string,
): Promise<Outcome<{ readonly size: number }>> =>
  verifyExport([Buffer.from(lines.map((line) => `${line}\n`).join(''))], verifier)

/** Makes the first digit of the time of an entry in the middle another one. */
const changeOneByte = (
  lines: readonly string[],
): { readonly lines: readonly string[]; readonly seq: number } => {
  const entries = lines.flatMap((line, at) => (line.startsWith('{"entry":') ? [at] : []))
  const seq = Math.floor(entries.length / 2)
  const changed = [...lines]
  const at = entries[seq] ?? 0
  changed[at] = (lines[at] ?? '').replace(/"timeMs":1/, '"timeMs":2')
  return { lines: changed, seq }
}

export const personaLines: readonly (readonly [Persona, string])[] = [
  ['bank', '/v1/catalogue'],
  ['operator', '/v1/status'],
  ['reviewer', '/v1/reviews'],
  ['supervisor', '/v1/log/checkpoint'],
  ['administrator', '/v1/account'],
]
