/** An order of images from its beginning to its end, and what its owner and its callback see of it. */
import type { ImageRequest } from './image-request.ts'
import type { Palette } from './library.ts'

export interface ImageTask {
  readonly id: string
  readonly account: string
  readonly request: ImageRequest
  readonly createdAtMs: number
  state: ImageState
}

export type ImageState =
  | { readonly status: 'pending' }
  | { readonly status: 'processing' }
  /** The images are drawn when they are looked at: all else that they follow from is in the request. */
  | { readonly status: 'completed'; readonly palette: Palette }
  /** `error` is for the owner to read. */
  | { readonly status: 'failed'; readonly error: string }

/** `publicUrl`: where callers reach this service, without a slash at its end. */
export function toView(task: ImageTask, publicUrl: string) {
  const { id, state } = task
  return { id, status: state.status, images: imagesOf(task, publicUrl).map(({ url }) => ({ url })), error: state.status === 'failed' ? state.error : undefined }
}

export function toCallbackPayload(task: ImageTask, publicUrl: string) {
  const { id, state } = task
  return state.status === 'failed' ? { id, status: state.status, error: state.error } : { id, status: state.status, images: imagesOf(task, publicUrl) }
}

function imagesOf({ id, request, state }: ImageTask, publicUrl: string): readonly { readonly id: string; readonly url: string }[] {
  if (state.status !== 'completed') return []
  return Array.from({ length: request.number }, (_, index) => ({ id: imageId(id, index), url: `${publicUrl}/media/${imageId(id, index)}/image.svg` }))
}

function imageId(taskId: string, index: number): string {
  return `${taskId}-${index}`
}

export function parseImageId(id: string): { readonly taskId: string; readonly index: number } | undefined {
  const match = /^(img_[\da-f]{32})-(\d)$/.exec(id)
  return match?.[1] === undefined ? undefined : { taskId: match[1], index: Number(match[2]) }
}
