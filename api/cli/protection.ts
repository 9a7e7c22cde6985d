import type { Protection } from '../../policies/protection.ts'
import type { Session } from './session.ts'

const words: Readonly<Record<Protection, readonly [en: string, zh: string]>> = {
  'state-secret': ['state secret', '国家秘密'],
  'national-security': ['national security', '国家安全'],
  'public-interest': ['public interest', '公共利益'],
  'trade-secret': ['trade secret', '商业秘密'],
  'personal-privacy': ['personal privacy', '个人隐私'],
  security: ['security', '数据安全'],
}

/** What a column touches that the law protects, in words. */
export const protectionText = ({ t }: Session, tags: readonly Protection[] = []): string =>
  tags.map((tag) => t(...words[tag])).join(t(', ', '、'))
