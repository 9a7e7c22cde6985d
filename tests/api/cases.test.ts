import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Role } from '../../policies/roles.ts'
import { testApp } from '../support/app.ts'
import { keyOf, submissionId } from '../support/door.ts'

/*
 * Text cases of HTTP. A case begins with `### what it shows`, then `METHOD path [as role]`, headers, an empty line, the
 * body, a line `---`, and expectations: `status 422`, `header name: pattern`, `body $.a[0].b: pattern`, `body: pattern`,
 * `not body: pattern`. `{submission}` is a known id, `{repeat text N}` N times the text.
 */
const folder = 'tests/cases/api'

const fill = (text: string): string =>
  text
    .replaceAll('{submission}', submissionId)
    .replaceAll(/\{repeat (\S+) (\d+)\}/g, (_, part: string, times: string) => part.repeat(+times))

const valueAt = (body: string, path: string): unknown =>
  [...path.matchAll(/\w+/g)].reduce<unknown>(
    (at, [name]) => (at as Record<string, unknown> | undefined)?.[name],
    JSON.parse(body),
  )

const expectLine = (line: string, response: Response, body: string): void => {
  const [, negated, what = '', name = '', wanted = ''] =
    /^(not )?(status|header|body) ?([^:]*?)?:? (.*)$/.exec(line) ?? []
  const met = {
    status: () => String(response.status),
    header: () => response.headers.get(name) ?? 'absent',
    body: () => (name === '' ? body : String(valueAt(body, name))),
  }[what]
  if (met === undefined) throw new Error(`cannot read \`${line}\``)
  if (negated === undefined) expect(met(), line).toMatch(new RegExp(wanted, 'u'))
  else expect(met(), line).not.toMatch(new RegExp(wanted, 'u'))
}

for (const file of readdirSync(folder))
  for (const block of readFileSync(`${folder}/${file}`, 'utf8').split(/^### /m).slice(1)) {
    const [title = '', ...rest] = block.trim().split('\n')
    const [sent = '', expectations = ''] = rest.join('\n').split(/^---\n/m)
    const [head = '', ...body] = sent.trim().split(/\n\n/)
    const [first = '', ...headers] = head.split('\n')
    const [, method = '', path = '', role] = /^(\S+) (\S+)(?: as (\S+))?$/.exec(first) ?? []
    test(`${file}: ${title}`, async () => {
      const { app } = testApp()
      const response = await app.request(fill(path), {
        method,
        headers: [
          ...headers.map((line): [string, string] => [line.split(': ')[0]!, line.split(': ')[1]!]),
          ...(role ? [['authorization', `Bearer ${keyOf(role as Role)}`] as [string, string]] : []),
        ],
        ...(body.length > 0 && { body: fill(body.join('\n\n')) }),
      })
      const answered = await response.text()
      expect(expectations.trim()).not.toBe('')
      for (const line of expectations.trim().split('\n')) expectLine(line, response, answered)
    })
  }
