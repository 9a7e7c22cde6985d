import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, relative } from 'node:path'
import { expect, test } from 'vitest'

const rooms = ['policies', 'connectors', 'sandbox', 'api', 'tests', 'bench'] as const

const sources = rooms
  .filter((room) => existsSync(room))
  .flatMap((room) =>
    readdirSync(room, { recursive: true, encoding: 'utf8' })
      .map((name) => join(room, name))
      .filter((path) => /\.tsx?$/.test(path)),
  )

const importPattern =
  /(?:^|\n)\s*(?:import|export)\s[^'";]*?from\s+'([^']+)'|(?:^|\n)import\s+'([^']+)'|import\('([^']+)'\)/g

/** Every import of a file, relative ones resolved to a path from the project's folder. */
const importsOf = (path: string): string[] =>
  [...readFileSync(path, 'utf8').matchAll(importPattern)]
    .map((match) => match[1] ?? match[2] ?? match[3] ?? '')
    .map((target) => (target.startsWith('.') ? normalize(join(dirname(path), target)) : target))

const allowedRooms: Record<(typeof rooms)[number], readonly string[]> = {
  policies: ['policies'],
  connectors: ['policies', 'connectors'],
  sandbox: ['policies', 'connectors', 'sandbox'],
  api: ['policies', 'sandbox', 'api'],
  bench: ['policies', 'connectors', 'sandbox', 'api', 'bench'],
  tests: [...rooms],
}

/** The command line reads an organisation's own file as strictly as the domain would. */
const isReaderOfCli = (path: string, target: string): boolean =>
  path === 'api/cli/token.ts' && /^connectors\/(csv(-record)?|regular-file)\.ts$/.test(target)

const isOurs = (target: string): boolean => rooms.some((room) => target.startsWith(`${room}/`))
const violations = (check: (path: string, target: string) => boolean): string[] =>
  sources.flatMap((path) =>
    importsOf(path)
      .filter((target) => check(path, target))
      .map((target) => `${path} imports ${target}`),
  )

test('rooms import only in the direction policies, connectors, sandbox, api', () => {
  const wrong = violations((path, target) => {
    const room = path.split('/')[0] as (typeof rooms)[number]
    return (
      isOurs(target) &&
      !allowedRooms[room].includes(target.split('/')[0] ?? '') &&
      !isReaderOfCli(path, target)
    )
  })
  expect(wrong).toEqual([])
})

test('relative imports name an existing .ts or .tsx file', () => {
  const known = new Set(sources)
  const wrong = violations(
    (path, target) => isOurs(target) && !known.has(relative('.', target)) && path !== target,
  )
  expect(wrong).toEqual([])
})

test('policies is pure: no files, clock, randomness, database or network', () => {
  const wrong = violations(
    (path, target) =>
      path.startsWith('policies/') &&
      !isOurs(target) &&
      !/^(zod|yaml|@noble\/hashes\/.*)$/.test(target),
  )
  expect(wrong).toEqual([])
  const impure = sources
    .filter((path) => path.startsWith('policies/'))
    .filter((path) =>
      /\bDate\.now|new Date\(\)|Math\.random|\bprocess\.|\bcrypto\./.test(
        readFileSync(path, 'utf8'),
      ),
    )
  expect(impure).toEqual([])
})

test('DuckDB is imported in sandbox/domain and sandbox/run only, node-seal in sandbox/joint only', () => {
  const wrong = violations(
    (path, target) =>
      (target.startsWith('@duckdb/') && !/^(sandbox\/(domain|run)|tests|bench)\//.test(path)) ||
      (target.startsWith('node-seal') && !/^(sandbox\/joint|tests)\//.test(path)),
  )
  expect(wrong).toEqual([])
})

test('the process that speaks HTTP reaches neither DuckDB nor node-seal nor a key (I1)', () => {
  const reached = new Set<string>()
  const visit = (path: string): void => {
    if (reached.has(path)) return
    reached.add(path)
    for (const target of importsOf(path)) {
      if (isOurs(target)) visit(target)
      else reached.add(target)
    }
  }
  for (const entry of sources.filter((path) => /^api\/(main|app)\.tsx?$/.test(path))) visit(entry)
  const forbidden = [...reached].filter((target) =>
    /^@duckdb\/|^node-seal|^sandbox\/(domain|state|noise|protect)\//.test(target),
  )
  expect(forbidden).toEqual([])
})

test('api knows the sandbox by its door alone', () => {
  const wrong = violations(
    (path, target) =>
      path.startsWith('api/') &&
      target.startsWith('sandbox/') &&
      !/^sandbox\/(door|log\/(verify|proof|checkpoint|tree|entry|canonical))\.ts$/.test(target) &&
      !/^api\/(cli\/|demo)/.test(path),
  )
  expect(wrong).toEqual([])
})
