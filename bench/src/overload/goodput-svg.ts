/** Goodput over time in the dip, as a picture: one client, and the same load from a hundred. */
import type { ContenderFigures } from './figures.ts'
import type { OverloadRun } from './tables.ts'

const SUBJECT = 'tollgate'
const WIDTH = 760
const PANEL = 190
const LEFT = 56
const RIGHT = 150
const TOP = 40
const GAP = 56
const SECONDS = 30
const PER_SECOND = 40

interface Line {
  readonly label: string
  readonly colour: string
  readonly width: number
  readonly dash: string
  readonly goodput: readonly number[]
}

/** Those who never come back are one line: it lies on the ground. */
function linesOf(contenders: readonly ContenderFigures[], load: string): readonly Line[] {
  const of = (name: string): readonly number[] | undefined => contenders.find((one) => one.name === name)?.loads[load]?.goodput
  const line = (name: string, label: string, colour: string, width: number, dash = ''): readonly Line[] => {
    const goodput = of(name)
    return goodput === undefined ? [] : [{ label, colour, width, dash, goodput }]
  }
  const lost = contenders.filter(({ name, loads }) => loads[load]?.recoveredAtS === null && name !== SUBJECT && name !== 'AWS SDK')
  const [first] = lost
  return [
    ...line('fetch', 'no retries', '#8c959f', 5, ''),
    ...(first === undefined ? [] : line(first.name, `${lost.length} others`, '#c2703d', 1.5)),
    ...line('cockatiel + breaker', 'a breaker', '#8250df', 1.5, '5 3'),
    ...line('AWS SDK', 'AWS SDK', '#bf8700', 1.5),
    ...line(SUBJECT, SUBJECT, '#2e7d6b', 2),
  ]
}

export function goodputSvg({ contenders, atMs, seeds }: Pick<OverloadRun, 'contenders' | 'atMs' | 'seeds'>): string {
  const panels = [
    { title: 'One client', load: 'dip' },
    { title: 'The same load from 100 clients', load: 'dip, fleet' },
  ].map(({ title, load }, at) => panel(title, linesOf(contenders, load), TOP + at * (PANEL + GAP)))
  const height = TOP + 2 * (PANEL + GAP) + 10
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family="system-ui, sans-serif" font-size="12" fill="#1f2328">
<rect width="100%" height="100%" fill="#ffffff"/>
${text(LEFT, 18, 'Calls that succeed, a second. From 5 to 8 s the server does 5 requests a second in place of 50', 'fill="#57606a"')}
${panels.join('\n')}
${text(LEFT, height - 6, `40 calls a second, simulated, mean of the seeds ${seeds.join(', ')}; ${new Date(atMs).toISOString().slice(0, 10)}`, 'font-size="10" fill="#57606a"')}
</svg>
`
}

function panel(title: string, lines: readonly Line[], top: number): string {
  const x = (second: number): number => LEFT + (second / SECONDS) * (WIDTH - LEFT - RIGHT)
  const y = (goodput: number): number => top + PANEL - (goodput / (PER_SECOND * 1.05)) * (PANEL - 20)
  const marks = [
    `<rect x="${x(5).toFixed(1)}" y="${top + 20}" width="${(x(8) - x(5)).toFixed(1)}" height="${PANEL - 20}" fill="#f6f8fa"/>`,
    ...[0, 20, 40].map((goodput) => `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(goodput).toFixed(1)}" y2="${y(goodput).toFixed(1)}" stroke="#d0d7de" stroke-width="0.5"/>${text(LEFT - 8, y(goodput) + 4, String(goodput), 'text-anchor="end" fill="#57606a"')}`),
    ...[0, 5, 10, 15, 20, 25, 30].map((second) => text(x(second), top + PANEL + 16, `${second} s`, 'text-anchor="middle" fill="#57606a"')),
    text(LEFT, top + 12, title, 'font-weight="600"'),
  ]
  const drawn = lines.map(({ colour, width, dash, goodput }) => {
    const points = goodput.map((count, second) => `${x(second + 0.5).toFixed(1)},${y(count).toFixed(1)}`).join(' ')
    return `<polyline fill="none" stroke="${colour}" stroke-width="${width}"${dash === '' ? '' : ` stroke-dasharray="${dash}"`} points="${points}"/>`
  })
  const labels = lines.map(({ label, colour, goodput }, at) => {
    const total = goodput.reduce((sum, count) => sum + count, 0)
    return `<line x1="${WIDTH - RIGHT + 12}" x2="${WIDTH - RIGHT + 30}" y1="${top + 30 + at * 18 - 4}" y2="${top + 30 + at * 18 - 4}" stroke="${colour}" stroke-width="2.5"/>${text(WIDTH - RIGHT + 36, top + 30 + at * 18, `${label}: ${total.toLocaleString('en', { maximumFractionDigits: 0 })}`)}`
  })
  return [...marks, ...drawn, ...labels].join('\n')
}

function text(x: number, y: number, words: string, attributes = ''): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}"${attributes === '' ? '' : ` ${attributes}`}>${words.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</text>`
}
