import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

type Entry = { version?: string; optionalDependencies?: Record<string, string> }

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
  packages: Record<string, Entry>
}
const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Record<
  'dependencies' | 'devDependencies' | 'optionalDependencies',
  Record<string, string>
>

test('the lock holds the platform packages of Linux, macOS and Windows', () => {
  const locked = Object.keys(lock.packages)
  const missing = Object.entries(lock.packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => !locked.some((other) => other.endsWith(`node_modules/${name}`)))
      .map((name) => `${path} -> ${name}`),
  )
  expect(missing).toEqual([])
})

test('every dependency is pinned to one exact version', () => {
  const loose = (['dependencies', 'devDependencies', 'optionalDependencies'] as const).flatMap(
    (group) =>
      Object.entries(manifest[group]).filter(
        ([, range]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(range),
      ),
  )
  expect(loose).toEqual([])
})

test('the lock names no registry host', () => {
  expect(readFileSync('package-lock.json', 'utf8')).not.toMatch(/"resolved": "https?:/)
})
