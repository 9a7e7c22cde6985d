/** The two suites of a domain: international algorithms, and those of the GM/T standards (国密). */
export const suiteNames = ['intl', 'gm'] as const
export type SuiteName = (typeof suiteNames)[number]
