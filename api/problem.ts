import * as z from 'zod'
import { statusOf, wordsOf, type Language, type Refusal } from '../policies/refusal.ts'

/** A problem document (RFC 9457) as clients read it. A newer server may know codes and members that they do not. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: z.string(),
  refusals: z.array(
    z.object({
      code: z.string(),
      message: z.string(),
      fix: z.string(),
      at: z.object({ line: z.int().min(1), column: z.int().min(1) }).optional(),
    }),
  ),
  requestId: z.string(),
  /** The submission that was refused, where there is one. */
  submission: z.string().optional(),
})
export type Problem = z.infer<typeof problemSchema>

const titles: Readonly<Record<number, Record<Language, string>>> = {
  400: { en: 'the request could not be read', zh: '请求无法解析' },
  401: { en: 'a valid key is needed', zh: '需要有效密钥' },
  403: { en: 'not allowed', zh: '不允许' },
  404: { en: 'not found', zh: '未找到' },
  405: { en: 'method not allowed', zh: '方法不受支持' },
  409: { en: 'conflict', zh: '冲突' },
  412: { en: 'changed meanwhile', zh: '内容已变更' },
  413: { en: 'too large', zh: '内容过大' },
  415: { en: 'media type not accepted', zh: '媒体类型不受支持' },
  422: { en: 'refused', zh: '已拒绝' },
  428: { en: 'a condition is needed', zh: '缺少前提条件' },
  429: { en: 'too many attempts', zh: '尝试过于频繁' },
  500: { en: 'internal failure', zh: '内部故障' },
  503: { en: 'not available now', zh: '暂不可用' },
}

/** One document for all refusals of a request: status and type are the first one's. */
export const problemOf = (
  refusals: readonly Refusal[],
  language: Language,
  about: { readonly requestId: string; readonly submission?: string },
): Problem => {
  const [first] = refusals
  if (first === undefined) throw new Error('a problem needs a refusal')
  const listed = refusals.map((refusal) => ({
    code: refusal.code,
    ...wordsOf(refusal, language),
    ...(refusal.at === undefined ? {} : { at: refusal.at }),
  }))
  const status = statusOf(first.code)
  return {
    type: `/problems/${first.code}`,
    title: titles[status]?.[language] ?? { en: 'refused', zh: '已拒绝' }[language],
    status,
    detail: listed.map(({ message }) => message).join(language === 'zh' ? '；' : '; '),
    code: first.code,
    refusals: listed,
    ...about,
  }
}
