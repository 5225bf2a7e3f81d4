/** A reference as files: each page as HTML and as its Markdown twin, and what lies beside them. The same contract gives the same bytes. */
import type { DescribedContract } from '../model/described-contract.ts'
import { EXAMPLE_API_URL } from '../pages/page-context.ts'
import { writeMarkdown } from '../write/markdown.ts'
import { htmlDocument } from './html-document.ts'
import { sitePages } from './site-pages.ts'
import { createSiteLinks } from './site-links.ts'
import { errorsDocument } from './errors-document.ts'
import { errorsSchema } from './errors-schema.ts'
import { indexPointer, llmsFullTxt, llmsTxt } from './llms-files.ts'
import { searchIndex, searchScript } from './search-index.ts'
import { siteScript } from './site-script.ts'
import { siteStyle } from './site-style.ts'
import { skillMarkdown } from './skill-markdown.ts'

export interface SiteFile {
  /** Below the folder, with slashes. */
  readonly path: string
  readonly text: string
}

export interface SiteOptions {
  /** Of the whole reference. Default: of the API, and `errors`. */
  readonly title?: string | undefined
  /** The base address of the API in examples. */
  readonly apiUrl?: string | undefined
}

export function siteOf(contract: DescribedContract, { title = `${contract.title} errors`, apiUrl = EXAMPLE_API_URL }: SiteOptions = {}): readonly SiteFile[] {
  const pages = sitePages(contract, { apiUrl: apiUrl.replace(/\/+$/, '') })
  const links = createSiteLinks(pages.all, contract.docsUrl)
  const twins = pages.all.map((page) => ({ page, markdown: writeMarkdown(page, links.fromMarkdown(page.address)) }))
  const items = searchIndex(contract, pages)
  return [
    ...twins.flatMap(({ page, markdown }) => [
      { path: links.htmlFile(page.address), text: htmlDocument(page, { siteTitle: title, contract, pages, links }) },
      { path: links.markdownFile(page.address), text: `${indexPointer(links.fromMarkdown(page.address)('llms.txt'))}${markdown}` },
    ]),
    { path: 'llms.txt', text: llmsTxt(contract, pages, title, links.fromMarkdown('')) },
    { path: 'llms-full.txt', text: llmsFullTxt(twins, title, pages.overview.summary) },
    { path: 'errors.json', text: jsonText(errorsDocument(contract)) },
    { path: 'errors.schema.json', text: jsonText(errorsSchema) },
    { path: 'skill.md', text: skillMarkdown(contract, links.fromMarkdown('')) },
    { path: 'contract.json', text: jsonText(contract.declaration) },
    { path: 'search-index.json', text: jsonText(items) },
    { path: 'assets/search-index.js', text: searchScript(items) },
    { path: 'assets/docs.js', text: siteScript },
    { path: 'assets/docs.css', text: siteStyle },
  ]
}

function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
