import type { GuidesDeclaration } from 'tollgate/contract'
import type { DescribedContract } from '../model/described-contract.ts'
import { headingBlock, type Block } from '../model/page.ts'

/** What the author says on a page; nothing where that is nothing. */
export function proseOf({ declaration: { guides = {} } }: DescribedContract, guide: keyof GuidesDeclaration): readonly Block[] {
  const markdown = guides[guide]
  return markdown === undefined ? [] : [headingBlock(2, 'provider', 'What the provider says'), { kind: 'prose', markdown }]
}
