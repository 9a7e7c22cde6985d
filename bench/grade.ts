import { cityDocuments } from '../connectors/city/documents.ts'
import { gradeOf } from '../policies/grade.ts'
import { readDocuments } from '../policies/documents.ts'
import { countClasses } from '../sandbox/domain/classes.ts'
import { openEngine } from '../sandbox/run/engine.ts'
import type { Row } from './table.ts'

const rows = 2_700_000

/** The grade of a register of a city's enterprises: classes over five dimensions, as after publishing. */
export const benchGrade = async (): Promise<readonly Row[]> => {
  const texts = cityDocuments()
  const { documents } = readDocuments([texts.policy, ...texts.datasets.map(({ text }) => text)])
  const [policy] = documents.policies
  const dataset = documents.datasets.find((each) => each.dataset === 'ent_registry')
  if (policy === undefined || dataset === undefined) throw new Error('no documents')
  const engine = await openEngine({ threads: 2, memoryMb: 2048 })
  try {
    await engine.query(
      `CREATE TABLE registry AS SELECT CAST(890101 + hash(i, 1) % 16 AS VARCHAR) AS district, ` +
        `chr(CAST(65 + hash(i, 2) % 16 AS INTEGER)) AS industry, 't' || hash(i, 3) % 4 AS enterprise_type, ` +
        `DATE '1991-01-01' + INTERVAL (hash(i, 4) % 33) YEAR AS established, 's' || hash(i, 5) % 3 AS status ` +
        `FROM range(${rows}) t(i)`,
    )
    const start = performance.now()
    const classes = await countClasses(engine, 'registry', { dataset, policy })
    if (classes === undefined) throw new Error('no classes')
    const { grade, smallest } = gradeOf(classes, { sharing: 'enclave' })
    const seconds = (performance.now() - start) / 1000
    return [
      {
        name: 'GB/T 42460 grade of 2.7 M rows',
        value: seconds,
        unit: 's',
        target: '<= 2',
        note: `${classes.classes} classes, the smallest of ${smallest}: grade ${grade}`,
      },
    ]
  } finally {
    engine.close()
  }
}
