/** Bars on a logarithmic axis: how much less CPU a request costs than with each peer. Right of the line is ahead of it. */
import type { SavedCase, SavedRun } from './saved-run.ts'

const SUBJECT = 'tollgate'
const titles: { readonly [name: string]: string } = {
  refusal: 'Refused: 401 with an envelope',
  accepted: 'Passed: 1 KB of JSON',
  money: 'Passed and paid for, durably (peers take no money)',
  large: 'Passed: 64 KB of JSON',
  post: 'Passed: 1 KB there and back',
}
const peers = ['nginx', 'HAProxy', 'Caddy', 'fastify', 'express']

const WIDTH = 760
const LEFT = 130
const RIGHT = 60
const BAR = 14
const ROW = 20
const HEAD = 34
const LEAST = 0.02
const MOST = 12

interface Bar {
  readonly peer: string
  readonly ratio: number
}

function barsOf({ findings }: SavedCase): readonly Bar[] {
  return peers.flatMap((peer) => {
    const value = findings.find(({ title, unit }) => unit === '×' && title === `${SUBJECT} : ${peer}`)?.value
    return value === undefined || value === null ? [] : [{ peer, ratio: value }]
  })
}

function across(ratio: number): number {
  const share = Math.log(Math.min(MOST, Math.max(LEAST, ratio)) / LEAST) / Math.log(MOST / LEAST)
  return LEFT + share * (WIDTH - LEFT - RIGHT)
}

export function ratiosSvg({ cases, machine, atMs }: Pick<SavedRun, 'cases' | 'machine' | 'atMs'>): string {
  const parts: string[] = []
  let y = 44
  for (const name of Object.keys(titles)) {
    const found = cases.find((one) => one.name === name)
    const bars = found === undefined ? [] : barsOf(found)
    if (bars.length === 0) continue
    parts.push(text(LEFT, y + 14, titles[name] ?? name, 'font-weight="600"'))
    y += HEAD - 12
    for (const { peer, ratio } of bars) {
      const [from, to] = ratio < 1 ? [across(ratio), across(1)] : [across(1), across(ratio)]
      parts.push(text(LEFT - 8, y + 11, `${peer}`, 'text-anchor="end"'))
      parts.push(`<rect x="${from.toFixed(1)}" y="${y}" width="${Math.max(1, to - from).toFixed(1)}" height="${BAR}" rx="2" fill="${ratio < 1 ? '#c2703d' : '#2e7d6b'}"/>`)
      parts.push(ratio < 1 ? text(from - 5, y + 11, ratio.toFixed(2), 'text-anchor="end"') : text(to + 5, y + 11, ratio.toFixed(ratio < 10 ? 1 : 0)))
      y += ROW
    }
    y += 14
  }
  const marks = [0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10].map((mark) => {
    const x = across(mark).toFixed(1)
    return `<line x1="${x}" x2="${x}" y1="40" y2="${y}" stroke="${mark === 1 ? '#57606a' : '#d0d7de'}" stroke-width="${mark === 1 ? 1.5 : 0.5}"/>${text(across(mark), 34, String(mark), 'text-anchor="middle" fill="#57606a"')}`
  })
  const height = y + 30
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family="system-ui, sans-serif" font-size="12" fill="#1f2328">
<rect width="100%" height="100%" fill="#ffffff"/>
${text(LEFT, 16, 'CPU a request of the peer, divided by that of Tollgate: more is better for Tollgate', 'fill="#57606a"')}
${[...marks, ...parts].join('\n')}
${text(LEFT, height - 10, `${new Date(atMs).toISOString().slice(0, 10)}, ${machine}`, 'font-size="10" fill="#57606a"')}
</svg>
`
}

function text(x: number, y: number, words: string, attributes = ''): string {
  return `<text x="${x.toFixed(1)}" y="${y}"${attributes === '' ? '' : ` ${attributes}`}>${words.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</text>`
}
