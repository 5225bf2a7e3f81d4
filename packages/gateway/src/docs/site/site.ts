/** A reference as files: each page as HTML and as its Markdown twin, and what lies beside them. The same contract gives the same bytes. */
import type { DescribedContract } from '../model/described-contract.ts'
import { EXAMPLE_API_URL } from '../pages/page-context.ts'
import { writeHtml } from '../write/html.ts'
import { writeMarkdown } from '../write/markdown.ts'
import { htmlDocument } from './html-document.ts'
import { sitePages } from './site-pages.ts'
import { createSiteLinks } from './site-links.ts'
import { siteStyle } from './site-style.ts'

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
  const links = createSiteLinks(pages, contract.docsUrl)
  return [
    ...pages.flatMap((page) => [
      { path: links.htmlFile(page.address), text: htmlDocument(page, writeHtml(page, links.fromHtml(page.address)), { siteTitle: title, links }) },
      { path: links.markdownFile(page.address), text: writeMarkdown(page, links.fromMarkdown(page.address)) },
    ]),
    { path: 'contract.json', text: `${JSON.stringify(contract.declaration, null, 2)}\n` },
    { path: 'assets/docs.css', text: siteStyle },
  ]
}
