/**
 * Where the protocols of AWS say their code (smithy.io, "aws.protocols"): in `x-amzn-query-error` or `x-amzn-errortype`, in `__type` or `code` of JSON, in `<Code>` of
 * XML, in whichever wrapper. It is cut at the first `:`, and what stands before the first `#` is the name space.
 */
import type { Reader } from '../contract/read/reader.ts'
import { compact } from '../contract/values/compact.ts'
import { textOf } from './members.ts'

/** Behind it lies no error of AWS. */
const XML_CHARS_MAX = 65_536

export const readAws: Reader = (body, { status, headers }) => {
  if (status === undefined || status < 400) return undefined
  const xml = typeof body === 'string' && /^\s*</.test(body) ? body.slice(0, XML_CHARS_MAX) : undefined
  const said = headers['x-amzn-query-error']?.split(';', 1)[0] ?? headers['x-amzn-errortype'] ?? (xml === undefined ? (textOf(body, '__type') ?? textOf(body, 'code')) : elementOf(xml, 'Code'))
  const message = xml === undefined ? (textOf(body, 'message') ?? textOf(body, 'Message')) : elementOf(xml, 'Message')
  if (said === undefined) return undefined
  const retryAfterMs = headers['x-amz-retry-after']
  return compact({
    code: shapeName(said),
    message: message ?? '',
    requestId: headers['x-amz-request-id'] ?? (xml === undefined ? undefined : (elementOf(xml, 'RequestId') ?? elementOf(xml, 'RequestID'))),
    retryAfterSeconds: retryAfterMs !== undefined && /^\d{1,12}$/.test(retryAfterMs) ? Math.ceil(Number(retryAfterMs) / 1000) : undefined,
  })
}

function shapeName(said: string): string {
  const [name = ''] = said.split(':', 1)
  return name.slice(name.indexOf('#') + 1)
}

/** The text of the first element of this name. Codes and ids have nothing in them that would have to be unescaped; a sentence may. */
function elementOf(xml: string, name: string): string | undefined {
  const begin = xml.indexOf(`<${name}>`)
  const end = begin === -1 ? -1 : xml.indexOf(`</${name}>`, begin)
  const text = end === -1 ? undefined : xml.slice(begin + name.length + 2, end)
  return text?.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&apos;', "'").replaceAll('&amp;', '&')
}
