/** An answer that was read, without what must not be seen of it: what is compressed must be opened for that, and goes on as it is then. */
import { codingsOf, decodedBody, withoutHeaders } from 'tollgate/gate'
import { decompress } from '../platform/decompress.ts'
import type { SecretMask } from './secret-mask.ts'

const DECODED_BYTES_MAX = 65_536

/** `body` undefined: there is none, or it cannot be looked into. */
export async function concealed(mask: SecretMask, headers: readonly string[], body: Uint8Array | undefined): Promise<{ readonly headers: readonly string[]; readonly body: Uint8Array | undefined }> {
  if (mask.isEmpty || body === undefined) return { headers, body }
  const decoded = await decodedBody(body, headers, decompress, DECODED_BYTES_MAX)
  const plain = codingsOf(headers).length === 0 ? headers : withoutHeaders(headers, (name) => name === 'content-encoding')
  return { headers: plain, body: decoded && mask.body(decoded) }
}
