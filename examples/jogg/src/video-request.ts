/**
 * The body of `POST /v2/create_video_from_avatar`. Its fields stand in the groups `avatar` and `voice`, or, in the documentation's short form, at
 * the top. What no schema can say is checked here too: fields that exclude each other, and the form of an address.
 */
import { fieldsOf, isText, issueAt, oneOf, parseBody } from '@tollgate/example-parts/json-fields'
import type { Fields, Parsed } from '@tollgate/example-parts/json-fields'

export interface VideoRequest {
  readonly avatar: AvatarChoice
  readonly speech: Speech
  readonly look: Look
  readonly webhookUrl: string | null
  readonly name: string | null
}

export interface AvatarChoice {
  /** Out of the account's own avatars rather than everybody's. */
  readonly own: boolean
  readonly id: number
}

/** `field` is where it stands in the body. */
export type Speech = { readonly from: 'script'; readonly voiceId: string; readonly script: string; readonly field: string } | Recording

export interface Recording {
  readonly from: 'audio'
  readonly audioUrl: string
  readonly field: string
}

export interface Look {
  readonly aspectRatio: 'portrait' | 'landscape' | 'square'
  readonly screenStyle: 1 | 2 | 3
  readonly caption: boolean
}

const SCRIPT_CHARACTERS_MAX = 6_000
const URL_CHARACTERS_MAX = 2_048
const NAME_CHARACTERS_MAX = 200

export function parseVideoRequest(body: string): Parsed<VideoRequest> {
  const parsed = parseBody(body)
  if (!parsed.ok) return parsed
  const root = parsed.value
  const avatar = parseAvatar(root)
  if (!avatar.ok) return avatar
  const speech = parseSpeech(root)
  if (!speech.ok) return speech
  const look = parseLook(root)
  if (!look.ok) return look
  const webhookUrl = optionalText(root, 'webhook_url', URL_CHARACTERS_MAX)
  if (!webhookUrl.ok) return webhookUrl
  const name = optionalText(root, 'video_name', NAME_CHARACTERS_MAX)
  if (!name.ok) return name
  return { ok: true, value: { avatar: avatar.value, speech: speech.value, look: look.value, webhookUrl: webhookUrl.value, name: name.value } }
}

interface Found {
  /** Where it stands: `voice.script`, or `script` in the short form. */
  readonly field: string
  readonly value: unknown
}

/** In its group or at the top, undefined if in neither. In both it would be a riddle. */
function find(root: Fields, group: 'avatar' | 'voice', name: string): Parsed<Found | undefined> {
  const given = root.get(group)
  const inner = fieldsOf(given)
  if (given !== undefined && inner === undefined) return issueAt(group, 'must be an object')
  const nested = inner?.has(name) === true
  if (nested && root.has(name)) return issueAt(name, `must not be given beside ${group}.${name}`)
  if (nested) return { ok: true, value: { field: `${group}.${name}`, value: inner.get(name) } }
  return { ok: true, value: root.has(name) ? { field: name, value: root.get(name) } : undefined }
}

function parseAvatar(root: Fields): Parsed<AvatarChoice> {
  const type = find(root, 'avatar', 'avatar_type')
  if (!type.ok) return type
  const kind = type.value === undefined ? 0 : oneOf([0, 1], type.value.value)
  if (kind === undefined) return issueAt(type.value?.field ?? 'avatar_type', 'must be one of 0, 1')
  const id = find(root, 'avatar', 'avatar_id')
  if (!id.ok) return id
  if (id.value === undefined) return issueAt('avatar_id', 'is required')
  const { field, value } = id.value
  return Number.isSafeInteger(value) && Number(value) >= 1 ? { ok: true, value: { own: kind === 1, id: Number(value) } } : issueAt(field, 'must be a positive integer')
}

function parseSpeech(root: Fields): Parsed<Speech> {
  const [type, voice, script, audio] = [find(root, 'voice', 'type'), find(root, 'voice', 'voice_id'), find(root, 'voice', 'script'), find(root, 'voice', 'audio_url')]
  if (!type.ok) return type
  const kind = type.value === undefined ? undefined : oneOf(['script', 'audio'], type.value.value)
  if (type.value !== undefined && kind === undefined) return issueAt(type.value.field, 'must be one of script, audio')
  if (!voice.ok) return voice
  if (!script.ok) return script
  if (!audio.ok) return audio
  if (script.value !== undefined && audio.value !== undefined) return issueAt(audio.value.field, `must not be given beside ${script.value.field}: choose one of them`)
  const fromAudio = kind === undefined ? audio.value !== undefined : kind === 'audio'
  return fromAudio ? parseAudio(audio.value) : parseScript(voice.value, script.value)
}

function parseAudio(audio: Found | undefined): Parsed<Speech> {
  if (audio === undefined) return issueAt('audio_url', 'is required')
  const { field, value } = audio
  return isText(value, URL_CHARACTERS_MAX) ? { ok: true, value: { from: 'audio', audioUrl: value, field } } : issueAt(field, `must be a URL of at most ${URL_CHARACTERS_MAX} characters`)
}

function parseScript(voice: Found | undefined, script: Found | undefined): Parsed<Speech> {
  if (voice === undefined) return issueAt('voice_id', 'is required')
  if (!isText(voice.value, 64)) return issueAt(voice.field, 'must be a string of at most 64 characters')
  if (script === undefined) return issueAt('script', 'is required')
  const { field, value } = script
  if (!isText(value, SCRIPT_CHARACTERS_MAX)) return issueAt(field, `must be a string of at most ${SCRIPT_CHARACTERS_MAX} characters`)
  return value.trim() === '' ? issueAt(field, 'must not be blank') : { ok: true, value: { from: 'script', voiceId: voice.value, script: value, field } }
}

function parseLook(root: Fields): Parsed<Look> {
  const aspectRatio = choose(root, 'aspect_ratio', ['portrait', 'landscape', 'square'])
  if (!aspectRatio.ok) return aspectRatio
  const screenStyle = choose(root, 'screen_style', [1, 2, 3])
  if (!screenStyle.ok) return screenStyle
  const caption = root.has('caption') ? root.get('caption') : true
  if (typeof caption !== 'boolean') return issueAt('caption', 'must be a boolean')
  return { ok: true, value: { aspectRatio: aspectRatio.value, screenStyle: screenStyle.value, caption } }
}

function choose<const T extends string | number>(root: Fields, field: string, allowed: readonly T[]): Parsed<T> {
  if (!root.has(field)) return issueAt(field, 'is required')
  const value = oneOf(allowed, root.get(field))
  return value === undefined ? issueAt(field, `must be one of ${allowed.join(', ')}`) : { ok: true, value }
}

function optionalText(root: Fields, field: string, charactersMax: number): Parsed<string | null> {
  if (!root.has(field)) return { ok: true, value: null }
  const value = root.get(field)
  return isText(value, charactersMax) ? { ok: true, value } : issueAt(field, `must be a string of at most ${charactersMax} characters`)
}
