import { existsSync } from 'node:fs'
import type { Option } from './command.ts'
import { writeSecret } from './key.ts'
import { showUsage, textOf, type Options, type Session, type Shown } from './session.ts'

export const keyOutOption: Option = {
  flags: '--key-out <file>',
  en: 'write the key to this new file, mode 0600',
  zh: '将密钥写入新文件（权限 0600）',
}

/** A key is shown once: on standard output, or in a new file that only its owner can read. */
export const showKey = (session: Session, options: Options, key: string, data: object): Shown => {
  const path = textOf(options, 'keyOut')
  if (path === undefined) {
    const talk = session.t('the key is shown once: keep it', '密钥仅显示一次，请妥善保存')
    return { data: { ...data, key }, text: `${key}\n`, talk: `${talk}\n` }
  }
  writeSecret(path, key)
  const talk = session.t(`key written to ${path}`, `密钥已写入 ${path}`)
  return { data: { ...data, keyFile: path }, text: '', talk: `${talk}\n` }
}

/** Where `--key-out` already exists nothing is done: a key that could not be written would be lost. */
export const taken = (session: Session, options: Options): Shown | undefined => {
  const path = textOf(options, 'keyOut')
  if (path === undefined || !existsSync(path)) return undefined
  return showUsage(session.t(`${path} exists already`, `${path} 已存在`))
}
