/** Keeps a run in `bench/results`, and writes its picture and its tables into the docs. */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { assumptionsFrom } from '../scaling/assumptions.ts'
import { formatScaling } from '../scaling/scaling-page.ts'
import type { EnginesRun } from './engine-run.ts'
import { enginesSvg } from './engines-svg.ts'
import { formatEngines } from './tables.ts'

const resultFile = fileURLToPath(new URL('../../results/engines.json', import.meta.url))
const pictureFile = fileURLToPath(new URL('../../../docs/engines.svg', import.meta.url))
const pageFile = fileURLToPath(new URL('../../../docs/scaling.md', import.meta.url))

const FIGURES = ['<!-- figures: written by npm run bench:engines -- --save -->\n', '<!-- end of figures -->\n'] as const
const MODEL = ['<!-- model: written by npm run bench:engines -- --save -->\n', '<!-- end of model -->\n'] as const

export function readEngines(): EnginesRun | undefined {
  try {
    return JSON.parse(readFileSync(resultFile, 'utf8')) as EnginesRun
  } catch {
    return undefined
  }
}

/** A part that was not run keeps what it had. Gives the names of the files. */
export function saveEngines(fresh: EnginesRun): readonly string[] {
  const before = readEngines()
  const run = {
    ...fresh,
    admissions: (['postgres', 'valkey'] as const).flatMap((engine) => {
      const [now, then] = [fresh, before].map((each) => each?.admissions.filter((situation) => situation.engine === engine) ?? [])
      return now !== undefined && now.length > 0 ? now : (then ?? [])
    }),
    flat: fresh.flat.length > 0 ? fresh.flat : (before?.flat ?? []),
  }
  const json = JSON.stringify(run, (_, value: unknown) => (typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value), 2)
  writeFileSync(resultFile, `${json}\n`)
  const kept = JSON.parse(json) as EnginesRun
  writeFileSync(pictureFile, enginesSvg(kept))
  writeFileSync(pageFile, withEngines(readFileSync(pageFile, 'utf8'), kept))
  return [resultFile, pictureFile, pageFile]
}

/** The page with the tables of a run in their place, and what the model makes of them. */
export function withEngines(page: string, run: EnginesRun): string {
  return between(between(page, FIGURES, formatEngines(run)), MODEL, formatScaling(assumptionsFrom(run)))
}

function between(page: string, [begin, end]: readonly [string, string], text: string): string {
  const [before, rest] = page.split(begin)
  const after = rest?.split(end)[1]
  if (before === undefined || after === undefined) throw new Error(`${pageFile} has no place for what stands between ${begin}`)
  return `${before}${begin}\n${text}\n\n${end}${after}`
}
