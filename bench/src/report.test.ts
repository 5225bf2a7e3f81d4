import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { parseOrder } from './command-line.ts'
import { ratiosSvg } from './ratios-svg.ts'
import { formatReport } from './report.ts'
import { withFigures } from './save-run.ts'
import type { SavedRun } from './saved-run.ts'
import { median } from './rounds.ts'

const run: SavedRun = {
  atMs: 0,
  machine: 'a machine',
  versions: { node: '20.19.0', nginx: '1.22.1' },
  secondsEach: 2,
  cases: [
    {
      name: 'case',
      title: 'what is done',
      left: ['nginx: not installed here'],
      findings: [{ title: 'one : other', value: 1.456, unit: '×', better: 'more', goal: { floor: 1.3, stretch: 1.6 } }],
      contenders: [{ name: 'one', measures: { perSecond: 12_345.6, cpuMicros: 7.891, bytes: null } }],
    },
  ],
}

it('a report says ratios first, whether a goal is reached, who is left out, and the machine before any absolute figure', () => {
  expect(formatReport(run)).toBe(`\
**case**: what is done

|             |   here | goal | stretch |         |
|-------------|-------:|-----:|--------:|--------:|
| one : other | 1.46 × |  1.3 |     1.6 | reached |

Left out: nginx: not installed here.

### Absolute figures

a machine

| case | CPU µs each | a second |
|------|------------:|---------:|
| one  |        7.89 |   12,346 |
`)
})

it('the page of figures says what the kept run says', () => {
  const kept = JSON.parse(readFileSync(new URL('../results/latest.json', import.meta.url), 'utf8')) as SavedRun
  const page = readFileSync(new URL('../../docs/performance.md', import.meta.url), 'utf8')
  expect(withFigures(page, kept)).toBe(page)
  expect(withFigures(page, run)).toContain('Measured on 1970-01-01, 2 seconds each, beside nginx 1.22.1.')
})

it('the median of an even number of rounds lies between the middle two', () => {
  expect(median([4, 1, 3, 2])).toBe(2.5)
  expect(median([3, 1, 2])).toBe(2)
})

it('a wrong argument is named, with what may stand there', () => {
  const known = ['refusal', 'accepted']
  expect(parseOrder(['refusl'], known)).toEqual({ kind: 'wrong', problem: 'there is no benchmark "refusl"; choose from refusal, accepted' })
  expect(parseOrder(['--seconds', 'soon'], known)).toEqual({ kind: 'wrong', problem: '--seconds soon: must be a number from 0.5 to 60' })
  expect(parseOrder(['accepted', '--seconds', '2'], known)).toEqual({ kind: 'run', order: { names: ['accepted'], seconds: 2, profileDir: undefined, compare: undefined, save: false } })
  expect(parseOrder(['--save', '--compare', 'main'], known)).toEqual({ kind: 'wrong', problem: '--save keeps figures beside peers, and --compare has none: choose one' })
})

it('the picture has a bar for each peer of which there is a ratio, left of the line where it is ahead', () => {
  const findings = [
    { title: 'tollgate : nginx', value: 0.5, unit: '×', better: 'more' },
    { title: 'tollgate : fastify', value: 2, unit: '×', better: 'more' },
    { title: 'tollgate : Caddy', value: null, unit: '×', better: 'more' },
    { title: 'p99, tollgate : nginx', value: 3, unit: '×', better: 'less' },
  ] as const
  const svg = ratiosSvg({ cases: [{ name: 'accepted', title: '', left: [], findings, contenders: [] }], machine: 'a & b', atMs: 0 })
  expect(svg.match(/<rect x="(\d+)/g)).toHaveLength(2)
  expect(svg).toContain('>0.50</text>')
  expect(svg).toContain('>2.0</text>')
  expect(svg).toContain('1970-01-01, a &amp; b')
})
