/**
 * A store around which a policy stands for the time that it does not answer. What may be counted locally then is counted in memory, as calls that hold slots are kept there from
 * their first admission to their end; all else is refused as the store refuses it.
 *
 *     answers ──a count fails, or is not answered in time──▶ silent: counts are local at once, one call each second asks the store
 *        ▲                                                      │
 *        └──────────────────── that call is answered ───────────┘
 */
import { attempt, type Awaitable } from '../../engine/awaitable.ts'
import type { AdmitCommand } from '../../engine/counters.ts'
import type { MeterClass } from '../../engine/kinds/meter-kind.ts'
import type { StageDecision, Take } from '../../engine/meters/meter.ts'
import type { ClaimCommand, SettleCommand } from '../../engine/money-commands.ts'
import { mayHaveHappened, StoreUnavailableError } from '../../engine/store-error.ts'
import type { Command, Store } from '../../stores/store.ts'
import type { GateOptions } from '../gate-options.ts'
import { degradeCounters, type DegradingOptions } from './degrading-counters.ts'
import { classOf, describePolicy, goesOn, refusesAll, type StoreFailurePolicy } from './failure-policy.ts'
import { createLocalCounts } from './local-counts.ts'
import { withPatience } from './patience.ts'
import { createSilence } from './silence.ts'

export interface DegradingStoreOptions extends Omit<DegradingOptions, 'policy'> {
  readonly store: GateOptions['store']
  /** Absent: all is refused. */
  readonly policy: StoreFailurePolicy | undefined
}

type Results = Awaitable<readonly unknown[]>

/** Of a store of two engines each is degraded by itself: what one does not answer is no reason to refuse what the other one does. */
export function createDegradingStore({ store, policy, clock, alert }: DegradingStoreOptions): GateOptions['store'] {
  if (policy === undefined) return store
  const options = { policy, clock, alert }
  if (store.overEngines === undefined) return around(store, options, { isMoneyAlone: false })
  return store.overEngines({ counters: (counters) => degradeCounters(counters, options), store: (money) => around(money, options, { isMoneyAlone: true }) })
}

/** `isMoneyAlone`: others count for it. What is asked of it for a call is then of the call's record, which no memory can stand in for. */
function around<S extends GateOptions['store']>(inner: S, { policy, clock, alert }: DegradingOptions, { isMoneyAlone }: { readonly isMoneyAlone: boolean }): S {
  if (refusesAll(policy)) return inner
  // To hand a command on, whichever of its engines it is for.
  const store = inner as S & Pick<Store, 'apply'>
  const local = createLocalCounts(policy, clock)
  /** Calls that this gateway alone knows of, from their first admission or claim to their end. */
  const localCalls = new Set<string>()
  const silence = createSilence(clock, {
    began: (because) => alert(`the store does not answer (${because}): until it does, ${describePolicy(policy, isMoneyAlone ? ['money'] : ['windows', 'quotas', 'slots', 'money'])}`),
    ended: () => alert('the store answers again: everything is counted there'),
  })

  function apply(commands: readonly Command[]): Results {
    const [command] = commands
    if (command === undefined || commands.length > 1) return store.apply(commands)
    switch (command.kind) {
      case 'admit':
        return admit(command)
      case 'claim':
        return claim(command)
      case 'uncount':
        return command.receipts.some(local.isLocal) ? local.uncount(command.receipts, (receipts) => store.apply([{ ...command, receipts }])) : store.apply(commands)
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
    const { call, takes } = command
    if (call !== undefined && localCalls.has(call.id)) return admitLocal(command, unheardOf)
    if (!goesOn(takes, policy)) return store.apply([command])
    // What it has there, a key perhaps, its end must reach. What is counted beside money stays and falls with it.
    const isThere = call?.begun === true || (isMoneyAlone && policy.money !== 'allow')
    if (silence.isOn()) return isThere ? Promise.reject(silence.because()) : admitLocal(command, silence.because)
    // Who waits too long for money would not know whether it was taken.
    const takesMoney = takes.some((take) => classOf(take) === 'money')
    const late = (): void => (call === undefined || isThere ? undefined : forgetThere(call.id))
    return attempt(() => (takesMoney ? store.apply([command]) : withPatience(store.apply([command]), policy.patienceMs, clock, late)), heard, (error) => {
      if (!(error instanceof StoreUnavailableError)) throw error
      silence.failed(error)
      if (isThere || (mayHaveHappened(error) && takesMoney)) throw error
      return admitLocal(command, () => error)
    })
  }

  function heard<R>(results: R): R {
    silence.answered()
    return results
  }

  function admitLocal(command: AdmitCommand, because: (refused: MeterClass) => unknown): Results {
    const { call } = command
    // What is let pass without being counted leaves nothing that could have begun.
    return attempt(() => local.admit({ ...command, call: call && { ...call, begun: false } }, because), (results) => {
      if (call !== undefined && (results[0] as StageDecision).admitted) localCalls.add(call.id)
      return results
    }, fail)
  }

  /** Of a call that is only known here the key would be nobody's: its answer would be kept nowhere, and the key run again. */
  function claim(command: ClaimCommand): Results {
    const { call } = command
    if (localCalls.has(call.id)) return policy.money === 'allow' ? local.apply([{ ...command, call: { ...call, begun: false } }]) : Promise.reject(unheardOf('money'))
    if (policy.money !== 'allow') return store.apply([command])
    return attempt(
      () => store.apply([command]),
      (results) => results,
      (error) => {
        if (!(error instanceof StoreUnavailableError) || mayHaveHappened(error) || call.begun === true) throw error
        silence.failed(error)
        return attempt(
          () => local.apply([command]),
          (results) => {
            if ((results[0] as { readonly outcome: string }).outcome === 'claimed') localCalls.add(call.id)
            return results
          },
          fail,
        )
      },
    )
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
    return local.peek(takes)
  }

  return { ...inner, apply, peek }
}

function unheardOf(refused: MeterClass): StoreUnavailableError {
  return new StoreUnavailableError(`the store did not answer when this call came, and has not heard of it: its ${refused} ${refused === 'money' ? 'is' : 'are'} refused`)
}

function fail(error: unknown): never {
  throw error
}

function nothing(): undefined {
  return undefined
}
