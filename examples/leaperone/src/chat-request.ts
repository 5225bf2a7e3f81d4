/** The body of `POST /v1/chat/completions`, OpenAI's. What this model cannot do is refused (`unsupported-fields.ts`). */
import { fieldsOf, isText, issueAt, parseBody } from '@tollgate/example-parts/json-fields'
import type { Fields } from '@tollgate/example-parts/json-fields'
import { isBoolean, isIntegerIn, isOneOf, missing, optional } from './body.ts'
import type { Issue, Parsed } from './body.ts'
import type { Message } from './chat-model.ts'
import { refuseUnsupported } from './unsupported-fields.ts'

export interface ChatRequest {
  readonly model: string
  readonly messages: readonly Message[]
  readonly temperature: number
  readonly topP: number
  /** The answer ends before the first of these. */
  readonly stops: readonly string[]
  readonly seed: number | null
  readonly choices: number
  /** `field`: under which of its two names it was given. */
  readonly tokensMax: { readonly field: string; readonly value: number } | null
  readonly stream: boolean
  readonly includeUsage: boolean
}

const CHOICES_MAX = 8
const STOPS_MAX = 4
const STOP_CHARACTERS_MAX = 256
const isTemperature = (value: unknown): value is number => typeof value === 'number' && value >= 0 && value <= 2
const isShare = (value: unknown): value is number => typeof value === 'number' && value >= 0 && value <= 1
const isPositive = isIntegerIn(1, Number.MAX_SAFE_INTEGER)
const isSeed = isIntegerIn(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)
const roles = ['system', 'developer', 'user', 'assistant'] as const
const isRole = isOneOf(roles)
const isStopText = (value: unknown): value is string => isText(value, STOP_CHARACTERS_MAX)
const isStop = (value: unknown): value is string | readonly string[] => isStopText(value) || (Array.isArray(value) && value.length <= STOPS_MAX && value.every(isStopText))

export function parseChatRequest(body: string): Parsed<ChatRequest> {
  const parsed = parseBody(body)
  if (!parsed.ok) return parsed
  const fields = parsed.value
  const model = fields.get('model')
  if (model === undefined) return missing('model')
  if (typeof model !== 'string') return issueAt('model', 'must be a string')
  const messages = parseMessages(fields.get('messages'))
  if (!messages.ok) return messages
  const tokensMax = parseTokensMax(fields)
  if (!tokensMax.ok) return tokensMax
  const temperature = optional(fields, 'temperature', isTemperature, 'must be a number from 0 to 2', 1)
  if (!temperature.ok) return temperature
  const topP = optional(fields, 'top_p', isShare, 'must be a number from 0 to 1', 1)
  if (!topP.ok) return topP
  const choices = optional(fields, 'n', isIntegerIn(1, CHOICES_MAX), `must be an integer from 1 to ${CHOICES_MAX}`, 1)
  if (!choices.ok) return choices
  const stop = optional(fields, 'stop', isStop, `must be a text, or an array of at most ${STOPS_MAX}, each of 1 to ${STOP_CHARACTERS_MAX} characters`, [])
  if (!stop.ok) return stop
  const seed = optional(fields, 'seed', isSeed, 'must be an integer', null)
  if (!seed.ok) return seed
  const stream = optional(fields, 'stream', isBoolean, 'must be a boolean', false)
  if (!stream.ok) return stream
  const includeUsage = parseIncludeUsage(fields, stream.value)
  if (!includeUsage.ok) return includeUsage
  const unsupported = refuseUnsupported(fields)
  if (unsupported !== undefined) return unsupported
  return {
    ok: true,
    value: {
      model,
      messages: messages.value,
      temperature: temperature.value,
      topP: topP.value,
      stops: [stop.value].flat(),
      seed: seed.value,
      choices: choices.value,
      tokensMax: tokensMax.value,
      stream: stream.value,
      includeUsage: includeUsage.value,
    },
  }
}

function parseMessages(value: unknown): Parsed<readonly Message[]> {
  if (value === undefined) return missing('messages')
  if (!Array.isArray(value) || value.length === 0) return issueAt('messages', 'must be an array of at least one message')
  const messages: Message[] = []
  for (const [at, one] of value.entries()) {
    const message = parseMessage(one, `messages.${at}`)
    if (!message.ok) return message
    messages.push(message.value)
  }
  return { ok: true, value: messages }
}

function parseMessage(value: unknown, path: string): Parsed<Message> {
  const fields = fieldsOf(value)
  if (fields === undefined) return issueAt(path, 'must be an object')
  const role = fields.get('role')
  if (role === undefined) return missing(`${path}.role`)
  if (!isRole(role)) return issueAt(`${path}.role`, `must be one of ${roles.join(', ')}`)
  const content = fields.get('content')
  if (content === undefined) return missing(`${path}.content`)
  if (typeof content === 'string') return { ok: true, value: { role, content } }
  if (!Array.isArray(content) || content.length === 0) return issueAt(`${path}.content`, 'must be a string or an array of text parts')
  let text = ''
  for (const [at, one] of content.entries()) {
    const part = parsePart(one, `${path}.content.${at}`)
    if (!part.ok) return part
    text += part.value
  }
  return { ok: true, value: { role, content: text } }
}

function parsePart(value: unknown, path: string): Parsed<string> {
  const fields = fieldsOf(value)
  if (fields === undefined) return issueAt(path, 'must be an object')
  if (!fields.has('type')) return missing(`${path}.type`)
  if (fields.get('type') !== 'text') return issueAt(`${path}.type`, 'must be text: this model reads nothing else')
  if (!fields.has('text')) return missing(`${path}.text`)
  const text = fields.get('text')
  return typeof text === 'string' ? { ok: true, value: text } : issueAt(`${path}.text`, 'must be a string')
}

/** OpenAI renamed the field; both names are in use. */
function parseTokensMax(fields: Fields): Parsed<ChatRequest['tokensMax']> {
  const given = ['max_tokens', 'max_completion_tokens'].filter((field) => (fields.get(field) ?? null) !== null)
  const [field] = given
  if (field === undefined) return { ok: true, value: null }
  if (given.length > 1) return issueAt('max_tokens', 'must not be given beside max_completion_tokens: choose one of them')
  const value = fields.get(field)
  return isPositive(value) ? { ok: true, value: { field, value } } : issueAt(field, 'must be an integer of at least 1')
}

function parseIncludeUsage(fields: Fields, stream: boolean): Parsed<boolean> {
  const given = fields.get('stream_options') ?? null
  if (given === null) return { ok: true, value: false }
  const options = fieldsOf(given)
  if (options === undefined) return issueAt('stream_options', 'must be an object')
  const included: Parsed<boolean> | Issue = optional(options, 'include_usage', isBoolean, 'must be a boolean', false)
  if (!included.ok) return { ...included, field: 'stream_options.include_usage' }
  return stream ? included : issueAt('stream_options', 'must not be given unless stream is true')
}
