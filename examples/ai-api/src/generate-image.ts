/** `POST /v1/generate/image`. */
import { toUnixSeconds } from '@tollgate/example-parts/clock'
import type { Clock } from '@tollgate/example-parts/clock'
import type { Caller } from './caller.ts'
import type { DataFolder } from './data-folder.ts'
import type { Images } from './images.ts'
import { readFields } from './json-fields.ts'
import { MODEL_ID_CHARACTERS_MAX, refuseAsleep, refuseLongPrompt } from './models.ts'
import type { ImageModel } from './models.ts'
import type { Notifier } from './notifier.ts'
import { paint } from './painting.ts'
import { encodePng } from './png.ts'
import { refuseField } from './refusal.ts'
import type { Parsed, Refusal } from './refusal.ts'
import { success } from './reply.ts'
import type { Reply } from './reply.ts'

export interface ImageRequest {
  readonly prompt: string
  readonly model: string
  readonly size: string
  readonly quality: 'standard' | 'hd'
  readonly style: 'natural' | 'vivid'
}

const PROMPT_CHARACTERS_MAX = 4_000

export function parseImageRequest(body: string): Parsed<ImageRequest> {
  return readFields(body, (fields) => ({
    prompt: fields.text('prompt', PROMPT_CHARACTERS_MAX, 'promptTooLong'),
    model: fields.text('model', MODEL_ID_CHARACTERS_MAX),
    size: fields.optionalText('size', '1024x1024', 'invalidImageSize'),
    quality: fields.choice('quality', ['standard', 'hd'], 'standard', 'invalidImageQuality'),
    style: fields.choice('style', ['natural', 'vivid'], 'vivid'),
  }))
}

export interface ImageDesk {
  readonly clock: Clock
  readonly data: DataFolder
  readonly images: Images
  readonly publicUrl: () => string
  readonly announce: Notifier
  readonly randomHex: (bytes: number) => string
}

export function createImageGeneration({ clock, data, images, publicUrl, announce, randomHex }: ImageDesk): (caller: Caller, body: string) => Promise<Reply> {
  return async (caller, body) => {
    const parsed = parseImageRequest(body)
    if (!parsed.ok) return parsed.refusal
    const request = parsed.value
    const named = data.models.named('image', request.model)
    if (!named.ok) return named.refusal
    const model = named.value
    const refused = refuseLongPrompt(model, request.prompt) ?? refuseForm(model, request)
    if (refused !== undefined) return refused
    if (data.isProhibited(request.prompt)) return refuseField('promptViolation', 'prompt', 'asks for prohibited content')
    const asleep = refuseAsleep(model)
    if (asleep !== undefined) return asleep

    const [width = 0, height = 0] = request.size.split('x').map(Number)
    const { prompt, quality, style } = request
    // Whoever has the address sees the picture, so it cannot be guessed.
    const id = `img_${randomHex(16)}`
    images.keep(id, await encodePng(paint({ model: model.id, prompt, width, height, fine: quality === 'hd', style })))
    const image = { id, url: `${publicUrl()}/images/${id}.png`, model: model.id, created: toUnixSeconds(clock.wallMs()) }
    announce(caller, 'image.completed', image)
    return success(image)
  }
}

function refuseForm({ id, sizes, qualities }: ImageModel, { size, quality }: ImageRequest): Refusal | undefined {
  if (!sizes.includes(size)) return refuseField('invalidImageSize', 'size', `must be one of ${sizes.join(', ')} for ${id}`)
  if (!qualities.includes(quality)) return refuseField('invalidImageQuality', 'quality', `must be one of ${qualities.join(', ')} for ${id}`)
  return undefined
}
