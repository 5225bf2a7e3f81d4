/** What a gateway counts by itself while it cannot ask: in memory, from nothing, up to its share of each limit. */
import { whenKnown, type Awaitable } from '../../engine/awaitable.ts'
import type { Clock } from '../../engine/clock.ts'
import type { AdmitCommand } from '../../engine/counters.ts'
import type { MeterClass } from '../../engine/kinds/meter-kind.ts'
import type { Reading, Receipt, StageDecision, Take } from '../../engine/meters/meter.ts'
import { createMemoryStore } from '../../stores/resident/memory.ts'
import type { Command } from '../../stores/store.ts'
import { classOf, decideOnFailure, type StoreFailurePolicy } from './failure-policy.ts'

type Results = Awaitable<readonly unknown[]>

export interface LocalCounts {
  /** Rejects with what `because` says where a class is not let pass. */
  admit(command: AdmitCommand, because: (refused: MeterClass) => unknown): Results
  isLocal(receipt: Receipt): boolean
  /** Gives back what was counted here; `elsewhere` gives back the rest. */
  uncount(receipts: readonly Receipt[], elsewhere: (receipts: readonly Receipt[]) => Results): Promise<readonly unknown[]>
  /** Of what is counted here. */
  peek(takes: readonly Take[]): Promise<readonly Reading[]>
  /** What else is asked of the memory that counts. */
  apply(commands: readonly Command[]): Results
}

export function createLocalCounts(policy: StoreFailurePolicy, clock: Clock): LocalCounts {
  const memory = createMemoryStore({ clock, requestsMax: 1 })
  const counted = new WeakSet<Receipt>()

  function noteReceipts(results: readonly unknown[]): readonly unknown[] {
    const decision = results[0] as StageDecision
    if (decision.admitted) for (const receipt of decision.receipts) counted.add(receipt)
    return results
  }

  return {
    apply: memory.apply,
    isLocal: (receipt) => counted.has(receipt),
    admit(command, because) {
      const decision = decideOnFailure(command.takes, policy)
      if (decision.kind === 'refuse') return Promise.reject(because(decision.because))
      // Nobody's heart beats in there.
      return whenKnown(memory.apply([{ ...command, takes: decision.counted, owner: undefined }]), noteReceipts)
    },
    async uncount(receipts, elsewhere) {
      const there = receipts.filter((receipt) => !counted.has(receipt))
      const here = receipts.length === there.length ? [] : await readingsOf(memory.apply([{ kind: 'uncount', receipts: receipts.filter((receipt) => counted.has(receipt)) }]))
      return [{ readings: there.length === 0 ? here : [...here, ...(await readingsOf(elsewhere(there)))] }]
    },
    async peek(takes) {
      const decision = decideOnFailure(takes.filter((take) => policy[classOf(take)] === 'allowLocally'), policy)
      return decision.kind === 'goOn' ? memory.peek(decision.counted) : []
    },
  }
}

async function readingsOf(results: Results): Promise<readonly Reading[]> {
  const [given] = (await results) as readonly [{ readonly readings: readonly Reading[] }]
  return given.readings
}
