/**
 * A store around which a policy stands for the time that it does not answer. What may be counted locally then is counted in memory, as calls that hold slots are kept there from
 * their first admission to their end; all else is refused as the store refuses it.
 *
 *     answers ──a count fails, or is not answered in time──▶ silent: counts are local at once, one call each second asks the store
 *        ▲                                                      │
 *        └──────────────────── that call is answered ───────────┘
 */
import { attempt, type Awaitable } from '../../engine/awaitable.ts'
import type { Clock } from '../../engine/clock.ts'
import type { AdmitCommand, UncountCommand } from '../../engine/counters.ts'
import type { Receipt, StageDecision, Take } from '../../engine/meters/meter.ts'
import type { ClaimCommand, SettleCommand } from '../../engine/money-commands.ts'
import { mayHaveHappened, StoreUnavailableError } from '../../engine/store-error.ts'
import type { Command, Store } from '../../stores/store.ts'
import { createMemoryStore } from '../../stores/resident/memory.ts'
import type { GateOptions } from '../gate-options.ts'
import { classOf, decideOnFailure, goesOn, refusesAll, type StoreFailurePolicy } from './failure-policy.ts'
import { createSilence } from './silence.ts'

export interface DegradingStoreOptions {
  readonly store: GateOptions['store']
  /** Absent: all is refused. */
  readonly policy: StoreFailurePolicy | undefined
  readonly clock: Clock
  readonly alert: (message: string) => void
}

type Results = Awaitable<readonly unknown[]>

export function createDegradingStore({ store, policy, clock, alert }: DegradingStoreOptions): GateOptions['store'] {
  if (policy === undefined || refusesAll(policy)) return store
  return around(store, policy, clock, alert)
}

function around(inner: GateOptions['store'], policy: StoreFailurePolicy, clock: Clock, alert: (message: string) => void): GateOptions['store'] {
  // To hand a command on, whichever of its engines it is for.
  const store = inner as GateOptions['store'] & Pick<Store, 'apply'>
  const local = createMemoryStore({ clock, requestsMax: 1 })
  /** Calls that this gateway alone knows of, from their first admission or claim to their end. */
  const localCalls = new Set<string>()
  const localReceipts = new WeakSet<Receipt>()
  const silence = createSilence(clock, {
    began: (error) => alert(`the store does not answer (${textOf(error)}): until it does, ${describe(policy)}`),
    ended: () => alert('the store answers again: everything is counted there'),
  })

  function apply(commands: readonly Command[]): Results {
    const [command] = commands
    if (command === undefined || commands.length > 1) return store.apply(commands)
    switch (command.kind) {
      case 'admit':
        return admit(command)
      case 'claim':
        return policy.money === 'allow' ? claim(command) : store.apply(commands)
      case 'uncount':
        return command.receipts.some((receipt) => localReceipts.has(receipt)) ? uncount(command) : store.apply(commands)
      case 'dispatch':
        return localCalls.has(command.callId) ? goesOnLocal(command, { dispatched: true }) : store.apply(commands)
      case 'extend':
        return localCalls.has(command.callId) ? goesOnLocal(command, { extended: true }) : store.apply(commands)
      case 'free':
      case 'settle':
        return localCalls.has(command.callId) ? endLocal(command) : store.apply(commands)
      default:
        return store.apply(commands)
    }
  }

  function admit(command: AdmitCommand): Results {
    if (command.call !== undefined && localCalls.has(command.call.id)) return admitLocal(command, undefined)
    if (!goesOn(command.takes, policy)) return store.apply([command])
    if (silence.isOn()) return admitLocal(command, silence.because())
    // Who waits too long for money would not know whether it was taken.
    const asked = (): Results => (command.takes.some((take) => classOf(take) === 'money') ? store.apply([command]) : withPatience(command))
    return attempt(asked, heard, (error) => {
      if (!(error instanceof StoreUnavailableError)) throw error
      silence.failed(error)
      if (mayHaveHappened(error) && command.takes.some((take) => classOf(take) === 'money')) throw error
      return admitLocal(command, error)
    })
  }

  function heard<R>(results: R): R {
    silence.answered()
    return results
  }

  function admitLocal(command: AdmitCommand, because: unknown): Results {
    const decision = decideOnFailure(command.takes, policy)
    if (decision.kind === 'refuse') return Promise.reject(because ?? new StoreUnavailableError(`the store did not answer when this call came, and has not heard of it: its ${decision.because} are refused`))
    if (command.call !== undefined) localCalls.add(command.call.id)
    // Nobody's heart beats in there.
    return attempt(() => local.apply([{ ...command, takes: decision.counted, owner: undefined }]), noteReceipts, fail)
  }

  function noteReceipts(results: readonly unknown[]): readonly unknown[] {
    const decision = results[0] as StageDecision
    if (decision.admitted) for (const receipt of decision.receipts) localReceipts.add(receipt)
    return results
  }

  /** A count that comes too late counts there as well, which is the safe side; slots that it took there come free. */
  function withPatience(command: AdmitCommand): Results {
    const asked = store.apply([command])
    if (!(asked instanceof Promise)) return asked
    return new Promise((resolve, reject) => {
      let isLate = false
      const cancel = clock.after(policy.patienceMs, () => {
        isLate = true
        reject(new StoreUnavailableError(`it did not answer within ${policy.patienceMs} ms`, { applied: 'unknown' }))
      })
      asked.then(
        (results) => {
          cancel()
          if (isLate && command.call !== undefined) forgetThere(command.call.id)
          resolve(results)
        },
        (error: unknown) => {
          cancel()
          reject(error)
        },
      )
    })
  }

  function claim(command: ClaimCommand): Results {
    return attempt(
      () => store.apply([command]),
      (results) => results,
      (error) => {
        if (!(error instanceof StoreUnavailableError) || mayHaveHappened(error)) throw error
        silence.failed(error)
        return attempt(
          () => local.apply([command]),
          (results) => {
            if ((results[0] as { readonly outcome: string }).outcome === 'claimed') localCalls.add(command.call.id)
            return results
          },
          fail,
        )
      },
    )
  }

  async function uncount({ receipts }: UncountCommand): Promise<readonly unknown[]> {
    const there = receipts.filter((receipt) => !localReceipts.has(receipt))
    const [here] = (await local.apply([{ kind: 'uncount', receipts: receipts.filter((receipt) => localReceipts.has(receipt)) }])) as readonly [{ readonly readings: readonly unknown[] }]
    if (there.length > 0) await store.apply([{ kind: 'uncount', receipts: there }])
    return [here]
  }

  /** A call of which the memory keeps no record, since it holds nothing there, goes on too. */
  async function goesOnLocal(command: Command, result: object): Promise<readonly unknown[]> {
    await local.apply([command])
    return [result]
  }

  /** Whatever the memory knows of it: it cost nothing. */
  async function endLocal(command: SettleCommand | Extract<Command, { readonly kind: 'free' }>): Promise<readonly unknown[]> {
    localCalls.delete(command.callId)
    if (!silence.isOn()) forgetThere(command.callId)
    const results = await local.apply([command])
    return command.kind === 'free' ? results : [{ settled: true, chargedUnits: 0, shortUnits: 0, call: undefined }]
  }

  /** What an admission without an answer may have taken there. Otherwise it comes free at the deadline of the call. */
  function forgetThere(callId: string): void {
    const release: SettleCommand = { kind: 'settle', callId, outcome: 'released', reason: 'counted by the gateway alone' }
    void attempt(() => store.apply([release]), nothing, nothing)
  }

  async function peek(takes: readonly Take[], accountId?: string | undefined): ReturnType<typeof store.peek> {
    if (!silence.isSilent()) return store.peek(takes, accountId)
    // For the headers of refusals: who is refused does not wait for what does not answer.
    const decision = decideOnFailure(takes.filter((take) => policy[classOf(take)] === 'allowLocally'), policy)
    return decision.kind === 'goOn' ? local.peek(decision.counted) : []
  }

  return { ...inner, apply, peek }
}

function describe({ windows, quotas, slots, money, gateways }: StoreFailurePolicy): string {
  const classes = Object.entries({ windows, quotas, slots, money })
  const named = (onFailure: string): readonly string[] => classes.flatMap(([name, declared]) => (declared === onFailure ? [name] : []))
  const parts = [
    ['allowLocally', `are counted by this gateway alone, up to 1/${gateways()} of each limit`],
    ['allow', 'are not counted'],
    ['refuse', 'are refused'],
  ] as const
  return parts.flatMap(([onFailure, words]) => (named(onFailure).length === 0 ? [] : [`${named(onFailure).join(' and ')} ${words}`])).join(', ')
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function fail(error: unknown): never {
  throw error
}

function nothing(): undefined {
  return undefined
}
