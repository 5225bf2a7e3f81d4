/**
 * Side by side: what the five original pages say, the generated reference says too, on the page where one looks for it, in HTML and in Markdown. Each line of an original is
 * a fact of the tables beside this file, or stands there with the reason why it is none.
 */
import { catalog } from 'tollgate/catalog'
import { describe, expect, it } from 'vitest'
import { describeContract, EXAMPLE_NOW_MS } from '../../packages/gateway/src/docs/model/describe-contract.ts'
import { siteOf } from '../../packages/gateway/src/docs/site/site.ts'
import { readPage, type PageName } from '../reference-pages/page.ts'
import { aiApiFacts } from './ai-api-facts.ts'
import { chatadsFacts } from './chatads-facts.ts'
import type { PageFacts } from './fact.ts'
import { joggFacts } from './jogg-facts.ts'
import { leaperoneFacts } from './leaperone-facts.ts'
import { nexalayerFacts } from './nexalayer-facts.ts'

const tables: readonly (readonly [PageName, PageFacts])[] = [
  ['ai-api', aiApiFacts],
  ['chatads', chatadsFacts],
  ['jogg', joggFacts],
  ['leaperone', leaperoneFacts],
  ['nexalayer', nexalayerFacts],
]

const entities: { readonly [name: string]: string } = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", '#x27': "'" }

/** What stands beside each page would let anything be found anywhere. */
function textOfHtml(html: string): string {
  const [, content = ''] = /<main[^>]*>(.*)<\/main>/s.exec(html) ?? []
  return content.replaceAll(/<[^>]*\bhref="([^"]*)"[^>]*>/g, ' $1 ').replaceAll(/<[^>]*>/g, '').replaceAll(/&(#?\w+);/g, (whole, name: string) => entities[name] ?? whole)
}

/** Space, case and marks of Markdown do not count. */
const plain = (text: string): string => text.replaceAll(/[\s`*\\]+/g, '').toLowerCase()

describe.each(tables)('the page of %s', (name, { facts, silent }) => {
  const contract = catalog[name]
  if (contract === undefined) throw new Error(`${name} is not in the catalog`)
  const files = new Map(siteOf(describeContract(contract, { nowMs: EXAMPLE_NOW_MS })).map(({ path, text }) => [path, text]))
  const lines = readPage(name).split('\n')

  it('is told line by line', () => {
    const silentLines = new Set(silent.flatMap(([at]) => (typeof at === 'number' ? [at] : Array.from({ length: at[1] - at[0] + 1 }, (_, step) => at[0] + step))))
    const told = new Set([...facts.map(([line]) => line), ...silentLines])
    const untold = lines.flatMap((line, at) => (line.trim() === '' || told.has(at + 1) ? [] : [`${at + 1}: ${line}`]))
    expect(untold).toEqual([])
    // No table names what is not there.
    expect([...told].filter((line) => (lines[line - 1] ?? '').trim() === '' && !silentLines.has(line))).toEqual([])
    expect(facts.filter(([line]) => silentLines.has(line)).map(([line]) => line)).toEqual([])
  })

  it.each(facts.map(([line, page, ...says]) => ({ line, page, says })))('line $line is said on "$page": $says', ({ page, says }) => {
    const html = files.get(page === '' ? 'index.html' : `${page}/index.html`)
    const markdown = files.get(page === '' ? 'index.md' : `${page}.md`)
    expect([html === undefined, markdown === undefined]).toEqual([false, false])
    const texts = [plain(textOfHtml(html ?? '')), plain(markdown ?? '')]
    expect(says.filter((text) => !texts.every((whole) => whole.includes(plain(text))))).toEqual([])
  })
})
