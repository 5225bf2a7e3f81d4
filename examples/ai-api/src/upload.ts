/**
 * Reads an upload as it comes in: `multipart/form-data` with one `file`. Nothing is read beyond the limit; what the sender still has stays with
 * the sender. Any bytes end in a value.
 */
import type { IncomingMessage } from 'node:http'
import { Busboy } from '@fastify/busboy'
import type { BusboyFileStream, BusboyInstance } from '@fastify/busboy'
import { refuse, refuseField } from './refusal.ts'
import type { Parsed, Refusal } from './refusal.ts'

export interface Upload {
  readonly name: string
  /** The media type that the sender says it is. */
  readonly declaredType: string
  readonly bytes: Buffer
}

const FIELD = 'file'
const NAME_CHARACTERS_MAX = 255

/** A form has little to say besides its file: other fields, heads of parts, what stands before the first and after the last. */
const OTHER_BYTES_MAX = 65_536
const LIMITS = { files: 4, fields: 16, parts: 20, fieldSize: 4_096, headerPairs: 32, headerSize: 16_384 }

export function readUpload(request: IncomingMessage, bytesMax: number): Promise<Parsed<Upload>> {
  const parser = createParser(request, bytesMax)
  if (parser === undefined) return Promise.resolve(invalid('the body must be multipart/form-data with a boundary'))
  return new Promise((resolve) => {
    let upload: Parsed<Upload> | undefined
    /** What is left of the body is not taken in any more. */
    const settle = (outcome: Parsed<Upload>): void => {
      request.unpipe(parser).pause()
      resolve(outcome)
    }
    const onBroken = (): void => settle(BROKEN)
    const onClosed = (): void => {
      if (!request.complete) onBroken()
    }
    const onFile = (field: string, stream: BusboyFileStream, name: string, _: string, declaredType: string): void => {
      stream.on('error', onBroken)
      if (field !== FIELD) return void stream.resume()
      if (upload !== undefined) return settle(wrong(refuseField('invalidField', FIELD, 'must be given once')))
      const chunks: Buffer[] = []
      upload = BROKEN
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('limit', () => settle(wrong(refuse('fileTooLarge', { resource: 'file', field: FIELD, issue: `must be at most ${bytesMax} bytes`, bytesMax }))))
      stream.on('end', () => {
        upload = { ok: true, value: { name: plainName(name), declaredType, bytes: Buffer.concat(chunks) } }
      })
    }
    parser.on('file', onFile)
    parser.on('field', (field) => {
      if (field === FIELD) upload ??= wrong(refuseField('invalidField', FIELD, 'must be a file, not text'))
    })
    parser.on('error', () => settle(invalid('the body is no whole multipart form')))
    parser.on('finish', () => settle(upload ?? wrong(refuseField('missingField', FIELD, 'is required'))))
    let bytes = 0
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > bytesMax + OTHER_BYTES_MAX) settle(invalid(`the form must not hold more than ${OTHER_BYTES_MAX} bytes besides the file`))
    })
    request.on('close', onClosed).on('error', onBroken).pipe(parser)
  })
}

function createParser(request: IncomingMessage, bytesMax: number): BusboyInstance | undefined {
  const type = request.headers['content-type']
  if (type === undefined || !/^multipart\/form-data\s*;/i.test(type)) return undefined
  try {
    return new Busboy({ headers: { 'content-type': type }, limits: { ...LIMITS, fileSize: bytesMax } })
  } catch {
    return undefined
  }
}

/** Shown to people and nothing else; still, no control characters. */
function plainName(name: string | undefined): string {
  const plain = (name ?? '').replaceAll(/\p{C}/gu, '').trim()
  return plain === '' ? 'unnamed' : [...plain].slice(0, NAME_CHARACTERS_MAX).join('')
}

function invalid(issue: string): Parsed<never> {
  return wrong(refuse('invalidRequest', { issue }))
}

const BROKEN = invalid('the body broke off')

function wrong(refusal: Refusal): Parsed<never> {
  return { ok: false, refusal }
}
