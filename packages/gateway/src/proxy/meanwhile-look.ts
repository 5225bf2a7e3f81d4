/** Long answers outlive a revoked key, unless it is looked now and then whether who called may still do so. */
import type { Clock } from 'tollgate/engine'
import type { Admitted, UpstreamFailure } from 'tollgate/gate'

/** As soon as what another gateway has written is known here. */
const LOOK_MS = 2_000

/** `withdrawn`: once at most, and not after the returned function was called. */
export function lookMeanwhile(clock: Clock, admitted: Pick<Admitted, 'refusedMeanwhile'>, withdrawn: (failure: UpstreamFailure) => void): () => void {
  let isOver = false
  let cancel = clock.after(LOOK_MS, () => void look())

  async function look(): Promise<void> {
    const refusal = await admitted.refusedMeanwhile()
    if (isOver) return
    if (refusal === undefined) cancel = clock.after(LOOK_MS, () => void look())
    else withdrawn({ kind: 'withdrawn', refusal, detail: `refused meanwhile: ${refusal.reason}` })
  }

  return () => {
    isOver = true
    cancel()
  }
}
