/** The gate of a mock: what is asked of the mock itself it answers, and everything else goes on to what plays the contract. */
import type { Contract } from 'tollgate/contract'
import { refuse } from 'tollgate/contract'
import { answerWith, type Admitted, type Gate } from 'tollgate/gate'
import type { MockControl } from './mock-control.ts'

export interface MockGateOptions {
  readonly contract: Contract
  readonly control: MockControl
  readonly randomBytes: (count: number) => Uint8Array
  readonly nowMs: () => number
}

/** The carrier of a mock looks at the caller alone. */
const nothingToCarry = Object.freeze({}) as Admitted

export function createMockGate({ contract, control, randomBytes, nowMs }: MockGateOptions): Gate {
  return {
    refuseRaw: (reason, facts, { cause }) => answerWith(contract.answer(refuse(reason, facts, { source: 'client', cause }), { requestId: contract.mintRequestId(randomBytes(16)), nowMs: nowMs() })),
    begin({ method, target, headers }) {
      const own = control.answerTo(method, target, headers)
      return Promise.resolve(own === undefined ? { kind: 'admitted', admitted: nothingToCarry, after: Promise.resolve() } : answerWith(own))
    },
  }
}
