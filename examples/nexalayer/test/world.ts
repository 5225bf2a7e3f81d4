/** The service with a gateway in front of it that holds money, and a clock that stands still until a test moves it. */
import { createManualClock } from '@tollgate/example-parts/testing/manual-clock'
import type { ManualClock } from '@tollgate/example-parts/testing/manual-clock'
import { vi } from 'vitest'
import { createNexalayerService } from '../src/service.ts'
import type { NexalayerOptions } from '../src/service.ts'
import { createFakeGateway } from '@tollgate/example-parts/testing/fake-gateway'
import type { FakeGateway } from '@tollgate/example-parts/testing/fake-gateway'

export interface World {
  readonly clock: ManualClock
  readonly gateway: FakeGateway
  readonly url: string
  readonly errors: { readonly error: unknown; readonly where: string }[]
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
  /** Creates a session and waits until it is active. */
  buy(body: unknown, headers?: Record<string, string>): Promise<string>
  /** Lets time pass, step by step, until the session has this status. */
  until(id: string, status: string): Promise<void>
  close(): Promise<void>
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: Body
}

interface Body {
  readonly [name: string]: unknown
  readonly data?: Data | null
}

interface Data {
  readonly [name: string]: unknown
  readonly session_id?: string
  readonly status?: string
  readonly sessions?: readonly Data[]
  readonly products?: readonly { readonly product_no: string }[]
}

export const startMs = Date.UTC(2026, 10, 21, 12)

export async function createWorld(options: NexalayerOptions = {}): Promise<World> {
  const clock = createManualClock(startMs)
  const gateway = await createFakeGateway()
  const errors: World['errors'] = []
  const service = createNexalayerService({ clock, onError: (error, where) => errors.push({ error, where }), ...options })
  const { url } = await service.listen(0)

  const send: World['send'] = async (method, path, body, headers = {}) => {
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: { 'tollgate-account': 'acc_1', 'tollgate-request-id': 'req_1', ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await answer.text()
    return { status: answer.status, headers: answer.headers, body: text === '' ? {} : (JSON.parse(text) as Body) }
  }

  const until: World['until'] = (id, status) =>
    vi.waitFor(
      async () => {
        // While a step is under way no timer waits; time passes only between the steps.
        if (clock.pending() > 0) clock.advance(500)
        const { body } = await send('GET', `/v1/sessions/${id}`)
        if (body.data?.status !== status) throw new Error(`session ${id} is ${body.data?.status}, not ${status}`)
      },
      { timeout: 60_000, interval: 2 },
    )

  return {
    clock,
    gateway,
    url,
    errors,
    send,
    until,
    async buy(body, headers) {
      const answer = await send('POST', '/v1/sessions', body, headers)
      const id = answer.body.data?.session_id
      if (id === undefined) throw new Error(`no session was created: ${answer.status} ${JSON.stringify(answer.body)}`)
      await until(id, 'active')
      return id
    },
    async close() {
      await service.close()
      await gateway.close()
    },
  }
}

export function dynamicBody(config: Record<string, unknown> = {}): unknown {
  return { type: 'dynamic', config: { product_no: 'DYN-RES-01', traffic_gb: 5, country: 'DE', ...config } }
}

export function staticBody(config: Record<string, unknown> = {}): unknown {
  return { type: 'static', config: { product_no: 'STA-ISP-01', quantity: 2, duration_days: 30, country: 'US', ...config } }
}
