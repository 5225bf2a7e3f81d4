/** A `multipart/form-data` body (RFC 7578) of a few fields and one file, read as it comes: what is too large is never kept. */
import type { IncomingMessage } from 'node:http'
import { Busboy } from '@fastify/busboy'
import type { BusboyInstance } from '@fastify/busboy'
import { issueAt } from '@tollgate/example-parts/json-fields'
import type { Issue, Parsed } from './body.ts'

export interface Upload {
  readonly fields: ReadonlyMap<string, string>
  /** Undefined where there is none under its name. */
  readonly file: Buffer | undefined
}

const FIELDS_MAX = 16
const FIELD_BYTES_MAX = 4_096

/** `name`: of the file's field. A file of more than `bytesMax` is read away, so that the answer can still be heard. Rejects when the caller hangs up. */
export function readUpload(request: IncomingMessage, name: string, bytesMax: number): Promise<Parsed<Upload>> {
  const parser = createParser(request, bytesMax)
  if (parser === undefined) return Promise.resolve({ ok: false, issue: 'the body must be multipart/form-data' })
  return new Promise((resolve, reject) => {
    const fields = new Map<string, string>()
    const chunks: Buffer[] = []
    let found = false
    let issue: Issue | undefined

    const breakOff = () => {
      request.unpipe(parser).resume()
      resolve({ ok: false, issue: 'the body is no whole multipart/form-data' })
    }
    parser.on('field', (field, value) => fields.set(field, value))
    parser.on('file', (field, stream) => {
      stream.on('error', breakOff)
      if (field !== name || found) return stream.resume()
      found = true
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      return stream.on('limit', () => {
        issue = issueAt(name, `must be at most ${bytesMax / 1024 / 1024} MB`)
        chunks.length = 0
      })
    })
    parser.on('error', breakOff)
    parser.on('finish', () => resolve(issue ?? { ok: true, value: { fields, file: found ? Buffer.concat(chunks) : undefined } }))
    request.once('close', () => (request.complete ? undefined : reject(new Error('the caller hung up in the middle of the body'))))
    request.pipe(parser)
  })
}

/** Undefined for another kind of body, or one that does not say where its parts begin. */
function createParser({ headers }: IncomingMessage, bytesMax: number): BusboyInstance | undefined {
  const type = headers['content-type'] ?? ''
  if (!/^multipart\/form-data\s*;/i.test(type)) return undefined
  const limits = { fileSize: bytesMax, files: 1, fields: FIELDS_MAX, fieldSize: FIELD_BYTES_MAX, parts: FIELDS_MAX + 1 }
  try {
    return new Busboy({ headers: { ...headers, 'content-type': type }, limits })
  } catch {
    return undefined
  }
}
