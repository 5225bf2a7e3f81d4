/** An HTTP answer as `curl -i` prints it. Interim answers and those of a proxy's tunnel stand before the one that counts. */
import { toReceivedHeaders, type ReceivedAnswer } from 'tollgate/contract'

/** Undefined where the text does not begin with a status line. */
export function parseHttpAnswer(text: string): ReceivedAnswer | undefined {
  const [, status, lines = '', body = ''] = /^HTTP\/[\d.]+ (\d{3})[^\r\n]*\r?\n((?:[^\r\n]+\r?\n)*)(?:\r?\n([\s\S]*))?$/.exec(text) ?? []
  if (status === undefined) return undefined
  const next = body.startsWith('HTTP/') ? parseHttpAnswer(body) : undefined
  return next ?? { status: Number(status), headers: toReceivedHeaders(lines.split(/\r?\n/).flatMap(toHeader)), body }
}

function toHeader(line: string): readonly string[] {
  const [, name, value = ''] = /^([^:\s]+):\s*(.*)$/.exec(line) ?? []
  return name === undefined ? [] : [name, value.trimEnd()]
}
