/**
 * Image tasks: ordered now, painted in their own time.
 *
 * The price is taken from the balance when the order is accepted, but held and not charged: `Tollgate-Price: later`. When the images are there, it
 * is charged; when the platform fails, all of it goes back. A charge could not be undone by the call that made it, and a crash in between leaves a
 * hold that frees itself at its deadline, not money that nobody returns.
 */
import type { Clock } from '@tollgate/example-parts/clock'
import type { Outbound } from '@tollgate/example-parts/outbound'
import { settleCall } from '@tollgate/example-parts/settle-call'
import { later, priceHeader } from 'tollgate/service'
import { issueAt } from '@tollgate/example-parts/json-fields'
import type { Issue } from './body.ts'
import { deliver } from './callbacks.ts'
import type { Caller } from './caller.ts'
import { formatCredits } from './credits.ts'
import { drawImage } from './drawing.ts'
import { parseImageRequest } from './image-request.ts'
import type { ImageRequest } from './image-request.ts'
import { parseImageId, toCallbackPayload, toView } from './image-task.ts'
import type { ImageTask } from './image-task.ts'
import type { ImageTasks } from './image-tasks.ts'
import type { Models, UnitModel } from './models.ts'
import type { Paint } from './painter.ts'
import { expired, invalid, notFound, picture, success } from './reply.ts'
import type { WholeReply } from './reply.ts'

export interface ImagesOptions {
  readonly clock: Clock
  readonly models: Models
  readonly tasks: ImageTasks
  readonly paint: Paint
  readonly outbound: Outbound
  readonly publicUrl: () => string
  readonly randomHex: (bytes: number) => string
  readonly onError: (error: unknown, where: string) => void
}

export interface Images {
  order(caller: Caller, body: string): WholeReply
  show(caller: Caller, id: string): Promise<WholeReply>
  /** By the id of one image; public for whoever knows it. */
  draw(imageId: string): WholeReply
}

export function createImages({ clock, models, tasks, paint, outbound, publicUrl, randomHex, onError }: ImagesOptions): Images {
  async function work(task: ImageTask, { callUrl }: Caller, { unitPrice }: UnitModel): Promise<void> {
    await paint(task)
    const { number, callbackUrl } = task.request
    const due = task.state.status === 'completed' ? formatCredits(number * unitPrice) : null
    if (callUrl !== undefined) void settleCall(clock, callUrl, due, (error) => onError(error, task.id))
    if (callbackUrl !== null) void deliver(clock, outbound, callbackUrl, toCallbackPayload(task, publicUrl()))
  }

  return {
    order(caller, body) {
      const request = parseImageRequest(body)
      if (!request.ok) return invalid(request)
      const model = models.find(request.value.model)
      if (model?.class !== 'image') return invalid({ field: 'model', issue: 'must be an image model from GET /v1/models', kind: 'unknown model' })
      const address = refusedAddress(outbound, request.value)
      if (address !== undefined) return invalid(address)

      const task: ImageTask = { id: `img_${randomHex(16)}`, account: caller.account, request: request.value, createdAtMs: clock.wallMs(), state: { status: 'pending' } }
      tasks.add(task)
      void work(task, caller, model)
      return success({ id: task.id, status: task.state.status }, caller.callUrl === undefined ? {} : { [priceHeader]: later })
    },

    async show({ account }, id) {
      const found = await tasks.find(account, id)
      if (found.is === 'here') return success(toView(found.task, publicUrl()))
      return found.is === 'expired' ? expired() : notFound()
    },

    draw(imageId) {
      const named = parseImageId(imageId)
      const task = named && tasks.findAny(named.taskId)
      if (task?.state.status !== 'completed' || named === undefined || named.index >= task.request.number) return notFound()
      return picture(drawImage(task.request, named.index, task.state.palette))
    },
  }
}

/** References are not fetched, but who paints elsewhere would: so they keep to the same rules. */
function refusedAddress(outbound: Outbound, { references, callbackUrl }: ImageRequest): Issue | undefined {
  for (const [at, url] of references.entries()) {
    const issue = outbound.refuse(url)
    if (issue !== undefined) return issueAt(`referenceImages.${at}`, issue)
  }
  const issue = callbackUrl === null ? undefined : outbound.refuse(callbackUrl)
  return issue === undefined ? undefined : issueAt('callbackUrl', issue)
}
