/**
 * A backend in the same process, with sites all over the world and some under test, each with a fault of its own:
 *
 * | Country      | What happens                                                   |
 * |--------------|----------------------------------------------------------------|
 * | `zz-error`   | answers 503                                                    |
 * | `zz-garbage` | answers with a web page                                        |
 * | `zz-refused` | refuses the connection                                         |
 * | `zz-timeout` | takes the order, and its answer to it gets lost                |
 * | `zz-late`    | takes the order, and finds afterwards that it has no addresses |
 */
import type { Clock } from '@tollgate/example-parts/clock'
import type { Backend, BackendAnswer, BackendCommand } from './backend.ts'

export interface SimulatedBackendOptions {
  readonly clock: Clock
  /** Hexadecimal digits of so many random bytes. */
  readonly randomHex: (bytes: number) => string
  /** From the order to its addresses. */
  readonly allocateMs: number
}

interface Order {
  readonly site: string
  readonly addresses: number
  readonly rotating: boolean
  readonly readyAtMs: number
  /** Counts rotations: each leads to another address. */
  turn: number
  readonly password: string
}

export function createSimulatedBackend({ clock, randomHex, allocateMs }: SimulatedBackendOptions): Backend {
  const orders = new Map<string, Order>()

  function take(number: string, command: BackendCommand & { readonly do: 'order' }): Promise<BackendAnswer> {
    const site = command.country?.toLowerCase() ?? 'any'
    if (site === 'zz-error') return answer(503, 'no upstream in the pool')
    if (site === 'zz-garbage') return answer(200, '<!doctype html><title>Welcome to nginx!</title>')
    if (site === 'zz-refused') return Promise.reject(new Error('connect ECONNREFUSED 203.0.113.255:9443'))
    if (!orders.has(number)) {
      const { addresses, rotating } = command
      orders.set(number, { site, addresses, rotating, readyAtMs: clock.wallMs() + allocateMs, turn: 0, password: randomHex(8) })
    }
    return site === 'zz-timeout' ? new Promise(() => {}) : answer(202, JSON.stringify({ order: number, state: 'pending' }))
  }

  function look(number: string, order: Order): Promise<BackendAnswer> {
    if (clock.wallMs() < order.readyAtMs) return answer(200, JSON.stringify({ order: number, state: 'pending' }))
    if (order.site === 'zz-late') return answer(200, JSON.stringify({ order: number, state: 'failed', reason: 'no address left at this site' }))
    return answer(200, JSON.stringify({ order: number, state: 'ready', endpoints: endpointsOf(number, order) }))
  }

  return {
    send(command) {
      if (command.do === 'order') return take(command.order, command)
      const order = orders.get(command.order)
      if (order === undefined) return answer(404, '')
      if (command.do === 'look') return look(command.order, order)
      if (command.do === 'rotate') {
        order.turn++
        return look(command.order, order)
      }
      orders.delete(command.order)
      return answer(204, '')
    },
  }
}

/** Addresses from the ranges for documentation (RFC 5737): nobody is behind them. */
function endpointsOf(number: string, { site, addresses, rotating, turn, password }: Order): readonly unknown[] {
  const username = `${number.slice(-8)}-${turn}`
  if (rotating) return [{ host: `${site}.gate.nexalayer.example`, port: 10_000 + turn, username, password }]
  return Array.from({ length: addresses }, (_, index) => ({ host: `203.0.113.${index + 1}`, port: 8080, username, password }))
}

function answer(status: number, body: string): Promise<BackendAnswer> {
  return Promise.resolve({ status, body })
}
