/**
 * A refusal that its contract cannot say: there is no such entry, or it was told facts that are not its own, or not all that it promises. A mistake of the
 * program that refuses, so it is thrown; TypeScript finds it earlier wherever it knows the contract.
 *
 *     contract "nexalayer" cannot refuse with "insufficientBalance": "balance" is missing; give an amount: { units, scale }, or a number of major units
 */
export class RefusalError extends TypeError {
  /** The id of the entry, as it was asked for. */
  readonly entry: string
  /** Each names a fact and the mend. */
  readonly faults: readonly string[]

  constructor(contract: string, entry: string, faults: readonly string[]) {
    super(`contract "${contract}" cannot refuse with "${entry}": ${faults.join('; also ')}`)
    this.name = 'RefusalError'
    this.entry = entry
    this.faults = faults
  }
}
