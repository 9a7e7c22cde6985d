import './guard.ts'
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { svgOf } from './demo/picture.ts'
import { runDemo } from './demo/run.ts'

/** `npm run demo -- [--once] [--json] [--lang zh|en] [--profile ci|demo] [--port N] [--picture FILE]`. */
const { LC_ALL, LC_MESSAGES, LANG } = process.env
const { values } = parseArgs({
  options: {
    once: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    lang: { type: 'string', default: LC_ALL ?? LC_MESSAGES ?? LANG ?? 'en' },
    profile: { type: 'string', default: 'ci' },
    port: { type: 'string' },
    picture: { type: 'string' },
  },
})
let text = ''
const { exit, told } = await runDemo({
  once: values.once,
  language: values.lang.startsWith('zh') ? 'zh' : 'en',
  profile: values.profile,
  port: Number(values.port ?? (values.once ? 0 : 8787)),
  out: (line) => {
    text += line
    process.stdout.write(line)
  },
  err: (line) => process.stderr.write(line),
})
if (values.picture !== undefined) writeFileSync(values.picture, svgOf(text))
if (values.json) process.stdout.write(`${JSON.stringify(told)}\n`)
process.exitCode = exit
