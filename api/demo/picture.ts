import { widthOf } from '../cli/table.ts'

const cell = { width: 8, height: 18 }
const margin = 16
const colours = {
  ground: '#10161d',
  text: '#d6dee6',
  good: '#6ccb8b',
  bad: '#f2848f',
  quiet: '#8497a8',
}

/**
 * A terminal's text as SVG. Each run of narrow or wide characters is put on its own column of the grid, so that Chinese
 * stays aligned whatever font a reader has.
 */
export const svgOf = (text: string): string => {
  const lines = text.trimEnd().split('\n')
  const columns = Math.max(...lines.map((line) => widthOf(line)))
  const width = columns * cell.width + 2 * margin
  const height = lines.length * cell.height + 2 * margin
  const body = lines.flatMap((line, row) => runsOf(line).map((run) => runSvg(run, row, line)))
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    '<title>npm run demo</title>',
    `<rect width="${width}" height="${height}" rx="8" fill="${colours.ground}"/>`,
    `<g font-family="ui-monospace, 'Cascadia Mono', 'Noto Sans Mono CJK SC', Menlo, monospace" font-size="13" xml:space="preserve">`,
    ...body,
    '</g>',
    '</svg>',
    '',
  ].join('\n')
}

type Run = { readonly column: number; readonly width: number; readonly text: string }

/** Stretches without two spaces in a row whose characters are all wide or all narrow. */
const runsOf = (line: string): readonly Run[] => {
  const runs: Run[] = []
  let column = 0
  for (const [text] of line.matchAll(/ {2,}|(?:(?! {2})[ -\u2E7F])+|[^ -\u2E7F]+/gu)) {
    const width = widthOf(text)
    if (text.trim() !== '') runs.push({ column, width, text })
    column += width
  }
  return runs
}

const runSvg = ({ column, width, text }: Run, row: number, line: string): string => {
  const x = margin + column * cell.width
  const y = margin + (row + 1) * cell.height - 5
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  const length = `textLength="${width * cell.width}" lengthAdjust="spacingAndGlyphs"`
  return `<text x="${x}" y="${y}" ${length} fill="${colourOf(line)}">${escaped}</text>`
}

const colourOf = (line: string): string => {
  if (/^\s*✓/.test(line)) return colours.good
  if (/✗|REFUSED|已拒绝|→ |^\s*query\/|\^$/.test(line)) return colours.bad
  if (/^\s*·|^ {5}(select|with|from|join|group|order|limit|where|count|  )/i.test(line))
    return colours.quiet
  return colours.text
}
