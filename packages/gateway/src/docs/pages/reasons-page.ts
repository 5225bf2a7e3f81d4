import { serverReasons, type ServerReason } from 'tollgate/contract'
import type { DescribedContract } from '../model/described-contract.ts'
import { codeInline, headingBlock, paragraphBlock, tableBlock, type InlineLike, type Page } from '../model/page.ts'
import { reasonWords } from '../model/words/reason-words.ts'
import { entryLinkAmong } from './entry-cells.ts'

const familyTitles: { readonly [family: string]: string } = {
  credential: 'Keys', token: 'Tokens', permission: 'Permissions', account: 'Accounts', request: 'The request as a whole', field: 'Fields', route: 'Paths', method: 'Methods', resource: 'What a request names',
  rate: 'Rates', concurrency: 'What runs at once', quota: 'Quotas', credit: 'Credit', session: 'Sessions', idempotency: 'Idempotency keys', content: 'Content', upstream: 'Services behind the API', capacity: 'Load',
  service: 'Maintenance', internal: 'Faults of the API',
}

/** By what happened, in the vocabulary that is the same for every API. */
export function reasonsPage(described: DescribedContract): Page {
  const families = [...new Set(serverReasons.map(familyOf))]
  return {
    address: 'reasons',
    title: 'By reason',
    summary: 'What can happen, in one vocabulary for every API, and which error says it here.',
    blocks: [
      paragraphBlock(`These words are the same for every API that is described in this way, and finer than its codes. Where ${described.title} has no code of its own for one, another speaks for it.`),
      ...families.flatMap((family) => {
        const rows = serverReasons.filter((reason) => familyOf(reason) === family).flatMap((reason) => {
          const links = saidBy(reason, described)
          return links.length === 0 ? [] : [[[codeInline(reason)], [reasonWords[reason].cause], links]]
        })
        return rows.length === 0 ? [] : [headingBlock(2, family, familyTitles[family] ?? family), tableBlock(`Reasons: ${familyTitles[family] ?? family}`, ['Reason', 'What happened', 'Said by'], rows)]
      }),
    ],
  }
}

function familyOf(reason: ServerReason): string {
  return reason.split('.', 1)[0] ?? reason
}

function saidBy(reason: ServerReason, { entries }: DescribedContract): readonly InlineLike[] {
  const own = entries.filter((entry) => entry.reason === reason)
  const speaking = entries.filter((entry) => entry.reason !== reason && entry.causes.some((cause) => cause.reason === reason))
  return [...own, ...speaking].flatMap((entry, at) => [...(at === 0 ? [] : [', ']), ...entryLinkAmong(entry, entries)])
}
