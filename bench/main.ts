import { cpus } from 'node:os'
import { benchCheck } from './check.ts'
import { benchCity } from './city.ts'
import { benchFirstAnswer } from './first-answer.ts'
import { benchGrade } from './grade.ts'
import { benchGroupBy } from './group-by.ts'
import { benchIngest, benchMonth } from './ingest.ts'
import { benchLog } from './log.ts'
import { benchNoise } from './noise.ts'
import { benchReads } from './reads.ts'
import { benchReplay } from './replay.ts'
import { benchService } from './service.ts'
import { tableOf, type Row } from './table.ts'

/**
 * Measures what the product promises and prints tables. `npm run bench -- group-by log` measures some. Figures are
 * ratios against a yardstick in the same run wherever there is one: machines are noisy.
 */
const benches: Readonly<Record<string, () => Promise<readonly Row[]>>> = {
  'group-by': () => benchGroupBy({ firms: 10_000_000, panelEntities: 1_000_000 }),
  check: benchCheck,
  service: benchService,
  reads: benchReads,
  'first-answer': benchFirstAnswer,
  ingest: benchIngest,
  month: () => benchMonth(),
  replay: benchReplay,
  grade: benchGrade,
  city: () => benchCity('city', { seconds: 60, megabytes: 2000 }),
  beijing: () => benchCity('beijing', { seconds: 300, megabytes: 2000 }),
  log: async () => {
    const log = await benchLog()
    return [
      {
        name: 'durable appends',
        value: log.appendsPerSecond,
        unit: '/s',
        target: '>= 1000',
        note: 'each signed and on the disk',
      },
      {
        name: 'verification of a million entries',
        value: log.verifySeconds,
        unit: 's',
        target: '<= 6',
        note: `${Math.round(log.exportMegabytes)} MB`,
      },
    ]
  },
  noise: async () =>
    benchNoise().map(({ name, perSecond, ratio }) => ({
      name,
      value: perSecond,
      unit: '/s',
      target: '>= 100000',
      note: `${ratio.toFixed(2)} of a floating-point loop`,
    })),
}

/** Takes minutes and gigabytes of disk: measured only when it is asked for. */
const byNameAlone = ['beijing', 'month']
const wanted = process.argv.slice(2)
const chosen = Object.entries(benches).filter(
  ([name]) => (wanted.length === 0 && !byNameAlone.includes(name)) || wanted.includes(name),
)
console.log(
  `${process.platform} ${process.arch}, ${cpus().length} × ${cpus()[0]?.model ?? ''}, Node ${process.version}\n`,
)
for (const [name, bench] of chosen) console.log(`## ${name}\n\n${tableOf(await bench())}\n`)
