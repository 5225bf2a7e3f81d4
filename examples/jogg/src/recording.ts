/** How long a recording is that a caller names by its address. Only its head is fetched, where the header is. */
import type { Outbound } from '@tollgate/example-parts/outbound'
import { issueAt } from '@tollgate/example-parts/json-fields'
import type { Parsed } from '@tollgate/example-parts/json-fields'
import type { Recording } from './video-request.ts'
import { wavSeconds } from './wav.ts'

/** Recorders put chunks of their own before the sound; few are this long. */
const HEAD_BYTES = 64 * 1024

/** Whole seconds. */
export async function measureRecording(outbound: Outbound, { audioUrl, field }: Recording): Promise<Parsed<number>> {
  const refused = outbound.refuse(audioUrl)
  if (refused !== undefined) return issueAt(field, refused)
  const answer = await outbound.send({ url: audioUrl, method: 'GET', headers: { Range: `bytes=0-${HEAD_BYTES - 1}` }, bytesMax: HEAD_BYTES })
  if (!answer.ok || (answer.status !== 200 && answer.status !== 206)) return issueAt(field, 'cannot be fetched')
  const seconds = wavSeconds(answer.body)
  return seconds === undefined ? issueAt(field, 'must be a WAV file that states its length') : { ok: true, value: seconds }
}
