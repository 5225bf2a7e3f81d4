/** For programs that read: an index of all pages (llmstxt.org), all of them in one file, and the line on each that leads to the index. */
import type { DescribedContract } from '../model/described-contract.ts'
import type { Page } from '../model/page.ts'
import { retryWords } from '../model/words/retry-words.ts'
import { codePlace, isAmongOthers, lowerFirst } from '../pages/entry-cells.ts'
import { proseText } from '../write/prose-text.ts'
import type { LinkTo } from '../write/html.ts'
import type { SitePages } from './site-pages.ts'

/** In front of each Markdown page. */
export function indexPointer(address: string): string {
  return `> ## Documentation Index\n> Fetch the complete documentation index at: ${address}\n> Use this file to discover all available pages before exploring further.\n\n`
}

export function llmsTxt(contract: DescribedContract, { overview, indexes, guides }: SitePages, title: string, linkTo: LinkTo): string {
  const { entries, requestId } = contract
  const place = codePlace(contract)
  const list = (pages: readonly Page[]): string => pages.map((page) => `- [${page.title}](${linkTo(page.address)}): ${page.summary}`).join('\n')
  const errors = entries.map((entry) => `- [${entry.code === '' ? entry.title : String(entry.code)}${isAmongOthers(entry, entries) ? ` (${lowerFirst(entry.title)})` : ''}](${linkTo(entry.address)}): status ${entry.sentAs}, retry ${entry.retry.title.toLowerCase()}. ${proseText(entry.meaning)}`).join('\n')
  return `# ${title}

> ${overview.summary}

${place === undefined ? 'Errors have no code: go by the status.' : `Branch on \`${place}\`, never on the sentence, and not on the status alone.`} Four rules say what a program may do: ${Object.values(retryWords).map(({ title: name, words }) => `**${name}**: ${words}`).join(' ')} The id of a request stands in the header \`${requestId.header}\`.

## Start here

${list([overview, ...indexes])}

## Errors

${errors}

## Guides

${list(guides)}

## Data

- [errors.json](${linkTo('errors.json')}): every error as data; its JSON Schema is [errors.schema.json](${linkTo('errors.schema.json')})
- [contract.json](${linkTo('contract.json')}): the contract that all of this is made from
- [skill.md](${linkTo('skill.md')}): how to call this API and react to each error, on one page

## Optional

- [llms-full.txt](${linkTo('llms-full.txt')}): all pages in one file
`
}

/** Pages of codes are left out: they lead to others. */
export function llmsFullTxt(twins: readonly { readonly page: Page; readonly markdown: string }[], title: string, summary: string): string {
  const whole = twins.filter(({ page }) => !page.address.startsWith('codes/'))
  return `# ${title}\n\n> ${summary}\n\n${whole.map(({ page, markdown }) => `---\n\nPage: ${page.address === '' ? 'index' : page.address}\n\n${markdown}`).join('\n')}`
}
