/**
 * From an order to a video in the queue. The price follows from the length of what is said, and is due at once: a render that fails later stays
 * charged, unless `refundFailed` is set; then the credits that the gateway holds are settled when the video has ended.
 */
import type { Clock } from '@tollgate/example-parts/clock'
import type { Outbound } from '@tollgate/example-parts/outbound'
import { settleCall } from '@tollgate/example-parts/settle-call'
import { later, priceHeader } from 'tollgate/service'
import { issueAt } from '@tollgate/example-parts/json-fields'
import type { Issue, Parsed } from '@tollgate/example-parts/json-fields'
import type { Caller } from './caller.ts'
import { formatCredits, priceVideo } from './credits.ts'
import type { Target } from './deliveries.ts'
import { mintSecret } from './endpoints.ts'
import type { Avatar, Library, Voice } from './library.ts'
import { measureRecording } from './recording.ts'
import { parameterError, recordNotFound, success } from './reply.ts'
import type { Reply } from './reply.ts'
import { spokenSeconds, toSpoken } from './speech.ts'
import type { Studio } from './studio.ts'
import { parseVideoRequest } from './video-request.ts'
import type { AvatarChoice, Speech, VideoRequest } from './video-request.ts'
import type { VideoRows } from './video-rows.ts'
import type { Video } from './video.ts'

export interface VideoCreationOptions {
  readonly clock: Clock
  readonly library: Library
  readonly outbound: Outbound
  readonly rows: VideoRows
  readonly studio: Studio
  readonly refundFailed: boolean
  readonly randomHex: (bytes: number) => string
  /** Tells whom it concerns, the webhook of the order among them, that a video has ended. */
  readonly announce: (video: Video, own: Target | undefined) => void
  readonly onError: (error: unknown, where: string) => void
}

const LENGTH_SECONDS_MAX = 600

export function createVideoCreation(options: VideoCreationOptions): (caller: Caller, body: string) => Promise<Reply> {
  const { clock, library, outbound, rows, studio, refundFailed, randomHex, announce, onError } = options

  async function findAvatar(account: string, { own, id }: AvatarChoice): Promise<Avatar | undefined> {
    const { avatars } = await (own ? library.ownedBy(account) : library.open())
    return avatars.find(({ avatar_id }) => avatar_id === id)
  }

  async function findVoice(account: string, id: string): Promise<Voice | undefined> {
    const isIt = ({ voice_id }: Voice) => voice_id === id
    return (await library.open()).voices.find(isIt) ?? (await library.ownedBy(account)).voices.find(isIt)
  }

  /** Whole seconds; undefined if there is no such voice. */
  async function measure(account: string, speech: Speech): Promise<Parsed<number> | undefined> {
    if (speech.from === 'audio') return measureRecording(outbound, speech)
    const voice = await findVoice(account, speech.voiceId)
    return voice === undefined ? undefined : { ok: true, value: spokenSeconds(speech.script, voice.words_per_minute) }
  }

  function start(caller: Caller, { speech, look, name, webhookUrl }: VideoRequest, avatar: Avatar, lengthSeconds: number): Reply {
    const spoken = speech.from === 'script' ? toSpoken(speech.script) : null
    const video: Video = { id: `video_${randomHex(16)}`, account: caller.account, name, avatar, spoken, lengthSeconds, look, createdAtMs: clock.wallMs(), state: { status: 'queued' } }
    const own: Target | undefined = webhookUrl === null ? undefined : { url: webhookUrl, secret: mintSecret(randomHex), deliveries: [], removed: false }
    const price = formatCredits(priceVideo(lengthSeconds))
    const callUrl = refundFailed ? caller.callUrl : undefined
    rows.add(video)
    studio.take(video, () => {
      if (callUrl !== undefined) void settleCall(clock, callUrl, video.state.status === 'completed' ? price : null, (error) => onError(error, video.id))
      announce(video, own)
    })
    return success({ video_id: video.id, webhook_secret: own?.secret }, { [priceHeader]: callUrl === undefined ? price : later })
  }

  return async (caller, body) => {
    const parsed = parseVideoRequest(body)
    if (!parsed.ok) return parameterError(parsed)
    const { avatar: choice, speech, webhookUrl } = parsed.value
    const webhookIssue = checkWebhook(outbound, webhookUrl)
    if (webhookIssue !== undefined) return parameterError(webhookIssue)

    const avatar = await findAvatar(caller.account, choice)
    if (avatar === undefined) return recordNotFound()
    const length = await measure(caller.account, speech)
    if (length === undefined) return recordNotFound()
    if (!length.ok) return parameterError(length)
    if (length.value > LENGTH_SECONDS_MAX) return parameterError(issueAt(speech.field, `must not last longer than ${LENGTH_SECONDS_MAX / 60} minutes`))
    return start(caller, parsed.value, avatar, length.value)
  }
}

function checkWebhook(outbound: Outbound, url: string | null): Issue | undefined {
  const issue = url === null ? undefined : outbound.refuse(url)
  return issue === undefined ? undefined : issueAt('webhook_url', issue)
}
