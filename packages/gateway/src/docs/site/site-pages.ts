/** All pages of a reference, in their order. */
import type { DescribedContract } from '../model/described-contract.ts'
import type { Page } from '../model/page.ts'
import { answersPage } from '../pages/answers-page.ts'
import { authenticationPage } from '../pages/authentication-page.ts'
import { codePages } from '../pages/code-page.ts'
import { entryPage } from '../pages/entry-page.ts'
import { handlingPage } from '../pages/handling-page.ts'
import { idempotencyPage } from '../pages/idempotency-page.ts'
import { limitsPage } from '../pages/limits-page.ts'
import { overviewPage } from '../pages/overview-page.ts'
import type { PageContext } from '../pages/page-context.ts'
import { reasonsPage } from '../pages/reasons-page.ts'
import { requestIdsPage } from '../pages/request-ids-page.ts'
import { retriesPage } from '../pages/retries-page.ts'
import { sameStatusPage } from '../pages/same-status-page.ts'
import { situationsPage } from '../pages/situations-page.ts'
import { statusesPage } from '../pages/statuses-page.ts'
import { streamsPage } from '../pages/streams-page.ts'
import { supportPage } from '../pages/support-page.ts'

/** Pages by what they are for. All of them are in `all`. */
export interface SitePages {
  readonly overview: Page
  /** By which an error is found. */
  readonly indexes: readonly Page[]
  readonly guides: readonly Page[]
  /** In the order of the contract. */
  readonly entries: readonly Page[]
  /** What leads from a code to an entry; no list names them. */
  readonly codes: readonly Page[]
  readonly all: readonly Page[]
}

export function sitePages(contract: DescribedContract, context: PageContext): SitePages {
  const streams = streamsPage(contract)
  const guides = [
    answersPage(contract),
    authenticationPage(contract),
    handlingPage(contract, context),
    retriesPage(contract),
    limitsPage(contract),
    idempotencyPage(contract, context),
    requestIdsPage(contract, context),
    ...(streams === undefined ? [] : [streams]),
    supportPage(contract),
  ]
  const indexes = [situationsPage(contract), sameStatusPage(contract), statusesPage(contract), reasonsPage(contract)]
  const overview = overviewPage(contract, guides)
  const entries = contract.entries.map((entry) => entryPage(contract, entry, context))
  const codes = codePages(contract)
  return { overview, indexes, guides, entries, codes, all: [overview, ...indexes, ...guides, ...entries, ...codes] }
}
