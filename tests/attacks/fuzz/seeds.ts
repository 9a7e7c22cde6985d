import { readdirSync, readFileSync } from 'node:fs'
import { cityDocuments } from '../../../connectors/city/documents.ts'
import { attacksIn } from '../../support/attack.ts'

const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder).map((name) => readFileSync(`${folder}/${name}`, 'utf8'))

/** Texts of SQL from the cases: whatever stands between empty lines, without what is expected of it. */
export const sqlSeeds = (): readonly string[] => [
  ...['tests/cases/query', 'tests/cases/corpus'].flatMap(filesIn).flatMap((file) =>
    file
      .split(/\n\s*\n/)
      .map((block) => block.replaceAll(/^--.*$/gm, '').trim())
      .filter((block) => /select/i.test(block)),
  ),
  ...['extraction', 'errors'].flatMap((name) =>
    attacksIn(`tests/cases/attacks/${name}.txt`).map(({ text }) => text),
  ),
]

/** Bodies of the cases of HTTP, and where they are sent. */
export const bodySeeds = (): readonly { method: string; path: string; body: string }[] =>
  filesIn('tests/cases/api')
    .flatMap((file) => file.split(/^### /m).slice(1))
    .flatMap((block) => {
      const [, method = '', path = ''] = /^(POST|PUT|GET|DELETE) (\S+)/m.exec(block) ?? []
      const [sent = ''] = block.split(/^---\n/m)
      const body = sent.split(/\n\n/).slice(1).join('\n\n').trim()
      return method === '' ? [] : [{ method, path, body }]
    })

export const documentSeeds = (): readonly string[] => {
  const { datasets, policy, agreement } = cityDocuments()
  const test = readFileSync('connectors/city/documents/enterprise-credit.test.yaml', 'utf8')
  return [...datasets.map(({ text }) => text), policy, agreement, test]
}
