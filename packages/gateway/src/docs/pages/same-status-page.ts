import type { DescribedContract, DescribedEntry } from '../model/described-contract.ts'
import { codeInline, headingBlock, linkInline, paragraphBlock, type Block, type Inline, type Page } from '../model/page.ts'
import { statusText } from './answer-blocks.ts'
import { byStatus, codePlace, cureOf, differenceTable, enumerated, groupedBy, retryBadge, statusBadge } from './entry-cells.ts'

/** Which statuses have errors that are cured in different ways, and how to tell them apart. */
export function sameStatusPage(described: DescribedContract): Page {
  const groups = byStatus(described.entries).filter(([, entries]) => curesOf(entries).size > 1)
  const codes = [...groupedBy(described.entries.filter(({ code }) => code !== ''), ({ code }) => code)].filter(([, entries]) => curesOf(entries).size > 1)
  return {
    address: 'same-status',
    title: 'Same status, different cure',
    summary: 'Errors that look alike by their status, and need something else done about them.',
    blocks: [
      groups.length === 0
        ? paragraphBlock('There are none here: all errors of one status are cured in the same way.')
        : paragraphBlock('A program that goes by the status alone does the wrong thing for some of these. ', ...howToTell(described), ...(codes.length === 0 ? [] : [' Where that is the same as well, ', linkInline('same-status#same-code', 'see below'), '.'])),
      ...groups.flatMap(([status, entries]): readonly Block[] => [headingBlock(2, String(status), statusBadge(status), statusText(status).replace(/^\d+/, '')), differenceTable(`Errors with status ${status}, and their cures`, entries, described)]),
      ...(codes.length === 0
        ? []
        : [
            headingBlock(2, 'same-code', 'Same code, different cure'),
            paragraphBlock('Here the code does not tell either. Look at the status, and where that is the same too, at the sentence.'),
            ...codes.flatMap(([code, entries]): readonly Block[] => [headingBlock(3, `code-${String(code)}`, codeInline(String(code))), sentenceTable(code, entries)]),
          ]),
    ],
  }
}

/** What a program and a person do: where two differ in it, they are told apart here. */
function curesOf(entries: readonly DescribedEntry[]): ReadonlySet<string> {
  return new Set(entries.map(({ retry, action, actor }) => `${retry.rule} ${action.id} ${actor}`))
}

function howToTell(described: DescribedContract): readonly (Inline | string)[] {
  const place = codePlace(described)
  const others = described.members.filter(({ slot }) => slot !== 'code' && slot !== 'message' && slot !== 'requestId' && slot !== 'timestamp' && slot !== 'status' && slot !== 'details')
  if (place !== undefined) return ['Branch on ', codeInline(place), ', as it stands in ', linkInline('answers', 'each answer'), '.']
  return others.length === 0 ? ['These have no code: the sentence tells them apart.'] : ['These have no code. What tells them apart: ', ...enumerated(others.map((member) => codeInline(member.place))), '.']
}

function sentenceTable(code: string | number, entries: readonly DescribedEntry[]): Block {
  return {
    kind: 'table',
    caption: `Errors with the code ${String(code)}`,
    columns: ['Status', 'Sentence', 'Retry', 'Cure'],
    rows: entries.map((entry) => [
      [statusBadge(entry.sentAs)],
      [linkInline(entry.address, Object.values(entry.messages)[0]?.[0] ?? entry.title)],
      [retryBadge(entry)],
      [cureOf(entry)],
    ]),
  }
}
