/** The frame of an HTML page. Style and script are files of their own: a strict Content-Security-Policy takes nothing inline, and each page has one. */
import type { DescribedContract } from '../model/described-contract.ts'
import type { Page } from '../model/page.ts'
import { escapeHtml } from '../write/escape-html.ts'
import { writeHtml } from '../write/html.ts'
import type { SitePages } from './site-pages.ts'
import type { SiteLinks } from './site-links.ts'
import { sectionNav, siteNav } from './site-nav.ts'

export interface HtmlFrame {
  readonly siteTitle: string
  readonly contract: DescribedContract
  readonly pages: SitePages
  readonly links: SiteLinks
}

/** What a page may load: its own style and script, and nothing of anybody else. */
export const PAGE_POLICY = "default-src 'none'; style-src 'self'; script-src 'self'; img-src data:; base-uri 'none'; form-action 'none'"

export function htmlDocument(page: Page, { siteTitle, contract, pages, links }: HtmlFrame): string {
  const { address, summary } = page
  const linkTo = links.fromHtml(address)
  const to = (path: string): string => escapeHtml(linkTo(path))
  const canonical = links.canonical(address)
  const sections = sectionNav(page)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${PAGE_POLICY}">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(address === '' ? siteTitle : `${headOf(page, contract)} · ${siteTitle}`)}</title>
<meta name="description" content="${escapeHtml(summary)}">
${canonical === undefined ? '' : `<link rel="canonical" href="${escapeHtml(canonical)}">\n`}<link rel="alternate" type="text/markdown" href="${to(links.markdownFile(address))}">
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${to('assets/docs.css')}">
<script src="${to('assets/docs.js')}"></script>
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<header>
<a class="home" href="${to('')}">${escapeHtml(siteTitle)}</a>
<div class="search scripted" role="search" hidden>
<input type="search" id="search" placeholder="Search: a code, a status, words" aria-label="Search the errors" aria-describedby="search-keys" aria-controls="results" autocomplete="off" autocapitalize="off" spellcheck="false">
<kbd id="search-keys" title="Press / to search"><span class="unseen">Press </span>/<span class="unseen"> to search, arrows to choose</span></kbd>
<div id="results" hidden></div>
<p class="unseen" id="found" role="status"></p>
</div>
<button type="button" class="theme scripted" hidden>Dark</button>
<a class="menu" href="#menu">Menu</a>
</header>
<div class="columns">
<main id="content" tabindex="-1">
<article>
${writeHtml(page, linkTo)}</article>
<footer>
<p><a href="${to(links.markdownFile(address))}">This page as Markdown</a> · <a href="${to('llms.txt')}">Documentation index (llms.txt)</a> · <a href="${to('errors.json')}">errors.json</a> · <a href="${to('skill.md')}">skill.md</a></p>
<p>Made from <a href="${to('contract.json')}">the contract ${escapeHtml(contract.name)}</a>, by which ${contract.declaration.decodeOnly === true ? 'answers are read' : 'the API answers, so that the two cannot differ'}.</p>
</footer>
</main>
${sections ?? ''}
${siteNav(page, pages, contract, linkTo)}
</div>
</body>
</html>
`
}

/** Of an entry also its code: that is what is searched for. */
function headOf({ address, title }: Page, { entries }: DescribedContract): string {
  const entry = entries.find((each) => each.address === address)
  return entry === undefined || entry.code === '' ? title : `${String(entry.code)}: ${title}`
}
