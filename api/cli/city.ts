import { mkdirSync, readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { cityProfiles, makeCity } from '../city.ts'
import type { Leaf } from './command.ts'
import { showUsage, textOf, type Given, type Session, type Shown } from './session.ts'
import { tableOf } from './table.ts'

/** The seed of reference results. */
const referenceSeed = 20_260_101

/** Writes the city into an empty folder, a file a table, and says on standard error what is written. */
const city = async (session: Session, { options }: Given): Promise<Shown> => {
  const { t, surroundings } = session
  const profile = textOf(options, 'profile') ?? 'ci'
  if (!(cityProfiles as readonly string[]).includes(profile))
    return showUsage(
      t(
        `--profile is one of ${cityProfiles.join(', ')}`,
        `--profile 可用：${cityProfiles.join('、')}`,
      ),
    )
  const seed = Number(textOf(options, 'seed') ?? referenceSeed)
  if (!Number.isSafeInteger(seed) || seed < 0)
    return showUsage(t('--seed is a whole number', '--seed 须为非负整数'))
  const months = textOf(options, 'months')
  if (months !== undefined && !/^([4-9]|[12][0-9]|3[0-6])$/.test(months))
    return showUsage(t('--months is 4 to 36', '--months 须为 4 至 36'))
  const folder = resolve(textOf(options, 'out') ?? '')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  if (readdirSync(folder).length > 0)
    return showUsage(t('--out is a folder with nothing in it', '--out 须为空目录'))
  const [persons, bank, dirty] = ['persons', 'bank', 'dirty'].map((name) => options[name] === true)
  const tables = await makeCity(
    {
      folder,
      profile,
      seed,
      tables: 'departments',
      ...(persons && { persons }),
      ...(bank && { bank }),
      ...(dirty && { dirty }),
      ...(months !== undefined && { months: Number(months) }),
    },
    ({ dataset, rows }) => surroundings.err(`${dataset} ${rows.toLocaleString('en')}\n`),
  )
  return {
    data: { folder, profile, seed, tables },
    text: tableOf(
      [{ title: t('dataset', '数据资源') }, { title: t('rows', '行数'), right: true }],
      tables.map(({ dataset, rows }) => [dataset, String(rows)]),
    ),
  }
}

export const cityLeaf: Leaf = {
  name: 'city',
  en: 'write a generated city as files, as its departments would deliver them',
  zh: '生成城市数据文件（如同各数源单位交付）',
  options: [
    { flags: '--out <folder>', en: 'an empty folder', zh: '空目录', required: true },
    {
      flags: '--profile <name>',
      en: 'ci (20,000 enterprises, default), demo (100,000), city (1 M) or beijing (2.7 M)',
      zh: 'ci（2 万家企业，默认）、demo（10 万家）、city（100 万家）或 beijing（270 万家）',
    },
    { flags: '--seed <n>', en: 'another city', zh: '随机种子' },
    {
      flags: '--months <n>',
      en: 'months up to the end of 2024, 4 to 36',
      zh: '截至 2024 年末的月数，4 至 36',
    },
    { flags: '--persons', en: 'tables of persons too', zh: '同时生成自然人数据' },
    {
      flags: '--dirty',
      en: 'spoilt as real deliveries are; `planted.csv` says what is wrong where',
      zh: '按真实交付情况植入差错；planted.csv 列明各处差错',
    },
    {
      flags: '--bank',
      en: 'files of a bank too, in `bank`',
      zh: '同时生成银行侧文件（bank 目录）',
    },
  ],
  run: city,
}
