/** One page for an agent: how to call the API and react to each error. Short enough to be read whole (200 lines), however many errors there are. */
import type { DescribedContract, DescribedEntry } from '../model/described-contract.ts'
import { actorWords } from '../model/words/action-words.ts'
import { retryWords, twiceWords } from '../model/words/retry-words.ts'
import { codePlace, groupedBy, isAmongOthers, lowerFirst } from '../pages/entry-cells.ts'
import { authoredMarkdown } from '../write/authored-markdown.ts'
import { proseText } from '../write/prose-text.ts'
import type { LinkTo } from '../write/html.ts'

/** With more errors than these, those that are treated alike stand on one line. */
const LINES_MAX = 110

export function skillMarkdown(contract: DescribedContract, linkTo: LinkTo): string {
  const { name, requestId, idempotencyKey, rateHeaders, declaration, entries } = contract
  const title = authoredMarkdown(contract.title.replaceAll(/\s+/g, ' '))
  const place = codePlace(contract)
  const { authentication } = declaration.guides ?? {}
  return `---
name: ${name}-errors
description: Call the ${title.replaceAll(/[:\n]/g, ' ')} API and react rightly to each of its errors. Use when writing or running code that calls it, or when one of its errors comes up.
---

# ${title}: calling it, and its errors

${authentication === undefined ? '' : `## Credentials\n\n${authoredMarkdown(authentication)}\n\n`}## Reading an answer

${[
    entries.some(({ sentAs }) => sentAs < 400) ? 'An error may come with a status of success: look into every body.' : 'A status of 400 or more is an error.',
    place === undefined ? 'Errors have no code. Go by the status.' : `Branch on \`${place}\`. The status alone does not tell what to do, and the sentence may change.`,
    'Take a code that you do not know for one that is never repeated.',
    'An answer in another form comes from somebody in between: repeat 502, 503 and 504 with growing pauses, nothing else.',
    `Keep the id of the request: header \`${requestId.header}\`${requestId.place === undefined ? '' : `, in the body \`${requestId.place}\``}. Give it to support, never a key.`,
  ].map((line) => `- ${line}`).join('\n')}

## Whether to repeat

${Object.values(retryWords).map(({ title: rule, words }) => `- **${rule}**: ${words}`).join('\n')}
- \`Retry-After\` counts seconds from when the answer came, and goes before any other figure.
- ${idempotencyKey === undefined ? `There is no idempotency key. ${twiceWords.replace('repeat it under the same idempotency key, or look first', 'look first')}` : `Send \`${idempotencyKey}\` with what writes: a new key for each request, the same through its repeats.`}
${rateHeaders.length === 0 ? '' : `- Slow down before a limit is reached: ${rateHeaders.map((header) => `\`${header.name}\``).join(', ')}.\n`}
## What to do about each error

| Error | Status | Repeat | Who acts | What to do |
|---|---|---|---|---|
${rowsOf(entries).join('\n')}

## More

- [Index of all pages](${linkTo('llms.txt')})
- [All errors as data](${linkTo('errors.json')})
`
}

function rowsOf(entries: readonly DescribedEntry[]): readonly string[] {
  if (entries.length <= LINES_MAX) return entries.map((entry) => row([isAmongOthers(entry, entries) ? `${nameOf(entry)} (${lowerFirst(entry.title)})` : nameOf(entry)], entry, entry.remedy ?? entry.action.words))
  const alike = groupedBy(entries, ({ sentAs, retry, actor, action }) => `${sentAs} ${retry.rule} ${actor} ${action.id}`)
  return [...alike.values()].flatMap(([first, ...others]) => (first === undefined ? [] : [row([first, ...others].map(nameOf), first, first.action.words)]))
}

function nameOf({ code, title }: DescribedEntry): string {
  return code === '' ? title : `\`${String(code)}\``
}

function row(names: readonly string[], { sentAs, retry, actor }: DescribedEntry, cure: string): string {
  return `| ${[[...new Set(names)].join(', '), sentAs, retry.title, actorWords[actor].title, authoredMarkdown(proseText(cure))].map((cell) => String(cell).replaceAll('|', '\\|').replaceAll(/\s+/g, ' ')).join(' | ')} |`
}
