/** The page of a code: what a caller sees leads here, and from here to whatever it may mean. Codes that differ in case alone share one. */
import type { DescribedContract, DescribedEntry } from '../model/described-contract.ts'
import { authoredInline, codeInline, linkInline, paragraphBlock, tableBlock, type Page } from '../model/page.ts'
import { statusText } from './answer-blocks.ts'

export function codePages({ entries }: DescribedContract): readonly Page[] {
  const byAddress = new Map<string, DescribedEntry[]>()
  for (const entry of entries) if (entry.codeAddress !== undefined) byAddress.set(entry.codeAddress, [...(byAddress.get(entry.codeAddress) ?? []), entry])
  return [...byAddress].map(([address, sharing]) => codePage(address, sharing))
}

function codePage(address: string, sharing: readonly DescribedEntry[]): Page {
  const codes = [...new Set(sharing.map(({ code }) => String(code)))]
  const [only] = sharing
  return {
    address,
    title: codes.join(', '),
    summary: sharing.length === 1 ? `The code of ${only?.title.toLowerCase()}.` : `What the code ${codes.join(' or ')} may mean: ${sharing.map(({ title }) => title.toLowerCase()).join(', ')}.`,
    blocks: [
      sharing.length === 1 && only !== undefined ? paragraphBlock('This code means one thing: ', linkInline(only.address, only.title), '.') : paragraphBlock('Several refusals have this code. What else stands in the answer tells which one it is.'),
      tableBlock(
        `Refusals with the code ${codes.join(', ')}`,
        ['Refusal', 'Status', 'Code', 'Retry', 'What it means'],
        sharing.map(({ address: to, title, sentAs, code, retry, meaning, facts }) => [
          [linkInline(to, title)],
          [codeInline(statusText(sentAs))],
          [codeInline(String(code)), ...facts.flatMap(({ place, constant }) => (constant === undefined || place === undefined ? [] : [', ', codeInline(`${place}: ${JSON.stringify(constant)}`)]))],
          [retry.title],
          [authoredInline(meaning)],
        ]),
      ),
    ],
  }
}
