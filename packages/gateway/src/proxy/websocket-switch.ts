/** From a `101` of the upstream to the end of its WebSocket, in the words of the seam. */
import type { Duplex } from 'node:stream'
import type { Admitted, Completion, UpstreamFailure } from 'tollgate/gate'
import type { CallerSide } from '../http/caller-side.ts'
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

/** So often it is looked whether who called may still do so; as soon as what another gateway has written is known here. */
const MEANWHILE_MS = 2_000

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

  let isOver = false
  const tunnel = openTunnel(caller, upstream, headers, admitted, (end, bytesIn, bytesOut) => {
    isOver = true
    cancelLook()
    void tell(end, { bytesIn, bytesOut, attempts })
  })

  async function look(): Promise<void> {
    const refusal = await admitted.refusedMeanwhile()
    if (isOver) return
    if (refusal === undefined) cancelLook = caller.core.clock.after(MEANWHILE_MS, () => void look())
    else tunnel.end({ kind: 'withdrawn', refusal, detail: `refused meanwhile: ${refusal.reason}` }, true)
  }

  let cancelLook = caller.core.clock.after(MEANWHILE_MS, () => void look())
}
