/** Names that stand for this machine alone, whoever answers for them. */
const isLocal = (hostname: string): boolean =>
  hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname)

/**
 * Whether a request is meant for this server. On loopback a page of a stranger can reach it through a name of the
 * stranger's that was made to point here (DNS rebinding); the name in `Host` is then the stranger's still. Over TLS the
 * certificate answers for the name. `known`: the name behind which something else ends TLS.
 */
export const isMeantHere = (url: string, known: readonly string[]): boolean => {
  const { hostname } = new URL(url)
  return isLocal(hostname) || known.includes(hostname)
}
