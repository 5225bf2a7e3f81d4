/** From a `101` of the upstream to the end of its WebSocket, in the words of the seam. */
import type { Duplex } from 'node:stream'
import type { Admitted, Completion, UpstreamFailure } from 'tollgate/gate'
import type { CallerSide } from '../http/caller-side.ts'
import { switchFault } from './websocket-handshake.ts'
import { openTunnel, type TunnelEnd } from './websocket.ts'

/** `read`: the gate answers in its place. */
export function judgeSwitch({ head, core }: CallerSide, admitted: Admitted, status: number, headers: readonly string[]): 'tunnel' | 'read' | UpstreamFailure {
  const fault = switchFault(headers, head.value('sec-websocket-key') ?? '')
  if (fault !== undefined) return { kind: 'garbage', detail: fault }
  try {
    return admitted.judge(status, headers).kind === 'read' ? 'read' : 'tunnel'
  } catch (error) {
    core.report(error)
    return { kind: 'garbage', detail: 'the answer could not be judged' }
  }
}

/** `ended`: the gate has been told. */
export function runTunnel(caller: CallerSide, admitted: Admitted, upstream: Duplex, status: number, headers: readonly string[], attempts: Completion['attempts'], ended: () => void): void {
  async function tell(end: TunnelEnd, completion: Completion): Promise<void> {
    try {
      if (end === 'closed') await admitted.completed(status, completion)
      else await admitted.brokenMidStream(tunnelFailures[end], status, headers, completion)
    } catch (error) {
      caller.core.report(error)
    }
    ended()
  }

  openTunnel(caller, upstream, headers, admitted, (end, bytesIn, bytesOut) => void tell(end, { bytesIn, bytesOut, attempts }))
}

const tunnelFailures = {
  caller_broke: { kind: 'client_gone', detail: 'the caller reset its connection' },
  upstream_broke: { kind: 'reset', detail: 'the upstream reset its connection' },
} as const satisfies Record<Exclude<TunnelEnd, 'closed'>, UpstreamFailure>
