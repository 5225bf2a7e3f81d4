import type { DescribedContract, DescribedEntry } from '../model/described-contract.ts'

/** The one that shows most: what is refused for its rate is known to everybody, and says how long to wait. */
export function typicalEntry({ entries }: DescribedContract): DescribedEntry {
  const [first] = entries
  if (first === undefined) throw new Error('a contract has entries')
  return entries.find(({ reason }) => reason === 'rate.limited') ?? first
}
