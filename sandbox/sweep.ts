import { sweepHome, type Home } from './domain/home.ts'
import type { Keyring } from './domain/keyring.ts'
import type { Reader } from './state/database.ts'
import { storedFiles } from './state/files.ts'
import type { State } from './state/open.ts'
import { rawFiles, versionFiles, versionKeys } from './state/versions.ts'

type Swept = {
  readonly home: Home
  readonly keyring: Keyring
  readonly state: Pick<State, 'reader' | 'isSound'>
}

/**
 * Removes files and keys that no committed version names: what an ingest left that failed or was cut short. Never while a
 * publisher works. Nothing is removed where it is unknown what is committed.
 */
export const sweep = ({ home, keyring, state }: Swept): void => {
  if (!state.isSound()) return
  sweepHome(home.folder, knownFiles(state.reader))
  const known = knownKeys(state.reader)
  const unused = keyring.identities().filter((name) => isOfFile(name) && !known.has(name))
  // Where the new domain key cannot be kept now, the next sweep finds them again.
  keyring.destroy(unused)
}

/** Keys of the log, of sealed results and of registers are of the domain, and stay. */
const isOfFile = (identity: string): boolean => /^(vault|quarantine|published)\//.test(identity)

const knownKeys = (reader: Reader): ReadonlySet<string> =>
  new Set([...versionKeys(reader), ...storedFiles(reader).map(({ keyIdentity }) => keyIdentity)])

const knownFiles = (reader: Reader): Parameters<typeof sweepHome>[1] => {
  const files = storedFiles(reader)
  const raw = rawFiles(reader)
  const stems = (shelf: string): Set<string> =>
    new Set(
      files
        .filter((each) => each.shelf === shelf && (shelf === 'register' || raw.has(each.file)))
        .map(({ file }) => file),
    )
  return {
    vault: stems('vault'),
    quarantine: stems('quarantine'),
    register: stems('register'),
    published: new Set(versionFiles(reader)),
  }
}
