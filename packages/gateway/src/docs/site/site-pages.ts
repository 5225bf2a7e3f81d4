/** All pages of a reference, in their order. */
import type { DescribedContract } from '../model/described-contract.ts'
import type { Page } from '../model/page.ts'
import { codePages } from '../pages/code-page.ts'
import { entryPage } from '../pages/entry-page.ts'
import { homePage } from '../pages/home-page.ts'
import type { PageContext } from '../pages/page-context.ts'

export function sitePages(contract: DescribedContract, context: PageContext): readonly Page[] {
  return [homePage(contract), ...contract.entries.map((entry) => entryPage(contract, entry, context)), ...codePages(contract)]
}
