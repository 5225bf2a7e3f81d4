/** Where services settle what their calls hold: one address, which they may keep for as long as a call is open, over restarts too. */
import type { CallApiOptions } from 'tollgate/gate'
import { createCallApi } from 'tollgate/settling'
import type { Clock, MoneyEngine } from 'tollgate/engine'
import type { Alerts } from '../platform/alerts.ts'
import { CLOSE_GRACE_MS, opened, urlHost, type Address } from '../http/listening.ts'
import type { Log } from '../platform/log.ts'
import { createHttpFront, type HttpFront, type Wire } from '../http/front.ts'
import { createCallGate } from './call-gate.ts'

export interface CallListenerSetup {
  readonly address: Address
  /**
   * How services reach it, without a slash at its end; undefined: by the address, which must then be one to call (not 0.0.0.0). Its path is where it is
   * served: a proxy in between must keep that.
   */
  readonly publicUrl: string | undefined
  readonly wire: Wire
  readonly secret: string
  readonly store: MoneyEngine
  readonly clock: Clock
  readonly sha256Hex: (text: string) => string
  readonly randomBytes: (count: number) => Uint8Array
  readonly alert: Alerts['raise']
  readonly onError: (error: unknown) => void
  readonly log: Log
}

export interface CallListener {
  /** For the gate. */
  readonly options: CallApiOptions
  /** Undefined until it is open. */
  url(): string | undefined
  /** Takes the port, once, and resolves to it. Rejects with a `GatewayStartError` when it cannot have it. */
  open(): Promise<number>
  /** Answers what is in flight. */
  close(): Promise<void>
}

interface Listening {
  readonly front: HttpFront
  readonly port: number
  readonly url: string
}

export function createCallListener({ address, publicUrl, wire, secret, store, clock, sha256Hex, randomBytes, alert, onError, log }: CallListenerSetup): CallListener {
  const base = publicUrl === undefined ? '/calls' : new URL(publicUrl).pathname.replace(/\/$/, '')
  const hostnames = [address.host, ...(publicUrl === undefined ? [] : [new URL(publicUrl).hostname])].map((name) => name.toLowerCase())
  const gate = createCallGate({ api: createCallApi({ store, clock, sha256Hex, secret, base, alert }), hostnames, randomBytes, nowMs: () => clock.wallMs() })
  let listening: Listening | undefined

  async function listen(): Promise<Listening> {
    const front = createHttpFront({ gate: () => gate, clock, wire, onError })
    const { port } = await opened('calls', address, front.listen(address))
    const url = publicUrl ?? `http://${urlHost(address.host)}:${port}${base}`
    log.info('services can settle their calls', { url })
    return { front, port, url }
  }

  return {
    options: { url: () => listening?.url ?? '', secret },
    url: () => listening?.url,
    async open() {
      listening ??= await listen()
      return listening.port
    },
    async close() {
      await listening?.front.drain(CLOSE_GRACE_MS)
    },
  }
}
