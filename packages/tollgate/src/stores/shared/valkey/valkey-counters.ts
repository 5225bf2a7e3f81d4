/**
 * Counters on Valkey or Redis, from 6.2 on, for several gateways: windows, quotas and slots. What only counts is decided here and taken there if nobody was faster; the rest is
 * decided there, by a script (`counter-script.ts` says why).
 *
 * What comes while a call is under way goes into the next one, for all accounts on a server by itself, for each account on a cluster. Each batch of commands
 * is decided by itself and takes effect whole or not at all. Nothing is sent twice: where the connection breaks, what was under way is of unknown outcome, and says so.
 */
import type { CounterCommand, ReturningCounters } from '../../../engine/counters.ts'
import type { Clock } from '../../../engine/clock.ts'
import { assertStateCommand } from '../../../engine/decide-command.ts'
import { assertTakes } from '../../../engine/meters/stage.ts'
import type { Reading } from '../../../engine/meters/meter.ts'
import { StoreUnavailableError } from '../../../engine/store-error.ts'
import { createScriptLanes } from './script-lanes.ts'
import { assertCountable } from './script-operations.ts'
import { memoryWarnings } from './memory-warnings.ts'
import type { ValkeyClient } from './valkey-client.ts'

/** Whose server it is, and how its keys begin. */
export interface ValkeyCountersOptions {
  readonly client: ValkeyClient
  /** Default: `tollgate:`. */
  readonly prefix?: string
  /** In place of the server's time, for tests. */
  readonly clock?: Pick<Clock, 'wallMs'> | undefined
  /** What only counts is decided here, over what was last seen, and taken by the server if it still is so. False: the server decides all by itself, at some five times its cost. Default: true. */
  readonly decidesHere?: boolean
}

/** Counters that can also take an admission back, as it was named. */
export interface ValkeyCounters extends ReturningCounters {
  /** What is wrong with the server's settings, in words; an empty list where nothing is. */
  warnings(): Promise<readonly string[]>
  /** The latest instant that the server has said. */
  highWaterMs(): number
}

/**
 * An engine of counters over one server or cluster. It makes no connection of its own: `client` has one.
 *
 * @example
 * declare const client: ValkeyClient
 * const counters = createValkeyCounters({ client })
 * await counters.apply([{ kind: 'admit', takes: [{ subject: 'account:acme', name: 'burst', meter: { kind: 'window', windowMs: 60_000 }, limit: 5, cost: 1 }] }])
 */
export function createValkeyCounters({ client, prefix = 'tollgate:', clock, decidesHere = true }: ValkeyCountersOptions): ValkeyCounters {
  const lanes = createScriptLanes({ client, prefix, clock, decidesHere })
  let isClosed = false

  function assertOpen(): void {
    if (isClosed) throw new StoreUnavailableError('the counters are closed')
  }

  function assertCommand(command: CounterCommand): void {
    assertStateCommand(command)
    if (command.kind === 'admit') assertCountable(command.takes)
  }

  return {
    apply(commands) {
      try {
        assertOpen()
        for (const command of commands) assertCommand(command)
      } catch (error) {
        return Promise.reject(error)
      }
      return lanes.ask(commands)
    },
    async peek(takes, accountId) {
      assertOpen()
      assertTakes(takes)
      assertCountable(takes)
      const [readings] = await lanes.ask([{ kind: 'peek', takes, accountId }])
      return readings as readonly Reading[]
    },
    async takeBack({ takes, callId, admission, accountId }) {
      assertOpen()
      const [answer] = await lanes.ask([{ kind: 'return', takes, callId, admission, accountId }])
      return (answer as { readonly returned: boolean }).returned
    },
    warnings: () => memoryWarnings(client),
    highWaterMs: lanes.highWaterMs,
    async close() {
      isClosed = true
      await lanes.idle()
    },
  }
}
