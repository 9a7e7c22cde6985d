import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { serveApp } from '../../api/server.ts'
import { testApp } from '../support/app.ts'

const hasOpenssl = spawnSync('openssl', ['version']).status === 0
const folder = mkdtempSync(join(tmpdir(), 'sluice-tls-'))
const certPath = join(folder, 'cert.pem')
const keyPath = join(folder, 'key.pem')
afterAll(() => rmSync(folder, { recursive: true }))

const makeCertificate = (): void => {
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1']
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', keyPath]
  const ask = ['req', '-x509', '-days', '1', '-out', certPath, ...key, ...subject]
  execFileSync('openssl', ask, { stdio: 'ignore' })
}

const get = async (url: string, more: object = {}): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const asked = request(url, { ca: readFileSync(certPath), ...more }, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
    asked.on('error', reject)
    asked.end()
  })

test.skipIf(!hasOpenssl)(
  'with a certificate Sluice serves TLS, off loopback too, and no old version',
  async () => {
    makeCertificate()
    const { app } = testApp({ tls: true })
    const served = await serveApp(app, { host: '0.0.0.0', port: 0, tls: { certPath, keyPath } })
    if (!served.ok) throw new Error('it should serve')
    const url = served.value.url.replace('0.0.0.0', '127.0.0.1')
    expect(url).toMatch(/^https:/)
    expect(await get(`${url}/healthz`)).toBe(200)
    await expect(
      get(`${url}/healthz`, { maxVersion: 'TLSv1.1', minVersion: 'TLSv1' }),
    ).rejects.toThrow()
    await served.value.stop()
  },
)

test.skipIf(!hasOpenssl)('a private key that others may read is refused', async () => {
  makeCertificate()
  chmodSync(keyPath, 0o644)
  const { app } = testApp({ tls: true })
  expect(
    await serveApp(app, { host: '127.0.0.1', port: 0, tls: { certPath, keyPath } }),
  ).toMatchObject({
    ok: false,
    refusals: [{ code: 'access/key-file' }],
  })
})

test.skipIf(!hasOpenssl)(
  'a certificate that is changed is served to new connections, and a broken one is not',
  async () => {
    makeCertificate()
    chmodSync(keyPath, 0o600)
    const { app } = testApp({ tls: true })
    const lines: string[] = []
    const heard = (text: string): Promise<void> =>
      new Promise((resolve) => {
        waiting = () => lines.some((line) => line.includes(text)) && resolve()
        waiting()
      })
    let waiting = (): unknown => undefined
    const served = await serveApp(app, {
      host: '127.0.0.1',
      port: 0,
      tls: { certPath, keyPath },
      certificateMs: 5,
      tell: (line) => {
        lines.push(line)
        waiting()
      },
    })
    if (!served.ok) throw new Error('it should serve')
    const url = `${served.value.url}/healthz`
    const first = readFileSync(certPath)
    makeCertificate()
    await heard('loaded anew')
    expect(await get(url)).toBe(200)
    await expect(get(url, { ca: first })).rejects.toThrow()
    const [cert, key] = [readFileSync(certPath), readFileSync(keyPath)]
    writeFileSync(certPath, 'no certificate')
    await heard('cannot be used')
    expect(await get(url, { ca: cert })).toBe(200)
    lines.length = 0
    writeFileSync(certPath, first)
    await heard('cannot be used')
    lines.length = 0
    writeFileSync(keyPath, key, { mode: 0o600 })
    writeFileSync(certPath, cert)
    await heard('loaded anew')
    lines.length = 0
    chmodSync(keyPath, 0o640)
    await heard('cannot be used')
    await served.value.stop()
  },
)
