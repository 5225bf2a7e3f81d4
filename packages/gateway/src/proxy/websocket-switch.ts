/** From a `101` of the upstream to the end of its WebSocket, in the words of the seam. */
import type { Duplex } from 'node:stream'
import type { Admitted, Completion, UpstreamFailure } from 'tollgate/gate'
import type { CallerSide } from '../http/caller-side.ts'
import { lookMeanwhile } from './meanwhile-look.ts'
import { switchFault } from './websocket-handshake.ts'
import type { TunnelEnd } from './tunnel.ts'
import { openTunnel } from './websocket.ts'

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
      if (end.kind === 'closed') await admitted.completed(status, completion)
      else await admitted.brokenMidStream(end, status, headers, completion)
    } catch (error) {
      caller.core.report(error)
    }
    ended()
  }

  const tunnel = openTunnel(caller, upstream, headers, admitted, (end, bytesIn, bytesOut) => {
    stopLooking()
    void tell(end, { bytesIn, bytesOut, attempts })
  })
  const stopLooking = lookMeanwhile(caller.core.clock, admitted, (failure) => tunnel.end(failure, true))
}
