import type { GuidesDeclaration } from 'tollgate/contract'
import type { DescribedContract } from '../model/described-contract.ts'
import { headingBlock, type Block } from '../model/page.ts'

/** What the author says on a page; nothing where that is nothing. `heading`: over it. */
export function proseOf({ declaration: { guides = {} }, title }: DescribedContract, guide: keyof GuidesDeclaration, heading = `What ${title} says`): readonly Block[] {
  const markdown = guides[guide]
  return markdown === undefined ? [] : [headingBlock(2, 'provider', heading), { kind: 'prose', markdown }]
}
