/** CPU of each operation on a database of each size, as a multiple of the least one's, for each engine: flat is good. */
import type { EnginesRun, FlatResult } from './engine-run.ts'

const WIDTH = 960
const PANEL = 300
const LEFT = 50
const RIGHT = 430
const TOP = 46
const MOST = 4
const colours = ['#2e7d6b', '#c2703d', '#3d5fc2', '#8a3dc2', '#c23d6b', '#6b7d2e', '#2e6b7d', '#57606a', '#b8860b', '#20804a', '#a03030', '#4a6fa5']
const titles = { postgres: 'Postgres', sqlite: 'SQLite' } as const

export function enginesSvg({ flat, machine, atMs }: Pick<EnginesRun, 'flat' | 'machine' | 'atMs'>): string {
  const engines = (['postgres', 'sqlite'] as const).filter((engine) => flat.some((each) => each.engine === engine))
  const height = 40 + engines.length * PANEL + 20
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family="system-ui, sans-serif" font-size="12" fill="#1f2328">
<rect width="100%" height="100%" fill="#ffffff"/>
<text x="${LEFT}" y="20" fill="#57606a">CPU of each by the number of accounts, keys and rows of the log, the server's included, beside the smallest database (µs: smallest → largest)</text>
${engines.map((engine, at) => panel(engine, flat.filter((each) => each.engine === engine), 40 + at * PANEL)).join('\n')}
<text x="${LEFT}" y="${height - 8}" font-size="10" fill="#57606a">${new Date(atMs).toISOString().slice(0, 10)}, ${machine.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</text>
</svg>
`
}

function panel(engine: keyof typeof titles, results: readonly FlatResult[], top: number): string {
  const [bottom, head] = [top + PANEL - 56, top + TOP]
  const [least, most] = [Math.log(results[0]?.accounts ?? 1), Math.log(results.at(-1)?.accounts ?? 1)]
  const across = (accounts: number): string => (LEFT + ((Math.log(accounts) - least) / Math.max(1e-9, most - least)) * (WIDTH - LEFT - RIGHT)).toFixed(1)
  const down = (ratio: number): string => (bottom - (Math.min(MOST, ratio) / MOST) * (bottom - head)).toFixed(1)
  const first = results[0]?.operations ?? {}
  const lines = Object.keys(first).map((name, at) => {
    const cpuOf = ({ operations }: FlatResult): number => operations[name]?.cpuMicros ?? Number.NaN
    const points = results.filter((each) => Number.isFinite(cpuOf(each))).map((each) => `${across(each.accounts)},${down(cpuOf(each) / (first[name]?.cpuMicros ?? 1))}`)
    const micros = [results[0], results.at(-1)].map((each) => (each === undefined ? '' : Math.round(cpuOf(each)))).join(' → ')
    return `<polyline points="${points.join(' ')}" fill="none" stroke="${colours[at % colours.length]}" stroke-width="1.5"/><text x="${WIDTH - RIGHT + 12}" y="${head + 4 + at * 18}" fill="${colours[at % colours.length]}">${name}: ${micros}</text>`
  })
  const marks = [1, 2, 3, 4].map((ratio) => `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${down(ratio)}" y2="${down(ratio)}" stroke="#d0d7de" stroke-width="${ratio === 1 ? 1.2 : 0.5}"/><text x="${LEFT - 8}" y="${Number(down(ratio)) + 4}" text-anchor="end" fill="#57606a">${ratio} ×</text>`)
  const sizes = results.map(({ accounts, rows }) => `<text x="${across(accounts)}" y="${bottom + 18}" text-anchor="middle" fill="#57606a">${accounts.toLocaleString('en')}</text><text x="${across(accounts)}" y="${bottom + 32}" text-anchor="middle" font-size="10" fill="#57606a">${rows.toLocaleString('en')} rows</text>`)
  return [`<text x="${LEFT}" y="${top + 22}" font-weight="600">${titles[engine]}</text>`, ...marks, ...sizes, ...lines].join('\n')
}
