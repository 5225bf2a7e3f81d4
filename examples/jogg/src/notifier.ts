/** Tells whom it concerns that a video has ended: the account's endpoints that want to know, and the webhook of the order itself. */
import type { Deliveries, Target } from './deliveries.ts'
import type { Endpoints } from './endpoints.ts'
import { createVideoEvent } from './webhook-event.ts'
import { toView } from './video.ts'
import type { Video } from './video.ts'

export interface NotifierOptions {
  readonly wallMs: () => number
  readonly publicUrl: () => string
  readonly endpoints: Endpoints
  readonly deliveries: Deliveries
  readonly randomHex: (bytes: number) => string
}

/** `own`: the webhook that came with the order. */
export function createNotifier({ wallMs, publicUrl, endpoints, deliveries, randomHex }: NotifierOptions): (video: Video, own: Target | undefined) => void {
  return (video, own) => {
    const event = createVideoEvent(`evt_${randomHex(16)}`, toView(video, wallMs(), publicUrl()), wallMs())
    const wanting: readonly Target[] = endpoints.ofAccount(video.account).filter(({ status, events }) => status === 'enabled' && events.includes(event.name))
    for (const target of own === undefined ? wanting : [...wanting, own]) void deliveries.deliver(event, target)
  }
}
