/** multipart/form-data (RFC 7578) as bytes. */
import type { FormPart } from './probe-request.ts'

const BOUNDARY = 'tollgate-check-7d0c4b1e5f2a'

export function encodeForm(parts: readonly FormPart[]): { readonly body: Buffer; readonly type: string } {
  const pieces = parts.flatMap((part) => [
    Buffer.from(`--${BOUNDARY}\r\nContent-Disposition: form-data; name="${part.name}"${part.kind === 'file' ? `; filename="${part.filename}"\r\nContent-Type: ${part.type}` : ''}\r\n\r\n`),
    part.kind === 'text' ? Buffer.from(part.value) : Buffer.concat([Buffer.from(part.base64, 'base64'), Buffer.alloc(part.zeros)]),
    Buffer.from('\r\n'),
  ])
  return { body: Buffer.concat([...pieces, Buffer.from(`--${BOUNDARY}--\r\n`)]), type: `multipart/form-data; boundary=${BOUNDARY}` }
}
