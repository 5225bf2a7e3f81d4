/**
 * `POST /v1/chat/completions`: from a request to a completion, whole or as a stream.
 *
 * What it costs follows from `usage`, which whoever stands in front reads in the answer. In a stream every chunk says what has been used up to
 * there: so one that ends early, because the caller left or the model broke down, costs exactly what was delivered.
 */
import { pause, toUnixSeconds } from '@tollgate/example-parts/clock'
import type { Clock } from '@tollgate/example-parts/clock'
import { issueAt } from '@tollgate/example-parts/json-fields'
import type { Parsed } from './body.ts'
import type { Write } from './chat-model.ts'
import { parseChatRequest } from './chat-request.ts'
import type { ChatRequest } from './chat-request.ts'
import { toEvents } from './chat-stream.ts'
import { createChoice, toObject } from './completion.ts'
import type { Completion } from './completion.ts'
import type { Models } from './models.ts'
import { eventStream, invalid, success } from './reply.ts'
import type { Reply } from './reply.ts'
import { untilStop } from './stop-sequences.ts'
import { promptTokens } from './tokens.ts'

export interface ChatOptions {
  readonly clock: Clock
  readonly models: Models
  readonly write: Write
  /** Between two tokens of a stream; 0: as fast as they are read. */
  readonly tokenIntervalMs: number
  readonly randomHex: (bytes: number) => string
}

/** `gone` is aborted when the caller has hung up: then nothing more is written. */
export type Chat = (body: string, gone: AbortSignal) => Promise<Reply>

export function createChat({ clock, models, write, tokenIntervalMs, randomHex }: ChatOptions): Chat {
  function begin({ messages, temperature, topP, stops, seed, tokensMax, ...request }: ChatRequest): Parsed<Completion> {
    const asked = models.find(request.model)
    if (asked?.class !== 'chat') return { ok: false, field: 'model', issue: 'must be a chat model from GET /v1/models', kind: 'unknown model' }
    const { resolvesTo: model, contextTokens, outputTokensMax } = asked

    const used = promptTokens(messages.map(({ content }) => content))
    if (used >= contextTokens) return issueAt('messages', `must fit the context of ${contextTokens} tokens with room for an answer; they have ${used}`)
    const room = Math.min(contextTokens - used, outputTokensMax)
    if (tokensMax !== null && tokensMax.value > room) return issueAt(tokensMax.field, `must be at most ${room}, which is what this model has left after a prompt of ${used} tokens`)

    const choose = (choice: number) => createChoice(untilStop(write({ model, messages, temperature, topP, seed, choice }), stops), tokensMax?.value ?? room)
    const choices = Array.from({ length: request.choices }, (_, choice) => choose(choice))
    return { ok: true, value: { id: `chatcmpl-${randomHex(16)}`, created: toUnixSeconds(clock.wallMs()), model, promptTokens: used, choices } }
  }

  return async (body, gone) => {
    const request = parseChatRequest(body)
    if (!request.ok) return invalid(request)
    const { stream, includeUsage } = request.value
    const completion = begin(request.value)
    if (!completion.ok) return invalid(completion)
    if (!stream) return success(await toObject(completion.value))
    const breathe = async () => (tokenIntervalMs === 0 ? undefined : pause(clock, tokenIntervalMs, gone))
    return eventStream(toEvents(completion.value, { includeUsage, gone, breathe }))
  }
}
