/** `POST /v1/audio/transcriptions`: a recording in, what is said in it out. It costs by the started minute, whether anything is said or not. */
import type { IncomingMessage } from 'node:http'
import { fileTypeFromBuffer } from 'file-type'
import { priceHeader } from 'tollgate/service'
import { issueAt } from '@tollgate/example-parts/json-fields'
import { isOneOf, missing } from './body.ts'
import type { Parsed } from './body.ts'
import { formatCredits } from './credits.ts'
import type { Models, UnitModel } from './models.ts'
import { transcribe } from './morse.ts'
import { invalid, success, text } from './reply.ts'
import type { WholeReply } from './reply.ts'
import { readUpload } from './upload.ts'
import { parseWav, SAMPLES_PER_SECOND_MIN } from './wav.ts'
import type { Recording } from './wav.ts'

export const FILE_BYTES_MAX = 25 * 1024 * 1024

const formats = ['json', 'text'] as const
const isFormat = isOneOf(formats)

export function createAudio(models: Models): (request: IncomingMessage) => Promise<WholeReply> {
  function findModel(id: string | undefined): Parsed<UnitModel> {
    if (id === undefined) return missing('model')
    const model = models.find(id)
    return model?.class === 'audio' ? { ok: true, value: model } : { ok: false, field: 'model', issue: 'must be an audio model from GET /v1/models', kind: 'unknown model' }
  }

  return async (request) => {
    const upload = await readUpload(request, 'file', FILE_BYTES_MAX)
    if (!upload.ok) return invalid(upload)
    const { file, fields } = upload.value
    if (file === undefined) return invalid(missing('file'))
    const model = findModel(fields.get('model'))
    if (!model.ok) return invalid(model)
    const format = fields.get('response_format') ?? 'json'
    if (!isFormat(format)) return invalid(issueAt('response_format', `must be one of ${formats.join(', ')}`))
    const recording = await readRecording(file)
    if (!recording.ok) return invalid(recording)

    const minutes = Math.max(1, Math.ceil(recording.value.seconds / 60))
    const price = { [priceHeader]: formatCredits(minutes * model.value.unitPrice) }
    const heard = transcribe(recording.value)
    if (format === 'text') return text(`${heard}\n`, price)
    return success({ text: heard, usage: { type: 'duration', seconds: Math.ceil(recording.value.seconds) } }, price)
  }
}

async function readRecording(file: Buffer): Promise<Parsed<Recording>> {
  const type = await fileTypeFromBuffer(file)
  if (type?.ext !== 'wav') return issueAt('file', `must be a WAV file, whatever its name; this is ${type?.mime ?? 'nothing that we know'}`)
  const recording = parseWav(file)
  return recording === undefined ? issueAt('file', `must be PCM of 8 or 16 bits, with at least ${SAMPLES_PER_SECOND_MIN} samples a second`) : { ok: true, value: recording }
}
