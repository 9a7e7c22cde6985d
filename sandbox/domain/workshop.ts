import { DuckDBInstance } from '@duckdb/node-api'
import { engineOf, quoteName, quoteText, type Engine } from '../run/engine.ts'

/**
 * Opens the publisher's engine: it writes encrypted files in one folder, reads the given paths, and reaches nothing else
 * (`..` and links included), no network, extension or setting. The engine writes encrypted files without its OpenSSL
 * extension only under `force_mbedtls_unsafe`: the ciphers are the same, but nonces and the key of spilled files come
 * from 64 bits of the system's randomness, which is why no spilled file outlives the publisher.
 */
export const openWorkshop = async (options: {
  readonly folder: string
  readonly readable: readonly string[]
  readonly threads: number
  readonly memoryMb: number
}): Promise<Engine> => {
  const instance = await DuckDBInstance.create(':memory:', {
    threads: String(options.threads),
    memory_limit: `${options.memoryMb}MB`,
    temp_directory: `${options.folder}/spill`,
    force_mbedtls_unsafe: 'true',
    temp_file_encryption: 'true',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_community_extensions: 'false',
    allow_persistent_secrets: 'false',
  })
  const engine = engineOf(instance, await instance.connect())
  for (const lock of [
    `SET allowed_paths = [${options.readable.map((path) => quoteText(path)).join(', ')}]`,
    `SET allowed_directories = [${quoteText(options.folder)}]`,
    'SET enable_external_access = false',
    'SET errors_as_json = true',
    'SET lock_configuration = true',
  ])
    await engine.query(lock)
  return engine
}

/** Attaches a file under its key. Only new files are written; what is in place already is read. */
export const attachFile = async (
  engine: Engine,
  file: { readonly path: string; readonly alias: string; readonly key: Uint8Array },
  access: 'write' | 'read',
): Promise<void> => {
  const mode = access === 'read' ? 'READ_ONLY, ' : ''
  await engine.query(
    `ATTACH ${quoteText(file.path)} AS ${quoteName(file.alias)} (${mode}ENCRYPTION_CIPHER 'GCM', ENCRYPTION_KEY $1)`,
    [Buffer.from(file.key).toString('base64')],
  )
}

/** Writes everything into the file itself and lets go of it: no log of writes stays beside it. */
export const closeFile = async (engine: Engine, alias: string): Promise<void> => {
  await engine.query(`CHECKPOINT ${quoteName(alias)}`)
  await engine.query(`DETACH ${quoteName(alias)}`)
}
