/**
 * Bodies of forms: `application/x-www-form-urlencoded` and `multipart/form-data` (RFC 7578). A file counts as the text of its name, since that is all that a
 * schema can say of it; its bytes go on to the service as they came.
 */
import { Busboy } from '@fastify/busboy'
import { queryPairs } from 'tollgate/gate'
import type { NamedValue } from './named-values.ts'

export const formTypes = ['application/x-www-form-urlencoded', 'multipart/form-data'] as const

/** More is no form of people. */
const LIMITS = { fields: 1_000, files: 100, parts: 1_000, fieldNameSize: 200, headerPairs: 100, headerSize: 16_384 }

/** Undefined: no whole form. `contentType`: with its parameters. */
export async function readForm(bytes: Uint8Array, contentType: string): Promise<readonly NamedValue[] | undefined> {
  if (!contentType.toLowerCase().startsWith('multipart/')) return urlEncoded(bytes)
  return new Promise((resolve) => {
    const values: NamedValue[] = []
    const failed = (): void => resolve(undefined)
    try {
      const parser = new Busboy({ headers: { 'content-type': contentType }, limits: { ...LIMITS, fieldSize: bytes.length + 1, fileSize: bytes.length + 1 } })
      parser.on('field', (name, value) => void values.push({ name, value }))
      parser.on('file', (name, stream, fileName) => {
        values.push({ name, value: typeof fileName === 'string' ? fileName : '' })
        stream.on('error', failed).resume()
      })
      for (const limit of ['partsLimit', 'filesLimit', 'fieldsLimit'] as const) parser.on(limit, failed)
      parser.on('error', failed)
      parser.on('finish', () => resolve(values))
      parser.end(bytes)
    } catch {
      failed()
    }
  })
}

function urlEncoded(bytes: Uint8Array): readonly NamedValue[] | undefined {
  try {
    const pairs = queryPairs(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    return pairs.length > LIMITS.fields ? undefined : pairs
  } catch {
    return undefined
  }
}
