/** CPU of each operation on a database of each size, as a multiple of the least one's: flat is good. */
import type { SizeResult } from './measure.ts'

const WIDTH = 900
const HEIGHT = 400
const LEFT = 50
const RIGHT = 400
const TOP = 50
const BOTTOM = 66
const MOST = 4
const colours = ['#2e7d6b', '#c2703d', '#3d5fc2', '#8a3dc2', '#c23d6b', '#6b7d2e', '#2e6b7d', '#57606a', '#b8860b', '#20804a', '#a03030', '#4a6fa5']

export function sizeSvg(results: readonly SizeResult[], machine: string, atMs: number): string {
  const across = (accounts: number): number => {
    const [least, most] = [Math.log(results[0]?.accounts ?? 1), Math.log(results.at(-1)?.accounts ?? 1)]
    return LEFT + ((Math.log(accounts) - least) / Math.max(1e-9, most - least)) * (WIDTH - LEFT - RIGHT)
  }
  const down = (ratio: number): number => HEIGHT - BOTTOM - (Math.min(MOST, ratio) / MOST) * (HEIGHT - TOP - BOTTOM)
  const names = Object.keys(results[0]?.cpuMicros ?? {})
  const lines = names.map((name, at) => {
    const first = results[0]?.cpuMicros[name] ?? 1
    const points = results.map(({ accounts, cpuMicros }) => `${across(accounts).toFixed(1)},${down((cpuMicros[name] ?? 0) / first).toFixed(1)}`)
    const colour = colours[at % colours.length]
    const micros = [results[0], results.at(-1)].map((result) => Math.round(result?.cpuMicros[name] ?? 0)).join(' → ')
    return `<polyline points="${points.join(' ')}" fill="none" stroke="${colour}" stroke-width="1.5"/><text x="${WIDTH - RIGHT + 12}" y="${TOP + 6 + at * 20}" fill="${colour}">${name}: ${micros}</text>`
  })
  const marks = [1, 2, 3, 4].map((ratio) => `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${down(ratio)}" y2="${down(ratio)}" stroke="#d0d7de" stroke-width="${ratio === 1 ? 1.2 : 0.5}"/><text x="${LEFT - 8}" y="${down(ratio) + 4}" text-anchor="end" fill="#57606a">${ratio} ×</text>`)
  const sizes = results.flatMap(({ accounts, rows }) =>
    [`${accounts.toLocaleString('en')}`, `${rows.toLocaleString('en')} rows`].map((text, at) => `<text x="${across(accounts).toFixed(1)}" y="${HEIGHT - BOTTOM + 18 + at * 14}" text-anchor="middle" fill="#57606a"${at === 0 ? '' : ' font-size="10"'}>${text}</text>`))
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="system-ui, sans-serif" font-size="12" fill="#1f2328">
<rect width="100%" height="100%" fill="#ffffff"/>
<text x="${LEFT}" y="18" fill="#57606a">CPU by the number of accounts, of keys, and of rows of the log, beside the smallest database (µs: smallest → largest)</text>
${[...marks, ...sizes, ...lines].join('\n')}
<text x="${LEFT}" y="${HEIGHT - 8}" font-size="10" fill="#57606a">${new Date(atMs).toISOString().slice(0, 10)}, ${machine.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</text>
</svg>
`
}
