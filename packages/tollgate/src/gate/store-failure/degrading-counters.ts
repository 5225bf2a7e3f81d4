/**
 * The counters of a store of two engines, around which a policy stands for the time that they do not answer. What may be counted locally is counted in memory then, each
 * admission where it could be counted; all else is refused. Money, keys and sessions do not hear of it.
 *
 * Of those that let calls in and keep them alive one each second asks an engine that is known to be silent; who ends a call never does, and does not wait for it.
 */
import { attempt, whenKnown, type Awaitable } from '../../engine/awaitable.ts'
import type { Clock } from '../../engine/clock.ts'
import type { AdmitCommand, CounterCommand, CounterResults, ExtendCommand, FreeCommand, NamedAdmission, ReturningCounters } from '../../engine/counters.ts'
import type { StageDecision } from '../../engine/meters/meter.ts'
import { mayHaveHappened, StoreUnavailableError } from '../../engine/store-error.ts'
import { describePolicy, type StoreFailurePolicy } from './failure-policy.ts'
import { createLeftThere, takesSlots } from './left-there.ts'
import { createLocalCounts } from './local-counts.ts'
import { withPatience } from './patience.ts'
import { createSilence } from './silence.ts'

export interface DegradingOptions {
  readonly policy: StoreFailurePolicy
  readonly clock: Clock
  readonly alert: (message: string) => void
}

type Results = Awaitable<readonly unknown[]>

/** Counted here. In the memory each has a call of its own, so that it can be given back by itself. */
interface LocalAdmission {
  readonly name: string | undefined
  readonly localId: string
  /** Its slots are let pass without being counted: it lives all the same. */
  readonly isLetPass: boolean
  readonly decision: Extract<StageDecision, { readonly admitted: true }>
}

export function degradeCounters(counters: ReturningCounters, { policy, clock, alert }: DegradingOptions): ReturningCounters {
  const local = createLocalCounts(policy, clock)
  /** By call, from the first of them to its end. */
  const localAdmissions = new Map<string, readonly LocalAdmission[]>()
  let admissions = 0
  const silence = createSilence(clock, {
    began: (because) => alert(`the counters do not answer (${because}): until they do, ${describePolicy(policy, ['windows', 'quotas', 'slots'])}`),
    ended() {
      alert('the counters answer again: everything is counted there')
      void left.putRight()
    },
  })
  const left = createLeftThere(counters, clock, silence.isSilent)

  function apply(commands: readonly CounterCommand[]): Results {
    const [command] = commands
    // No call of a gate asks for several.
    if (command === undefined || commands.length > 1) return counters.apply(commands)
    switch (command.kind) {
      case 'admit':
        return admit(command)
      case 'uncount':
        return local.uncount(command.receipts, (receipts) => ask(() => counters.apply([{ ...command, receipts }])))
      case 'extend':
      case 'free':
        return ofCall(command)
      case 'beat':
        return counters.apply(commands)
    }
  }

  function admit(command: AdmitCommand): Results {
    const { call, admission } = command
    const before = admission === undefined ? undefined : localOf(call?.id).find(({ name }) => name === admission)
    if (before !== undefined) return [before.decision]
    if (silence.isOn()) return admitLocal(command, silence.because())
    return attempt(
      () => withPatience(counters.apply([command]), policy.patienceMs, clock, nothing),
      (results) => {
        if ((results[0] as StageDecision).admitted) left.tookSlots(command)
        return answered(results)
      },
      (error) => {
        if (!hasFailed(error)) throw error
        if (mayHaveHappened(error)) mayHaveCounted(command)
        return admitLocal(command, error)
      },
    )
  }

  /** It is counted here. What only counts, for no call, has no name: it counts there as well, which is the safe side. */
  function mayHaveCounted(command: AdmitCommand): void {
    const { call, takes, admission } = command
    left.tookSlots(command)
    if (call !== undefined && admission !== undefined) left.toTakeBack({ takes, callId: call.id, admission, accountId: call.accountId })
  }

  function admitLocal(command: AdmitCommand, because: unknown): Results {
    const { call, admission } = command
    admissions += 1
    const localId = `${call?.id} ${admissions}`
    return whenKnown(local.admit({ ...command, call: call && { ...call, id: localId } }, () => because), (results) => {
      const decision = results[0] as StageDecision
      if (call !== undefined && decision.admitted) localAdmissions.set(call.id, [...localOf(call.id), { name: admission, localId, isLetPass: policy.slots === 'allow' && command.takes.some(takesSlots), decision }])
      return results
    })
  }

  function localOf(callId: string | undefined): readonly LocalAdmission[] {
    return (callId === undefined ? undefined : localAdmissions.get(callId)) ?? []
  }

  /** Asked here and there, since it may have slots in both. It lives by them only if it has some: what it counted is no sign of life. */
  function ofCall(command: ExtendCommand | FreeCommand): Results {
    const there = command.kind === 'extend' ? (): Results => ask(() => counters.apply([command]), silence.isOn) : (): Results => freeThere(command)
    const own = localOf(command.callId)
    if (own.length === 0) return there()
    if (command.kind === 'free') localAdmissions.delete(command.callId)
    return whenKnown(local.apply(own.map(({ localId }) => ({ ...command, callId: localId }))), (here) => {
      const done = here.find((answer) => hadSlots(command, answer)) ?? (command.kind === 'extend' && own.some(({ isLetPass }) => isLetPass) ? { extended: true } : undefined)
      return done === undefined ? there() : attempt(there, () => [done], () => [done])
    })
  }

  function freeThere(command: FreeCommand): Results {
    return attempt(
      () => ask(() => counters.apply([command])),
      (results) => {
        left.freed(command.callId)
        return results
      },
      (error) => {
        left.notFreed(command.callId)
        return Promise.reject(error)
      },
    )
  }

  async function takeBack(admission: NamedAdmission): Promise<boolean> {
    const own = localOf(admission.callId)
    const found = own.find(({ name }) => name === admission.admission)
    if (found === undefined) {
      left.takenBack(admission)
      return takeBackThere(admission)
    }
    const others = own.filter((each) => each !== found)
    if (others.length === 0) localAdmissions.delete(admission.callId)
    else localAdmissions.set(admission.callId, others)
    await local.apply([
      { kind: 'free', callId: found.localId },
      { kind: 'uncount', receipts: found.decision.receipts.filter(({ meter }) => meter.counts !== 'attempts') },
    ])
    return true
  }

  async function takeBackThere(admission: NamedAdmission): Promise<boolean> {
    try {
      return await ask(() => counters.takeBack(admission))
    } catch (error) {
      left.toTakeBack(admission)
      throw error
    }
  }

  async function peek(...[takes, accountId]: Parameters<ReturningCounters['peek']>): ReturnType<ReturningCounters['peek']> {
    try {
      return await ask(() => counters.peek(takes, accountId))
    } catch (error) {
      if (!(error instanceof StoreUnavailableError)) throw error
      return local.peek(takes)
    }
  }

  function ask<R>(run: () => Awaitable<R>, isSilent: () => boolean = silence.isSilent): Awaitable<R> {
    if (isSilent()) return Promise.reject(silence.because())
    return attempt(() => withPatience(run(), policy.patienceMs, clock, nothing), answered, (error) => {
      hasFailed(error)
      return Promise.reject(error)
    })
  }

  function answered<R>(results: R): R {
    silence.answered()
    return results
  }

  function hasFailed(error: unknown): boolean {
    if (!(error instanceof StoreUnavailableError)) return false
    silence.failed(error)
    return true
  }

  return { ...counters, apply, peek, takeBack }
}

function hadSlots({ kind }: ExtendCommand | FreeCommand, answer: unknown): boolean {
  return kind === 'extend' ? (answer as CounterResults['extend']).extended : (answer as CounterResults['free']).freed
}

function nothing(): undefined {
  return undefined
}
