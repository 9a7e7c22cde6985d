import { expect, test } from 'vitest'
import { svgOf } from '../../api/demo/picture.ts'

test('a terminal text becomes SVG in which Chinese keeps its columns and nothing is markup', () => {
  const svg = svgOf('  ✓ 海港区 <b>&   1.2 s\n✗ no\n')
  expect(svg).toContain('width="216" height="68"')
  expect(svg).toMatch(/<text x="48" y="29" textLength="48"[^>]*>海港区<\/text>/)
  expect(svg).toContain('&lt;b&gt;&amp;')
  expect(svg).not.toContain('<b>')
})
