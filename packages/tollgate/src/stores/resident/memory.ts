/**
 * Everything in memory, gone with the process: for tests, for a try, for limits that may start afresh. It decides with the same functions as
 * every store and differs in nothing else.
 */
import type { Clock } from '../../engine/clock.ts'
import type { LedgerEntry } from '../../engine/money/ledger.ts'
import { decideCommand } from '../../engine/decide-command.ts'
import type { StateCommand } from '../../engine/decision.ts'
import { peekStage, readBalance } from '../../engine/read-state.ts'
import { assertTakes } from '../../engine/meters/stage.ts'
import { StoreUnavailableError } from '../../engine/store-error.ts'
import type { Command, Result, Store } from '../store.ts'
import { assertCommand } from '../assert-command.ts'
import { createMemoryDocuments } from './memory-documents.ts'
import { createMemoryRequests } from './memory-requests.ts'
import { createMemoryState } from './memory-state.ts'
import { withNextDue } from '../sweep-result.ts'
import type { StoreObserver } from './store-observer.ts'
import { createPassingTime } from './passing-time.ts'

/** What a store in memory keeps, and who is told of what moves. */
export interface MemoryStoreOptions {
  readonly clock: Pick<Clock, 'wallMs'>
  /** Log rows kept; the oldest go first. Default 10,000. */
  readonly requestsMax?: number
  readonly observer?: Pick<StoreObserver, 'moved'> | undefined
}

/** Subjects looked at for expired counters with each command: more than one, so that the round gains on new subjects. */
const PRUNE_STEP = 2

/**
 * A store that is gone with its process: nothing of it is durable, whatever a command asks. Otherwise it decides as every store does.
 *
 * @example
 * const store = createMemoryStore({ clock })
 * await store.apply([{ kind: 'put', collection: 'notes', id: 'n1', value: { text: 'hello' } }])
 * await store.close()
 */
export function createMemoryStore({ clock, requestsMax = 10_000, observer }: MemoryStoreOptions): Store {
  const state = createMemoryState()
  const time = createPassingTime(clock, 0)
  const documents = createMemoryDocuments()
  const requests = createMemoryRequests(requestsMax)
  let closed = false

  function run(command: Command, undos: (() => void)[], moved: LedgerEntry[]): Result {
    switch (command.kind) {
      case 'put':
        return documents.put(command)
      case 'delete':
        return documents.remove(command)
      case 'log':
        requests.log(command.row)
        return {}
      default:
        return decide(command, undos, moved)
    }
  }

  function decide(command: StateCommand, undos: (() => void)[], moved: LedgerEntry[]): Result {
    const nowMs = time.passMs()
    state.slots.freeOverdue(nowMs)
    const { result, changes } = decideCommand(state.view, command, nowMs)
    undos.push(state.apply(changes, nowMs))
    moved.push(...changes.ledger)
    state.prune(command.kind === 'sweep' ? command.limit : PRUNE_STEP, nowMs)
    return withNextDue(result, command, state.nextDueMs)
  }

  function applyAll(commands: readonly Command[]): readonly Result[] {
    const undos: (() => void)[] = []
    const moved: LedgerEntry[] = []
    const results: Result[] = []
    try {
      for (const command of commands) results.push(run(command, undos, moved))
      observer?.moved(moved)
      return results
    } catch (error) {
      for (const undo of undos.toReversed()) undo()
      throw error
    }
  }

  function assertOpen(): void {
    if (closed) throw new StoreUnavailableError('the store is closed')
  }

  return {
    apply(commands) {
      try {
        assertOpen()
        for (const command of commands) assertCommand(command)
        return applyAll(commands)
      } catch (error) {
        return Promise.reject(error)
      }
    },
    async get(collection, id) {
      assertOpen()
      return documents.get(collection, id)
    },
    async list(collection, page) {
      assertOpen()
      return documents.list(collection, page)
    },
    async parents(collection, page) {
      assertOpen()
      return documents.parents(collection, page)
    },
    async changes(after, limit) {
      assertOpen()
      return documents.changes(after, limit)
    },
    async peek(takes) {
      assertOpen()
      assertTakes(takes)
      return peekStage(state.view, takes, time.readMs())
    },
    async request(requestId) {
      assertOpen()
      return requests.find(requestId)
    },
    async requests(query) {
      assertOpen()
      return requests.search(query)
    },
    async pruneRequests(beforeMs, limit) {
      assertOpen()
      return requests.prune(beforeMs, limit)
    },
    async call(id) {
      assertOpen()
      return state.view.call(id)
    },
    async calls(query) {
      assertOpen()
      return state.calls(query)
    },
    async lease(api, id) {
      assertOpen()
      return state.view.lease(api, id)
    },
    async leases(query) {
      assertOpen()
      return state.leases(query)
    },
    async ledger(query) {
      assertOpen()
      return state.ledger(query)
    },
    async balance(subject, name, allowance) {
      assertOpen()
      return readBalance(state.view, subject, name, time.readMs(), allowance)
    },
    highWaterMs: time.highWaterMs,
    async close() {
      closed = true
    },
  }
}
