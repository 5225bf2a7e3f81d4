/** Keeps a run in `bench/results`, and a picture of what follows from it. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { CaseResult } from './rounds.ts'
import { ratiosSvg } from './ratios-svg.ts'
import type { SavedCase, SavedRun } from './saved-run.ts'

const directory = fileURLToPath(new URL('../results', import.meta.url))
const file = join(directory, 'latest.json')

function savedCase({ benchCase: { name, title }, left, findings, contenders }: CaseResult): SavedCase {
  return {
    name,
    title,
    left,
    findings: findings.map(({ finding: { title: of, unit, better, goal }, value }) => ({ title: of, value: rounded(value), unit, better, ...(goal !== undefined && { goal }) })),
    contenders: contenders.map(({ name: of, measures }) => ({ name: of, measures: Object.fromEntries(Object.entries(measures).map(([figure, value]) => [figure, rounded(value)])) })),
  }
}

/** JSON has no NaN. */
function rounded(value: number): number | null {
  return Number.isFinite(value) ? Number(value.toPrecision(4)) : null
}

/** Cases that were not run keep what they had, where machine and versions are the same. Gives the names of the files. */
export function saveRun(results: readonly CaseResult[], about: Omit<SavedRun, 'cases'>): readonly string[] {
  const before = readBefore()
  const kept = before?.machine === about.machine && JSON.stringify(before.versions) === JSON.stringify(about.versions) ? before.cases : []
  const fresh = results.map(savedCase)
  const names = new Set(fresh.map(({ name }) => name))
  const run: SavedRun = { ...about, cases: [...kept.filter(({ name }) => !names.has(name)), ...fresh] }
  mkdirSync(directory, { recursive: true })
  writeFileSync(file, `${JSON.stringify(run, null, 2)}\n`)
  const picture = join(directory, 'ratios.svg')
  writeFileSync(picture, ratiosSvg(run))
  return [file, picture]
}

function readBefore(): SavedRun | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as SavedRun
  } catch {
    return undefined
  }
}
