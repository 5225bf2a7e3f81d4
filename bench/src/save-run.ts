/** Keeps a run in `bench/results`, with a picture of what follows from it, and writes its tables into `docs/performance.md`. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { CaseResult } from './rounds.ts'
import { ratiosSvg } from './ratios-svg.ts'
import { formatReport } from './report.ts'
import type { SavedCase, SavedRun } from './saved-run.ts'

const directory = fileURLToPath(new URL('../results', import.meta.url))
const file = join(directory, 'latest.json')

/** Between these lines of the page stands what is written here. */
const page = fileURLToPath(new URL('../../docs/performance.md', import.meta.url))
const BEGIN = '<!-- figures: written by npm run bench -- --save -->\n'
const END = '<!-- end of figures -->\n'

export function savedCase({ benchCase: { name, title }, left, findings, contenders }: CaseResult): SavedCase {
  return {
    name,
    title,
    left,
    findings: findings.map(({ finding: { title: of, unit, better, goal }, value }) => ({ title: of, value: rounded(value), unit, better, ...(goal !== undefined && { goal }) })),
    contenders: contenders.map(({ name: of, measures }) => ({ name: of, measures: Object.fromEntries(Object.entries(measures).map(([figure, value]) => [figure, rounded(value)])) })),
  }
}

function rounded(value: number): number | null {
  return Number.isFinite(value) ? Number(value.toPrecision(4)) : null
}

/** Cases that were not run keep what they had, where machine and versions are the same. Gives the names of the files. */
export function saveRun(fresh: SavedRun): readonly string[] {
  const before = readBefore()
  const kept = before?.machine === fresh.machine && JSON.stringify(before.versions) === JSON.stringify(fresh.versions) ? before.cases : []
  const names = new Set(fresh.cases.map(({ name }) => name))
  const run: SavedRun = { ...fresh, cases: [...kept.filter(({ name }) => !names.has(name)), ...fresh.cases] }
  mkdirSync(directory, { recursive: true })
  writeFileSync(file, `${JSON.stringify(run, null, 2)}\n`)
  const picture = join(directory, 'ratios.svg')
  writeFileSync(picture, ratiosSvg(run))
  writeFileSync(page, withFigures(readFileSync(page, 'utf8'), run))
  return [file, picture, page]
}

/** The page with the figures of a run in their place. */
export function withFigures(text: string, run: SavedRun): string {
  const [before, rest] = text.split(BEGIN)
  const after = rest?.split(END)[1]
  if (before === undefined || after === undefined) throw new Error(`${page} has no place for figures`)
  const day = new Date(run.atMs).toISOString().slice(0, 10)
  const others = Object.entries(run.versions).filter(([name]) => name !== 'node').map(([name, version]) => `${name} ${version}`)
  return `${before}${BEGIN}\nMeasured on ${day}, ${run.secondsEach} seconds each, beside ${others.join(', ')}.\n\n${formatReport(run)}\n${END}${after}`
}

function readBefore(): SavedRun | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as SavedRun
  } catch {
    return undefined
  }
}
