/** The plan of each kind of command. */
import type { CounterCommand, CounterResults } from '../../engine/counters.ts'
import type { Settlement } from '../../engine/money-commands.ts'
import type { Reading, Receipt } from '../../engine/meters/meter.ts'
import type { Command, Result } from '../store.ts'
import { planAdmission } from './admission-plan.ts'
import { hasSlots, slotProbe, type CommandPlan, type Engines } from './command-plan.ts'

const storeAlone: { readonly [K in Command['kind']]: boolean } = {
  admit: false, uncount: false, extend: false, free: false, beat: false, settle: false, dispatch: false, claim: false,
  'bind-lease': true, 'renew-lease': true, 'end-lease': true, grant: true, debit: true, sweep: true, put: true, delete: true, log: true,
}

export const isOfStoreAlone = ({ kind }: Command): boolean => storeAlone[kind]

const nothing = async (): Promise<void> => undefined

export function createPlans({ counters, store, split }: Engines): (command: Command) => CommandPlan {
  const onlyStore = (command: Command): CommandPlan => ({ ofCounters: [], mayMissCounters: true, ofStore: () => command, result: (_, kept) => kept as Result, takeBack: nothing })
  const onlyCounters = (command: CounterCommand): CommandPlan => ({ ofCounters: [command], mayMissCounters: false, ofStore: () => undefined, result: ([answer]) => answer as Result, takeBack: nothing })
  /** A call that has slots alone is in no record. */
  const livesBySlots = async (callId: string, answer: unknown): Promise<boolean> => hasSlots(answer) && (await store.call(callId)) === undefined

  return (command) => {
    switch (command.kind) {
      case 'admit':
        return planAdmission(command, { counters, store, split })
      case 'uncount': {
        const { ofCounters, ofStore, join } = split<Receipt>(command.receipts)
        return {
          ofCounters: ofCounters.length === 0 ? [] : [{ ...command, receipts: ofCounters }],
          mayMissCounters: false,
          ofStore: () => (ofStore.length === 0 ? undefined : { ...command, receipts: ofStore }),
          result: ([counted], kept) => ({ readings: join(readingsOf(counted), readingsOf(kept)) }),
          takeBack: nothing,
        }
      }
      case 'extend':
        return {
          ofCounters: [command],
          mayMissCounters: false,
          ofStore: () => command,
          async result([slots], kept) {
            const { extended } = kept as CounterResults['extend']
            return { extended: extended || (await livesBySlots(command.callId, slots)) }
          },
          takeBack: nothing,
        }
      case 'settle':
        return {
          ofCounters: [{ kind: 'free', callId: command.callId }],
          mayMissCounters: true,
          ofStore: () => command,
          result([freed], kept) {
            const settlement = kept as Settlement
            const hadSlots = (freed as CounterResults['free'] | undefined)?.freed === true
            return settlement.call === undefined && hadSlots ? { ...settlement, settled: true } : settlement
          },
          takeBack: nothing,
        }
      case 'dispatch':
        return {
          ...onlyStore(command),
          async result(_, kept) {
            const { dispatched } = kept as { readonly dispatched: boolean }
            if (dispatched) return { dispatched }
            const [slots] = await counters.apply([slotProbe(command.callId)])
            return { dispatched: await livesBySlots(command.callId, slots) }
          },
        }
      case 'claim': {
        const { call } = command
        if (call.begun !== true) return onlyStore(command)
        // Whoever has slots has begun, and is not overdue.
        return { ...onlyStore(command), ofCounters: [slotProbe(call.id)], mayMissCounters: false, ofStore: ([slots]) => (hasSlots(slots) ? { ...command, call: { ...call, begun: false } } : command) }
      }
      case 'free':
      case 'beat':
        return onlyCounters(command)
      default:
        return onlyStore(command)
    }
  }
}

function readingsOf(answer: unknown): readonly Reading[] {
  return (answer as CounterResults['uncount'] | undefined)?.readings ?? []
}
