/*
 * Two answers about neighbouring homes, brought to what may not differ: ids, times, digests, keys and signatures become
 * the number of their first appearance, noisy values and the random salts of log entries a word. Everything else is
 * compared as it stands.
 */
type Names = Map<string, string>

const patterns: readonly (readonly [string, RegExp])[] = [
  ['id', /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g],
  ['digest', /(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/g],
  ['salt', /(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])/g],
  ['key', /(?<![0-9a-f])[0-9a-f]{16}(?![0-9a-f])/g],
  ['base64', /(?<![A-Za-z0-9+/=_-])[A-Za-z0-9+/_-]{40,}={0,2}/g],
  ['verifier', /sluice\.domain\/log\+[0-9a-f]{8}/g],
]

const masked = (text: string, names: Names): string =>
  patterns.reduce(
    (result, [word, pattern]) =>
      result.replaceAll(pattern, (found) => {
        const known = names.get(found) ?? `<${word} ${names.size + 1}>`
        names.set(found, known)
        return known
      }),
    text,
  )

const isTime = (key: string): boolean => /(?:Ms|^time)$/.test(key)

/** A noisy figure: its width is public, where it lies is not. */
const isFigure = (value: object): boolean => 'value' in value && ('sd' in value || 'low' in value)

const normal = (value: unknown, key: string, names: Names): unknown => {
  if (key === 'salt') return typeof value === 'string' ? '<salt>' : value
  if (typeof value === 'string') return isTime(key) ? '<time>' : inner(value, names)
  if (typeof value === 'number') return isTime(key) ? '<time>' : value
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((item) => normal(item, key, names))
  const entries = Object.entries(value).map(([name, part]): [string, unknown] =>
    isFigure(value) && name !== 'sd' ? [name, '<noisy>'] : [name, normal(part, name, names)],
  )
  return Object.fromEntries(entries)
}

/** Texts that are JSON themselves (entries, records) are looked into; checkpoints are lines. */
const inner = (text: string, names: Names): unknown => {
  if (!/^[{[]/.test(text)) return masked(text, names)
  try {
    return normal(JSON.parse(text), '', names)
  } catch {
    return masked(text, names)
  }
}

/** How much of a key's minute is left is a time; how many requests are left is compared. */
const untimed = (name: string, value: string): string =>
  name === 'ratelimit' ? value.replace(/t=\d+/, 't=<time>') : value

export type Heard = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** All that was heard from one home, in order, so that a digest named twice is the same one twice. */
export const normalise = (all: readonly Heard[]): readonly unknown[] => {
  const names: Names = new Map()
  return all.map(({ status, headers, body }) => ({
    status,
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [
        name,
        name === 'repr-digest' ? '<noisy>' : masked(untimed(name, value), names),
      ]),
    ),
    body: inner(body.trim(), names),
  }))
}
