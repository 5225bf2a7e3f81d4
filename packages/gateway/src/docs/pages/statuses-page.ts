import type { DescribedContract, DescribedEntry } from '../model/described-contract.ts'
import { codeInline, headingBlock, linkInline, paragraphBlock, type Block, type Page } from '../model/page.ts'
import { statusText } from './answer-blocks.ts'
import { byStatus, differenceTable, enumerated, statusBadge } from './entry-cells.ts'

/** By the status that a caller sees. */
export function statusesPage(described: DescribedContract): Page {
  const groups = byStatus(described.entries)
  return {
    address: 'statuses',
    title: 'By status',
    summary: `Each HTTP status that ${described.title} refuses with, and every error under it.`,
    blocks: [
      paragraphBlock('A status tells the kind of a refusal, seldom which it is, and not whether to repeat: ', linkInline('same-status', 'the same status may need another cure'), '. You see ', ...enumerated(groups.map(([status]) => linkInline(`statuses#${status}`, String(status)))), '.'),
      ...groups.flatMap(([status, entries]) => [headingBlock(2, String(status), statusBadge(status), statusText(status).replace(/^\d+/, '')), ...meantBlocks(status, entries), differenceTable(`Errors with status ${status}`, entries, described)]),
    ],
  }
}

/** Where the wire hides what is meant. */
function meantBlocks(status: number, entries: readonly DescribedEntry[]): readonly Block[] {
  const meant = [...new Set(entries.flatMap((entry) => (entry.status === status ? [] : [entry.status])))].toSorted((a, b) => a - b)
  return meant.length === 0 ? [] : [paragraphBlock('Under this status the API also says what means ', ...enumerated(meant.map((each) => codeInline(statusText(each)))), ': look into the body.')]
}
