import type { Language } from '../policies/refusal.ts'

/** The ranges of an `Accept` or `Accept-Language` header by falling weight (RFC 9110, 12.4.2), those of weight 0 left out. */
const weighted = (header: string | null | undefined): readonly string[] =>
  (header ?? '')
    .slice(0, 1000)
    .split(',')
    .map((range) => {
      const [name = '', ...parameters] = range.trim().toLowerCase().split(';')
      const q = parameters.map((text) => /^\s*q\s*=\s*(\S{1,5})\s*$/.exec(text)?.[1]).find(Boolean)
      return { name: name.trim(), weight: q === undefined ? 1 : Number(q) }
    })
    .filter(({ name, weight }) => name !== '' && weight > 0 && weight <= 1)
    .sort((a, b) => b.weight - a.weight)
    .map(({ name }) => name)

/** zh or en, whichever is wanted more; en where neither is. */
export const languageOf = (header: string | null | undefined): Language => {
  const wanted = weighted(header).map((tag) => tag.split('-')[0])
  return wanted.find((tag) => tag === 'zh' || tag === 'en') ?? 'en'
}

/** The offer wanted most; the first one where none is named, since an answer in another form beats none. */
export const chooseMedia = <T extends string>(
  header: string | null | undefined,
  offers: readonly [T, ...T[]],
): T => {
  for (const range of weighted(header)) {
    const kind = range.endsWith('/*') ? range.slice(0, -1) : undefined
    const offer = offers.find(
      (offer) =>
        range === offer || range === '*/*' || (kind !== undefined && offer.startsWith(kind)),
    )
    if (offer !== undefined) return offer
  }
  return offers[0]
}
