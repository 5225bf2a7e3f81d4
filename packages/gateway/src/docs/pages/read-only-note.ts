import type { DescribedContract } from '../model/described-contract.ts'
import { noteBlock, type Block } from '../model/page.ts'

/** Of a contract that is read and never written: its answers are somebody else's, so that no example is byte for byte what they send. */
export function readOnlyNote({ declaration, title }: DescribedContract): readonly Block[] {
  if (declaration.decodeOnly !== true) return []
  return [noteBlock('info', `These pages say how answers of ${title} are read, and are not made by those who write them. Examples are put together from their form: what ${title} sends may have more in it, and other sentences.`)]
}
