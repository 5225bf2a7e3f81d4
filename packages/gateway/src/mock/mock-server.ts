/** A mock at a port: a listener of the gateway's own, whose calls are played by a contract and a script. */
import { randomBytes } from 'node:crypto'
import type { Contract } from 'tollgate/contract'
import { createMock, type Mock, type MockScript } from 'tollgate/testing'
import { createHttpFront, type Wire } from '../http/front.ts'
import { CLOSE_GRACE_MS, opened, urlHost, type Address } from '../http/listening.ts'
import { createSystemClock } from '../platform/system-clock.ts'
import { createMockCarrier } from './mock-carrier.ts'
import { corsHeaders, createMockControl } from './mock-control.ts'
import { createMockGate } from './mock-gate.ts'

export interface MockServerOptions {
  readonly contract: Contract
  readonly script: MockScript
  readonly address: Address
  readonly wire?: Wire
  /** Whether pages of any origin may read what it answers (CORS). */
  readonly cors?: boolean | undefined
  /** What should not have happened. */
  readonly onError: (error: unknown) => void
}

export interface MockServer {
  readonly mock: Mock
  readonly url: string
  /** Answers what is in flight, for two seconds at most. */
  close(): Promise<void>
}

/** Rejects with a `GatewayStartError` where the port cannot be had. */
export async function startMock({ contract, script, address, wire = 'plain', cors = false, onError }: MockServerOptions): Promise<MockServer> {
  const clock = createSystemClock()
  const mock = createMock(contract, script, { clock })
  const gate = createMockGate({ contract, control: createMockControl(mock, cors), randomBytes, nowMs: () => clock.wallMs() })
  const front = createHttpFront({ gate: () => gate, clock, wire, carrier: createMockCarrier({ mock, contract, clock, randomBytes, headers: cors ? corsHeaders : [] }), onError })
  const { port } = await opened('the mock', address, front.listen(address))
  return {
    mock,
    url: `http://${urlHost(address.host)}:${port}`,
    async close() {
      await front.drain(CLOSE_GRACE_MS)
    },
  }
}
