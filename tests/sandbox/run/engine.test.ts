import { DuckDBInstance } from '@duckdb/node-api'
import { existsSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { sealOf } from '../../../sandbox/domain/files.ts'
import { openCheckerEngine } from '../../../sandbox/run/checker-engine.ts'
import {
  EngineFailure,
  openEngine,
  type Attachment,
  type Engine,
} from '../../../sandbox/run/engine.ts'
import { testFolder } from '../../support/folder.ts'

const folder = testFolder()
const key = new Uint8Array(32).fill(7)

const seal = async (name: string, values: string): Promise<Attachment> => {
  const path = join(folder, name)
  const instance = await DuckDBInstance.create(':memory:', { force_mbedtls_unsafe: 'true' })
  const connection = await instance.connect()
  await connection.run(`ATTACH '${path}' AS x (ENCRYPTION_CIPHER 'GCM', ENCRYPTION_KEY $1)`, [
    Buffer.from(key).toString('base64'),
  ])
  await connection.run(`CREATE TABLE x.main.tax AS ${values}`)
  await connection.run('CHECKPOINT x')
  connection.closeSync()
  instance.closeSync()
  return { path, alias: 'tax', key, sha256: (await sealOf(path)).sha256 }
}

const open = (attach: readonly Attachment[] = []): Promise<Engine> =>
  openEngine({ threads: 1, memoryMb: 256, attach })

/** The fault of a statement, or `worked`. */
const faultOf = (engine: Engine, sql: string, timeoutMs = 20_000): Promise<string> =>
  engine.query(sql, [], { timeoutMs }).then(
    () => 'worked',
    (error: EngineFailure) => error.fault,
  )

describe('a locked engine', () => {
  let engine: Engine
  beforeAll(async () => {
    writeFileSync(join(folder, 'plain.csv'), 'a\n1\n')
    engine = await open([await seal('a.duckdb', 'SELECT 1::BIGINT AS unit')])
  })

  test.each([
    `SELECT * FROM read_csv('${folder}/plain.csv')`,
    `SELECT * FROM read_text('/etc/hostname')`,
    `SELECT * FROM read_blob('/etc/hostname')`,
    `SELECT * FROM read_parquet('${folder}/x.parquet')`,
    `SELECT * FROM read_json('${folder}/x.json')`,
    `SELECT * FROM sniff_csv('${folder}/plain.csv')`,
    `SELECT * FROM glob('/*')`,
    `FROM '${folder}/plain.csv'`,
    `FROM 'https://example.org/a.csv'`,
    `ATTACH '${folder}/a.duckdb' AS again (READ_ONLY)`,
    `ATTACH '${folder}/new.duckdb' AS fresh`,
    `COPY (SELECT 1) TO '${folder}/out.csv'`,
    `COPY tax.main.tax TO '/dev/stdout'`,
    `EXPORT DATABASE '${folder}/out'`,
    `IMPORT DATABASE '${folder}/out'`,
    `INSTALL httpfs`,
    `LOAD httpfs`,
    `LOAD '${folder}/x.duckdb_extension'`,
    `CREATE SECRET s (TYPE s3)`,
    `CALL enable_logging('QueryLog', storage = 'file', storage_config = {'path': '${folder}/log'})`,
    `SET enable_external_access = true`,
    `SET disabled_filesystems = ''`,
    `SET lock_configuration = false`,
    `RESET lock_configuration`,
    `SET allowed_directories = ['/']`,
    `SET temp_directory = '${folder}'`,
    `SET secret_directory = '${folder}'`,
    `SET extension_directory = '${folder}'`,
    `SET memory_limit = '8GB'`,
    `SET threads = 64`,
    `SET errors_as_json = false`,
    `SET force_mbedtls_unsafe = true`,
    `PRAGMA memory_limit = '8GB'`,
    `INSERT INTO tax.main.tax VALUES (2)`,
    `DROP TABLE tax.main.tax`,
    `CREATE TABLE tax.main.more (a INTEGER)`,
    `SELECT getenv('PATH')`,
  ])('refuses %s', async (sql) => {
    expect(await faultOf(engine, sql)).toBe('engine')
    expect(existsSync(join(folder, 'new.duckdb'))).toBe(false)
    expect(existsSync(join(folder, 'out.csv'))).toBe(false)
  })

  test('has every lock on, also those that another one covers', async () => {
    const settings = {
      enable_external_access: 'false',
      lock_configuration: 'true',
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
      allow_community_extensions: 'false',
      allow_persistent_secrets: 'false',
      temp_directory: '',
    }
    for (const [name, value] of Object.entries(settings)) {
      const { rows } = await engine.query(`SELECT current_setting('${name}')::VARCHAR`)
      expect([name, rows[0]?.[0]]).toEqual([name, value])
    }
  })

  test('still reads what was attached and computes', async () => {
    const { rows } = await engine.query('SELECT sum(unit)::BIGINT FROM tax.main.tax')
    expect(rows).toEqual([[1n]])
  })

  test('answers exactly, in types that lose nothing', async () => {
    const { columns, types, rows } = await engine.query(
      `SELECT 9007199254740993 AS a, 1.50::DECIMAL(18,2) AS b, DATE '2026-01-31' AS c, true AS d,
              170141183460469231731687303715884105727 AS e, 0.5::DOUBLE AS f, NULL::VARCHAR AS g,
              '税' AS h, TIMESTAMP '2026-01-31 01:02:03' AS i, 3::TINYINT AS j, $1::BIGINT + 1 AS k`,
      [41n],
    )
    expect(columns).toEqual('abcdefghijk'.split(''))
    expect(types.slice(0, 3)).toEqual(['BIGINT', 'DECIMAL(18,2)', 'DATE'])
    expect(rows).toEqual([
      [
        9007199254740993n,
        '1.50',
        '2026-01-31',
        true,
        170141183460469231731687303715884105727n,
        0.5,
        null,
        '税',
        '2026-01-31 01:02:03',
        3n,
        42n,
      ],
    ])
  })

  test('says one of three words and nothing of a value when a statement fails (I4)', async () => {
    for (const sql of [
      `SELECT 'SECRET_0'::INTEGER`,
      `SELECT error('SECRET_0')`,
      `SELECT SECRET_0 FROM tax.main.tax`,
      `SELECT 'SECRET_0'`.slice(0, 14),
      `SELECT strptime('SECRET_0', '%Y')`,
      `SELECT [1, 2]`,
    ]) {
      const error = await engine.query(sql).catch((failure: unknown) => failure)
      expect(error).toBeInstanceOf(EngineFailure)
      expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('SECRET')
      expect((error as Error).cause).toBeUndefined()
    }
  })

  test('stops at its time, its memory and its rows, and then goes on', async () => {
    const endless = `SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE (a.range * b.range) % 7 = 3`
    expect(await faultOf(engine, endless, 50)).toBe('time')
    const running = faultOf(engine, endless)
    setTimeout(() => engine.interrupt(), 50)
    expect(await running).toBe('time')
    expect(await faultOf(engine, 'SELECT list(range) FROM range(100000000)')).toBe('memory')
    const many = engine.query('FROM range(100000)', [], { rowsMax: 99_999 })
    await expect(many).rejects.toThrow('engine fault: memory')
    expect(await faultOf(engine, 'SELECT 1')).toBe('worked')
  })
})

describe('statements that are asked for at once', () => {
  const numbers = [0n, 1n, 2n, 3n]
  const rowsOf = (number: bigint): bigint[][] =>
    Array.from({ length: 5000 }, (_, index) => [BigInt(index) + number])

  test('have all of their rows, each its own', async () => {
    const engine = await open()
    const asked = numbers.map((number) => engine.query(`SELECT range + ${number} FROM range(5000)`))
    const answers = await Promise.all(asked)
    expect(answers.map(({ rows }) => rows)).toEqual(numbers.map(rowsOf))

    const prepared = await engine.prepare('SELECT range + $1::BIGINT FROM range(5000)')
    const again = await Promise.all(numbers.map((number) => prepared([number])))
    expect(again.map(({ rows }) => rows)).toEqual(numbers.map(rowsOf))
    engine.close()
  })

  test('fail each for itself', async () => {
    const engine = await open()
    const faults = await Promise.all(
      ['SELECT 1', 'SELECT error(1)', 'SELECT 2'].map((sql) => faultOf(engine, sql)),
    )
    expect(faults).toEqual(['worked', 'engine', 'worked'])
    engine.close()
  })

  test('are each bound over the tables they were given', async () => {
    const checker = await openCheckerEngine()
    const columns = ['a', 'b', 'a', 'c']
    const plans = await Promise.all(
      columns.map((name) =>
        checker.serializePlan(`SELECT ${name} FROM t`, [
          { dataset: 't', columns: [{ name, type: { id: 'BIGINT' } }] },
        ]),
      ),
    )
    expect(plans.map((plan) => /"names":\["(\w)"\]/.exec(plan)?.[1])).toEqual(columns)
    checker.close()
  })
})

describe('an encrypted file', () => {
  test('is opened only under its key', async () => {
    const file = await seal('b.duckdb', 'SELECT 1 AS a')
    await expect(open([{ ...file, key: new Uint8Array(32).fill(8) }])).rejects.toThrow(
      'engine fault: engine',
    )
  })

  test('is opened only if it is the one its SHA-256 names: not changed, not swapped, not an older one', async () => {
    const old = await seal('c.duckdb', 'SELECT 1 AS a')
    renameSync(old.path, join(folder, 'c-old.duckdb'))
    const current = await seal('c.duckdb', 'SELECT 2 AS a')
    const engine = await open([current])
    engine.close()

    renameSync(join(folder, 'c-old.duckdb'), current.path)
    await expect(open([current])).rejects.toThrow(EngineFailure)

    const bytes = readFileSync(old.path)
    const last = (bytes.at(-1) ?? 0) ^ 1
    writeFileSync(old.path, Buffer.concat([bytes.subarray(0, -1), Buffer.from([last])]))
    await expect(open([old])).rejects.toThrow(EngineFailure)
  })

  test('is not opened through a symbolic link, and a folder is no file', async () => {
    const file = await seal('d.duckdb', 'SELECT 1 AS a')
    symlinkSync(file.path, join(folder, 'link.duckdb'))
    await expect(open([{ ...file, path: join(folder, 'link.duckdb') }])).rejects.toThrow(
      EngineFailure,
    )
    await expect(open([{ ...file, path: folder }])).rejects.toThrow(EngineFailure)
  })
})
