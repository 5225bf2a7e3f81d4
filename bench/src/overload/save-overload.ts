/** Keeps a run in `bench/results`, with its picture, and writes its tables into `docs/overload.md`. */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { goodputSvg } from './goodput-svg.ts'
import { formatOverload, type OverloadRun } from './tables.ts'

const resultFile = fileURLToPath(new URL('../../results/overload.json', import.meta.url))
const pictureFile = fileURLToPath(new URL('../../results/overload.svg', import.meta.url))
const pageFile = fileURLToPath(new URL('../../../docs/overload.md', import.meta.url))

const BEGIN = '<!-- figures: written by npm run bench:overload -- --save -->\n'
const END = '<!-- end of figures -->\n'

export function readOverload(): OverloadRun | undefined {
  try {
    return JSON.parse(readFileSync(resultFile, 'utf8')) as OverloadRun
  } catch {
    return undefined
  }
}

/** Gives the names of the files. */
export function saveOverload(run: OverloadRun): readonly string[] {
  // Rows of numbers on one line each.
  const json = JSON.stringify(run, null, 2).replaceAll(/\[[\s\d.,-]+\]/g, (row) => row.replaceAll(/\s+/g, ''))
  writeFileSync(resultFile, `${json}\n`)
  writeFileSync(pictureFile, goodputSvg(run))
  writeFileSync(pageFile, withOverload(readFileSync(pageFile, 'utf8'), run))
  return [resultFile, pictureFile, pageFile]
}

/** The page with the tables of a run in their place. */
export function withOverload(text: string, run: OverloadRun): string {
  const [before, rest] = text.split(BEGIN)
  const after = rest?.split(END)[1]
  if (before === undefined || after === undefined) throw new Error(`${pageFile} has no place for figures`)
  return `${before}${BEGIN}\n${formatOverload(run)}\n${END}${after}`
}
