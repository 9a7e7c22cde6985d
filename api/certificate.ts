import { readFileSync, statSync } from 'node:fs'
import { createSecureContext } from 'node:tls'

/** Paths of PEM files. */
export type CertificatePaths = { readonly certPath: string; readonly keyPath: string }
type Certificate = { readonly cert: Buffer; readonly key: Buffer }

export const isOwnersAlone = (path: string): boolean => {
  const status = statSync(path, { throwIfNoEntry: false })
  return status?.isFile() === true && (status.mode & 0o077) === 0
}

export const readCertificate = ({ certPath, keyPath }: CertificatePaths): Certificate => ({
  cert: readFileSync(certPath),
  key: readFileSync(keyPath),
})

type Watching = {
  readonly everyMs: number
  readonly onCertificate: (certificate: Certificate) => void
  /** Told that new files stay unused, and why not. */
  readonly tell: (line: string) => void
}

/**
 * Looks whether the files were changed or replaced, and hands on what they hold then. Files that do not fit each other,
 * as in the middle of a change, or a key that others may read, leave the certificate as it is until they change again.
 */
export const watchCertificate = (
  paths: CertificatePaths,
  { everyMs, onCertificate, tell }: Watching,
): { readonly stop: () => void } => {
  let known = markOf(paths)
  const look = (): void => {
    const mark = markOf(paths)
    if (mark === known) return
    known = mark
    try {
      if (!isOwnersAlone(paths.keyPath)) throw new Error('others may read it')
      const certificate = readCertificate(paths)
      createSecureContext(certificate)
      onCertificate(certificate)
      tell('the certificate was loaded anew')
    } catch {
      tell('the certificate was changed and cannot be used: the one before stays')
    }
  }
  const timer = setInterval(look, everyMs)
  timer.unref()
  return { stop: () => clearInterval(timer) }
}

const markOf = ({ certPath, keyPath }: CertificatePaths): string =>
  [certPath, keyPath]
    .map((path) => {
      const status = statSync(path, { throwIfNoEntry: false, bigint: true })
      return status === undefined
        ? '-'
        : [status.ino, status.size, status.mtimeNs, status.mode].join(':')
    })
    .join(' ')
