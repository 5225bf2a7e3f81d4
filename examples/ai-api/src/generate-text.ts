/** `POST /v1/generate`. */
import { pause, toUnixSeconds } from '@tollgate/example-parts/clock'
import type { Clock } from '@tollgate/example-parts/clock'
import type { Caller } from './caller.ts'
import type { DataFolder } from './data-folder.ts'
import { readFields } from './json-fields.ts'
import { generateText } from './language-model.ts'
import { MODEL_ID_CHARACTERS_MAX, refuseAsleep, refuseLongPrompt } from './models.ts'
import type { Notifier } from './notifier.ts'
import { refuse, refuseField } from './refusal.ts'
import type { Parsed } from './refusal.ts'
import { success } from './reply.ts'
import type { Reply } from './reply.ts'

export interface TextRequest {
  readonly prompt: string
  readonly model: string
  readonly maxTokens: number
  readonly temperature: number
  readonly topP: number
  readonly frequencyPenalty: number
  readonly presencePenalty: number
}

/** No model takes more; each has its own limit below. */
const PROMPT_CHARACTERS_MAX = 32_000

export function parseTextRequest(body: string): Parsed<TextRequest> {
  return readFields(body, (fields) => ({
    prompt: fields.text('prompt', PROMPT_CHARACTERS_MAX, 'promptTooLong'),
    model: fields.text('model', MODEL_ID_CHARACTERS_MAX),
    maxTokens: fields.count('max_tokens', 100, 'invalidMaxTokens'),
    temperature: fields.number('temperature', [0, 2], 0.7, 'invalidTemperature'),
    topP: fields.number('top_p', [0, 1], 1),
    frequencyPenalty: fields.number('frequency_penalty', [-2, 2], 0),
    presencePenalty: fields.number('presence_penalty', [-2, 2], 0),
  }))
}

export interface TextDesk {
  readonly clock: Clock
  readonly data: DataFolder
  readonly announce: Notifier
  readonly randomHex: (bytes: number) => string
  readonly onError: (error: unknown, where: string) => void
}

/** Rejects when `signal` aborts: nobody waits for the text any more, and no event tells of it. */
export function createTextGeneration({ clock, data, announce, randomHex, onError }: TextDesk): (caller: Caller, body: string, signal: AbortSignal) => Promise<Reply> {
  return async (caller, body, signal) => {
    const parsed = parseTextRequest(body)
    if (!parsed.ok) return parsed.refusal
    const request = parsed.value
    const named = data.models.named('text', request.model)
    if (!named.ok) return named.refusal
    const model = named.value
    const tooLong = refuseLongPrompt(model, request.prompt)
    if (tooLong !== undefined) return tooLong
    if (request.maxTokens > model.max_tokens) return refuseField('invalidField', 'max_tokens', `must be at most ${model.max_tokens} for ${model.id}`)
    const asleep = refuseAsleep(model)
    if (asleep !== undefined) return asleep

    const voice = await data.voiceOf(caller.account)
    const id = `gen_${randomHex(12)}`
    try {
      const { content, promptTokens, completionTokens } = generateText({ ...request, languages: model.languages, voice }, data.languages)
      if (model.ms_per_token > 0) await pause(clock, completionTokens * model.ms_per_token, signal)
      signal.throwIfAborted()
      const usage = { prompt_tokens: promptTokens, completion_tokens: completionTokens, total_tokens: promptTokens + completionTokens }
      const text = { id, content, model: model.id, usage, created: toUnixSeconds(clock.wallMs()) }
      announce(caller, 'generation.completed', text)
      return success(text)
    } catch (error) {
      if (signal.aborted) throw error
      onError(error, caller.requestId)
      announce(caller, 'generation.failed', { id, model: model.id, created: toUnixSeconds(clock.wallMs()) })
      return refuse('processingError')
    }
  }
}
