import type { DescribedContract } from '../model/described-contract.ts'
import { noteBlock, type Block } from '../model/page.ts'

/** Of a contract that is read and never written: its answers are somebody else's, so that no example is byte for byte what they send. */
export function readOnlyNote({ declaration, title }: DescribedContract): readonly Block[] {
  if (declaration.decodeOnly !== true) return []
  return [noteBlock('info', `This is how answers of ${title} are understood, and not by whom they are written. Examples are put together from their form: what ${title} sends may have more in it, and other sentences.`)]
}
