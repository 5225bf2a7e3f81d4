/** What stands beside each page: all pages, and the sections of this one. */
import type { DescribedContract } from '../model/described-contract.ts'
import type { Page } from '../model/page.ts'
import { byStatus, isAmongOthers } from '../pages/entry-cells.ts'
import { escapeHtml } from '../write/escape-html.ts'
import type { LinkTo } from '../write/html.ts'
import { inlineText } from '../write/inline-text.ts'
import type { SitePages } from './site-pages.ts'

/** Files for programs, with what they are. */
export const machineFiles: readonly (readonly [path: string, title: string])[] = [
  ['llms.txt', 'llms.txt'],
  ['llms-full.txt', 'llms-full.txt'],
  ['errors.json', 'errors.json'],
  ['skill.md', 'skill.md'],
  ['contract.json', 'contract.json'],
]

export function siteNav(current: Page, { overview, indexes, guides }: SitePages, { entries }: DescribedContract, linkTo: LinkTo): string {
  const link = ({ address, title }: Pick<Page, 'address' | 'title'>, content = escapeHtml(title)): string => `<li><a href="${escapeHtml(linkTo(address))}"${address === current.address ? ' aria-current="page"' : ''}>${content}</a></li>`
  const group = (title: string, items: readonly string[]): string => `<h2>${title}</h2>\n<ul>${items.join('')}</ul>`
  const errors = byStatus(entries).flatMap(([status, own]) => own.map((entry) => link(entry, `<span class="at">${status}</span> ${entry.code === '' ? escapeHtml(entry.title) : `<code>${breakable(String(entry.code))}</code>${isAmongOthers(entry, entries) || typeof entry.code === 'number' ? ` <span class="which">${escapeHtml(entry.title)}</span>` : ''}`}`)))
  return `<nav id="menu" class="pages" aria-label="Pages">
${group('Find an error', [link({ address: overview.address, title: 'Overview' }), ...indexes.map((page) => link(page))])}
${group('Guides', guides.map((page) => link(page)))}
${group('Errors', errors)}
${group('For programs', machineFiles.map(([address, title]) => link({ address, title })))}
</nav>`
}

/** Undefined: too few to need a list. */
export function sectionNav({ blocks }: Page): string | undefined {
  const sections = blocks.flatMap((block) => (block.kind === 'heading' && block.level === 2 ? [{ id: block.id, title: inlineText(block.content) }] : []))
  if (sections.length < 3) return undefined
  return `<nav class="sections" aria-label="On this page">
<h2>On this page</h2>
<ul>${sections.map(({ id, title }) => `<li><a href="#${escapeHtml(id)}">${escapeHtml(title)}</a></li>`).join('')}</ul>
</nav>`
}


/** A long code may break behind its underscores. */
function breakable(code: string): string {
  return escapeHtml(code).replaceAll(/[_.]/g, '$&<wbr>')
}
