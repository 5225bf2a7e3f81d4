/** The frame of an HTML page. Style is a file of its own: a strict Content-Security-Policy takes nothing inline. */
import type { Page } from '../model/page.ts'
import { escapeHtml } from '../write/escape-html.ts'
import type { SiteLinks } from './site-links.ts'

export interface HtmlFrame {
  readonly siteTitle: string
  readonly links: SiteLinks
}

export function htmlDocument({ address, title, summary }: Page, content: string, { siteTitle, links }: HtmlFrame): string {
  const linkTo = links.fromHtml(address)
  const canonical = links.canonical(address)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(address === '' ? siteTitle : `${title} · ${siteTitle}`)}</title>
<meta name="description" content="${escapeHtml(summary)}">
${canonical === undefined ? '' : `<link rel="canonical" href="${escapeHtml(canonical)}">\n`}<link rel="alternate" type="text/markdown" href="${escapeHtml(linkTo(links.markdownFile(address)))}">
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${escapeHtml(linkTo('assets/docs.css'))}">
</head>
<body>
<header><a href="${escapeHtml(linkTo(''))}">${escapeHtml(siteTitle)}</a></header>
<main>
${content}</main>
</body>
</html>
`
}
