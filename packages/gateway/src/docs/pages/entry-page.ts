/** The page of an entry: what it means, what is sent, who must act, whether and when to try again, what it carries, why it comes, how to provoke and how to handle it. */
import type { DescribedContract, DescribedEntry } from '../model/described-contract.ts'
import { authoredInline, badgeInline, codeBlock, codeInline, headingBlock, linkInline, listBlock, noteBlock, paragraphBlock, strongInline, tableBlock, termsBlock, type Block, type InlineLike, type Page } from '../model/page.ts'
import { actorWords } from '../model/words/action-words.ts'
import { provokeWords } from '../model/words/provoke-words.ts'
import { twiceWords } from '../model/words/retry-words.ts'
import { proseText } from '../write/prose-text.ts'
import { answerBlocks, statusText } from './answer-blocks.ts'
import { lowerFirst, statusBadge } from './entry-cells.ts'
import { factBlocks } from './fact-blocks.ts'
import { handleInCurl } from './handle-in-curl.ts'
import { handleInPython } from './handle-in-python.ts'
import { handleInTypescript } from './handle-in-typescript.ts'
import type { PageContext } from './page-context.ts'
import { readOnlyNote } from './read-only-note.ts'

export function entryPage(contract: DescribedContract, entry: DescribedEntry, context: PageContext): Page {
  return {
    address: entry.address,
    title: entry.title,
    summary: proseText(entry.meaning),
    blocks: [
      paragraphBlock(strongInline(authoredInline(entry.meaning))),
      termsBlock(termsOf(entry)),
      ...readOnlyNote(contract),
      ...answerBlocks(contract, entry),
      ...actionBlocks(entry),
      ...retryBlocks(entry),
      ...factBlocks(entry),
      ...causeBlocks(entry),
      ...provokeBlocks(contract, entry),
      ...handleBlocks(contract, entry, context),
      ...relatedBlocks(contract, entry),
      ...historyBlocks(contract, entry),
    ],
  }
}

function termsOf({ code, codeAddress, sentAs, retry, actor, action, reason }: DescribedEntry): readonly (readonly [string, ...InlineLike[]])[] {
  return [
    ...(codeAddress === undefined ? [] : [['Code', linkInline(codeAddress, codeInline(String(code)))] as const]),
    ['Status', statusBadge(sentAs), statusText(sentAs).replace(/^\d+/, '')],
    ['Retry', badgeInline(retry.rule, linkInline('#retry', retry.title))],
    ['Who acts', `${actorWords[actor].title}: ${action.title.toLowerCase()}`],
    ['Reason', codeInline(reason)],
  ]
}

function actionBlocks({ actor, retry, steps }: DescribedEntry): readonly Block[] {
  const { title, who } = actorWords[actor]
  const meanwhile = actor === 'provider' ? (retry.rule === 'never' ? 'The caller can only report it.' : 'The caller repeats the request meanwhile, as is said below.') : ''
  return [
    headingBlock(2, 'action', 'What to do'),
    paragraphBlock(strongInline(title), ` must act: ${who}. ${meanwhile}`.trimEnd()),
    listBlock(steps.map((step) => [authoredInline(step)]), steps.length > 1),
  ]
}

const MAY_BE_DONE = /^(?:upstream|internal)/

function retryBlocks({ retry, reason }: DescribedEntry): readonly Block[] {
  return [
    headingBlock(2, 'retry', 'Retry: ', retry.title.toLowerCase()),
    paragraphBlock(retry.words),
    ...(retry.clock === undefined ? [] : [paragraphBlock(strongInline('Clock:'), ' ', authoredInline(retry.clock.words))]),
    ...(MAY_BE_DONE.test(reason) ? [noteBlock('warning', `The work may have been done all the same. ${twiceWords}`)] : []),
  ]
}

function causeBlocks({ description, meaning, causes, when }: DescribedEntry): readonly Block[] {
  return [
    headingBlock(2, 'causes', 'Causes'),
    // It stands at the head of the page where it is one sentence.
    ...(description === meaning ? [] : [{ kind: 'prose', markdown: description } as const]),
    listBlock(causes.map(({ reason, words }, at) => [codeInline(reason), `: ${words}${at === 0 && when.length > 0 ? ` Here: ${when.join(', and ')}.` : ''}`])),
  ]
}

function provokeBlocks(contract: DescribedContract, { id, reason }: DescribedEntry): readonly Block[] {
  return [
    headingBlock(2, 'provoke', 'How to provoke it'),
    paragraphBlock('At the API itself: ', authoredInline(lowerFirst(provokeWords[reason]))),
    paragraphBlock('Without it, the ', linkInline('contract.json', 'contract of this API'), ' is played on your own machine:'),
    codeBlock('bash', [...(contract.docsUrl === undefined ? [] : [`curl -sO ${contract.docsUrl}/contract.json`]), 'tollgate mock ./contract.json --port 4010 &', `curl -i http://localhost:4010/_mock/${id}`, `curl -i http://localhost:4010/things -H 'Tollgate-Mock: ${id}'`, ''].join('\n')),
    paragraphBlock('The header comes with any request of a client. With ', codeInline('; times=2'), ' behind it, two attempts of a call are refused, and the third succeeds.'),
  ]
}

function handleBlocks(contract: DescribedContract, entry: DescribedEntry, context: PageContext): readonly Block[] {
  return [
    headingBlock(2, 'handle', 'How to handle it'),
    codeBlock('typescript', handleInTypescript(contract, entry, context), 'TypeScript'),
    codeBlock('python', handleInPython(contract, entry, context), 'Python'),
    codeBlock('bash', handleInCurl(contract, entry, context), 'curl'),
  ]
}

function relatedBlocks({ entries }: DescribedContract, { related }: DescribedEntry): readonly Block[] {
  const rows = related.flatMap(({ id, why }) => {
    const other = entries.find((each) => each.id === id)
    return other === undefined ? [] : [[[linkInline(other.address, other.title), ...(other.code === '' ? [] : [' ', codeInline(String(other.code))])], [codeInline(String(other.sentAs))], [other.retry.title], [`${why}.`]]]
  })
  return rows.length === 0 ? [] : [headingBlock(2, 'related', 'Not to be taken for'), tableBlock('Others like it, with another cure', ['Refusal', 'Status', 'Retry', 'What differs'], rows)]
}

function historyBlocks({ declaration }: DescribedContract, { id }: DescribedEntry): readonly Block[] {
  const { since, changed = {} } = declaration.entries[id] ?? {}
  const lines: readonly (readonly InlineLike[])[] = [...(since === undefined ? [] : [[strongInline(since), ': there since then.']]), ...Object.entries(changed).map(([version, words]) => [strongInline(version), ': ', authoredInline(words)])]
  return lines.length === 0 ? [] : [headingBlock(2, 'since', 'Since'), listBlock(lines)]
}
