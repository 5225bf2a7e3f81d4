/** The plan of each kind of command. */
import type { CounterCommand, CounterResults } from '../../engine/counters.ts'
import type { Settlement } from '../../engine/money-commands.ts'
import type { Reading, Receipt } from '../../engine/meters/meter.ts'
import type { Command, Result } from '../store.ts'
import { planAdmission } from './admission-plan.ts'
import { slotsOfCall, type CommandPlan, type Engines } from './command-plan.ts'

const storeAlone: { readonly [K in Command['kind']]: boolean } = {
  admit: false, uncount: false, extend: false, free: false, beat: false, settle: false, dispatch: false, claim: false,
  'bind-lease': true, 'renew-lease': true, 'end-lease': true, grant: true, debit: true, sweep: true, put: true, delete: true, log: true,
}

export const isOfStoreAlone = ({ kind }: Command): boolean => storeAlone[kind]

const nothing = async (): Promise<void> => undefined
const extended = (): CounterResults['extend'] => ({ extended: true })

export function createPlans({ counters, store, split }: Engines): (command: Command) => CommandPlan {
  const onlyStore = (command: Command): CommandPlan => ({ kind: 'at once', ofCounters: undefined, ofStore: command, result: (_, kept) => kept as Result })
  const onlyCounters = (command: CounterCommand): CommandPlan => ({ kind: 'at once', ofCounters: command, ofStore: undefined, result: async (counted) => (await counted()) as Result })
  /**
   * A call that has slots alone is in no record. One that had a record is over without it, although its slots are there yet: what it held was given back, and its key may be
   * another's. Where the asker cannot tell, the ledger knows what held money.
   */
  async function isOfSlotsAlone({ callId, recorded }: { readonly callId: string; readonly recorded?: boolean | undefined }): Promise<boolean> {
    if (recorded !== undefined) return !recorded
    return (await store.call(callId)) === undefined && (await store.ledger({ callId, limit: 1 })).length === 0
  }

  return (command) => {
    switch (command.kind) {
      case 'admit':
        return planAdmission(command, { counters, store, split })
      case 'uncount': {
        const { ofCounters, ofStore, join } = split<Receipt>(command.receipts)
        return {
          kind: 'at once',
          ofCounters: ofCounters.length === 0 ? undefined : { ...command, receipts: ofCounters },
          ofStore: ofStore.length === 0 ? undefined : { ...command, receipts: ofStore },
          result: async (counted, kept) => ({ readings: join(readingsOf(await counted()), readingsOf(kept)) }),
        }
      }
      case 'extend':
        return {
          kind: 'at once',
          ofCounters: command,
          ofStore: command,
          async result(counted, kept) {
            // What the record says is enough: money goes on, whatever becomes of the slots.
            if ((kept as CounterResults['extend']).extended) return counted().then(extended, extended)
            const slots = (await counted()) as CounterResults['extend']
            return { extended: slots.extended && (await isOfSlotsAlone(command)) }
          },
        }
      case 'settle':
        return {
          kind: 'at once',
          ofCounters: { kind: 'free', callId: command.callId },
          ofStore: command,
          async result(counted, kept) {
            const settlement = kept as Settlement
            // What only frees slots is not worth that a settlement fails: they come free at their deadline.
            const freed = (await counted().catch(nothing)) as CounterResults['free'] | undefined
            if (settlement.settled || settlement.call !== undefined || freed?.freed !== true) return settlement
            return { ...settlement, settled: await isOfSlotsAlone(command) }
          },
        }
      case 'dispatch':
        return {
          kind: 'at once',
          ofCounters: undefined,
          ofStore: command,
          async result(_, kept) {
            const { dispatched } = kept as { readonly dispatched: boolean }
            if (dispatched || command.recorded === true) return { dispatched }
            const slots = await slotsOfCall(counters, command.callId)
            if (slots.kind === 'unknown') throw slots.error
            return { dispatched: slots.kind === 'some' && (await isOfSlotsAlone(command)) }
          },
        }
      case 'claim': {
        const { call } = command
        if (call.begun !== true || call.recorded === true) return onlyStore(command)
        return {
          kind: 'in turn',
          begun: call.id,
          ofCounters: undefined,
          // Whoever has slots has begun, and is not overdue.
          ofStore: ({ slots }) => (slots.kind === 'some' ? { ...command, call: { ...call, begun: false } } : command),
          result: (_, kept) => kept as Result,
          takeBack: nothing,
        }
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
