import { Command, CommanderError, Option as CommanderOption } from 'commander'
import type { Language } from '../../policies/refusal.ts'
import { accountGroup } from './account.ts'
import { applyLeaf } from './apply.ts'
import { destroyLeaf } from './destroy.ts'
import { catalogueLeaves } from './catalogue.ts'
import type { Group, Leaf, Option } from './command.ts'
import { datasetGroup } from './dataset.ts'
import { ingestLeaf } from './ingest.ts'
import { logGroup } from './log.ts'
import { operatorGroups } from './operator.ts'
import { questionLeaves } from './question.ts'
import { exits } from './refusal.ts'
import { resultLeaves } from './result.ts'
import { reviewGroup } from './review.ts'
import { openSession, type Options, type Shown, type Surroundings } from './session.ts'
import { submissionLeaves } from './submission.ts'
import { systemLeaves } from './system.ts'
import { tokensLeaf } from './token.ts'

export const leaves: readonly Leaf[] = [
  ...systemLeaves,
  destroyLeaf,
  ...catalogueLeaves,
  ...questionLeaves,
  ...submissionLeaves,
  ...resultLeaves,
  applyLeaf,
  ingestLeaf,
  tokensLeaf,
]
export const groups: readonly Group[] = [
  datasetGroup,
  ...operatorGroups,
  accountGroup,
  reviewGroup,
  logGroup,
]

const everywhere: readonly Option[] = [
  { flags: '--json', en: 'print JSON', zh: '以 JSON 输出' },
  { flags: '--lang <language>', en: 'en or zh', zh: '语言：en 或 zh' },
  { flags: '--url <url>', en: 'the server (SLUICE_URL)', zh: '服务器地址（SLUICE_URL）' },
  {
    flags: '--key-file <file>',
    en: 'file with the key (SLUICE_KEY_FILE)',
    zh: '密钥文件（SLUICE_KEY_FILE）',
  },
]

/** One call of `sluice`: arguments without the program's own name; answers the exit code. */
export const runCli = async (
  args: readonly string[],
  surroundings: Surroundings,
): Promise<number> => {
  const language = languageFrom(args, surroundings.environment)
  let exit = 0
  const run = async (leaf: Leaf, command: Command): Promise<void> => {
    const options: Options = command.optsWithGlobals()
    const session = openSession(surroundings, language, options)
    const shown = await leaf.run(session, { arguments: command.args, options })
    exit = print(shown, session.json, surroundings)
  }
  const program = programOf(language, surroundings, run)
  try {
    await program.parseAsync([...args], { from: 'user' })
    return exit
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exits.usage
    surroundings.err(`${unexpected(error, language)}\n`)
    return exits.unexpected
  }
}

/** `--lang` before the environment's languages; anything but Chinese is English. */
const languageFrom = (
  args: readonly string[],
  environment: Surroundings['environment'],
): Language => {
  const named = /(?:^| )--lang[ =](\S+)/.exec(args.join(' '))?.[1]
  const { LC_ALL, LC_MESSAGES, LANG } = environment
  const found = [named, LC_ALL, LC_MESSAGES, LANG].find((name) => name !== undefined && name !== '')
  return found?.startsWith('zh') === true ? 'zh' : 'en'
}

const programOf = (
  language: Language,
  { out, err }: Surroundings,
  run: (leaf: Leaf, command: Command) => Promise<void>,
): Command => {
  const program = new Command('sluice')
    .description('Sluice 数闸: data that is usable but not visible 数据可用不可见')
    .configureOutput({ writeOut: out, writeErr: err })
    .exitOverride()
    .showHelpAfterError(false)
  for (const option of everywhere) program.option(option.flags, option[language])
  for (const leaf of leaves) addLeaf(program, leaf, language, run)
  for (const group of groups) {
    const parent = program.command(group.name).description(group[language])
    for (const leaf of group.leaves) addLeaf(parent, leaf, language, run)
  }
  return program
}

const addLeaf = (
  parent: Command,
  leaf: Leaf,
  language: Language,
  run: (leaf: Leaf, command: Command) => Promise<void>,
): void => {
  const command = parent.command(leaf.name).description(leaf[language])
  for (const option of [...(leaf.options ?? []), ...everywhere])
    command.addOption(
      new CommanderOption(option.flags, option[language]).makeOptionMandatory(
        option.required === true,
      ),
    )
  command.action(async () => run(leaf, command))
}

/** Data on standard output, talk on standard error; with `--json` data is one line, refusals too. */
const print = (shown: Shown, json: boolean, { out, err }: Surroundings): number => {
  if (json) out(`${jsonText(shown.data)}\n`)
  else if (shown.text !== '') out(shown.text)
  if (shown.talk !== undefined && shown.talk !== '') err(shown.talk)
  return shown.exit ?? 0
}

/** JSON in which also the control characters above ASCII are escaped: a terminal would obey them. */
const jsonText = (data: unknown): string =>
  JSON.stringify(data).replaceAll(
    /[\u007F-\u009F\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

const unexpected = (error: unknown, language: Language): string => {
  const why = error instanceof Error ? error.message : typeof error
  const cause =
    error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : ''
  return language === 'zh' ? `意外错误：${why}${cause}` : `unexpected: ${why}${cause}`
}
