/**
 * Connect (connectrpc.com), read only: a true status and the code in words. A stream is always 200, and says its error in the envelope that ends it. A wait stands in
 * `google.rpc.RetryInfo` among the details, as bytes of Protocol Buffers in base64, and readable in `debug` where the server shows that.
 */
import { defineDialect } from '../contract/read/dialect.ts'
import { readerPart } from '../contract/read/parts/reader-part.ts'
import type { Reader } from '../contract/read/reader.ts'
import { compact } from '../contract/values/compact.ts'
import { grpcEntries } from './grpc-codes.ts'
import { listOf, objectOf, textOf } from './members.ts'

const readConnect: Reader = (body, { status }) => {
  // The end of a stream.
  const error = status === undefined ? objectOf(body, 'error') : status >= 400 ? body : undefined
  const code = textOf(error, 'code')
  if (code === undefined) return undefined
  const retry = listOf(error, 'details').find((detail) => textOf(detail, 'type') === 'google.rpc.RetryInfo')
  const seconds = secondsOf(textOf(objectOf(retry, 'debug'), 'retryDelay')) ?? secondsInRetryInfo(textOf(retry, 'value'))
  return compact({ code, message: textOf(error, 'message') ?? '', retryAfterSeconds: seconds && Math.ceil(seconds) })
}

/** As JSON writes a Duration: `1.5s`. */
function secondsOf(text = ''): number | undefined {
  const [, seconds] = /^(\d{1,12}(?:\.\d{1,9})?)s$/.exec(text) ?? []
  return seconds === undefined ? undefined : Number(seconds)
}

/** `RetryInfo { Duration retry_delay = 1 }`, `Duration { int64 seconds = 1; int32 nanos = 2 }`: some ten bytes in all. */
function secondsInRetryInfo(base64 = ''): number | undefined {
  if (!/^[A-Za-z0-9+/_-]{4,64}={0,2}$/.test(base64)) return undefined
  const bytes = Uint8Array.from(atob(base64.replaceAll('-', '+').replaceAll('_', '/').replace(/=+$/, '')), (char) => char.charCodeAt(0))
  if (bytes[0] !== 0x0a) return undefined
  let at = 2
  let seconds = 0
  while (at < bytes.length) {
    const tag = bytes[at]
    let value = 0
    let factor = 1
    for (at++; at < bytes.length && factor < 2 ** 49; at++, factor *= 128) {
      const byte = bytes[at] ?? 0
      value += (byte & 0x7f) * factor
      if (byte < 0x80) break
    }
    at++
    if (tag === 0x08) seconds += value
    else if (tag === 0x10) seconds += value / 1e9
    else return undefined
  }
  return seconds > 0 ? seconds : undefined
}

/** Connect; read only. */
export const connect = defineDialect(
  {
    name: 'connect',
    title: 'Connect',
    docs: 'https://connectrpc.com/docs/protocol#error-codes',
    decodeOnly: true,
    envelope: {
      error: { code: '$code', message: '$message' },
      stream: { data: { error: { code: '$code', message: '$message' } } },
    },
    entries: grpcEntries('name'),
  },
  { reader: readConnect, parts: [readerPart] },
)
