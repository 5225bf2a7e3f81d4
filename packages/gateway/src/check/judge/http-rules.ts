/** What HTTP asks of a refusal, whatever its envelope. */
import { bodyFormatOf, toReceivedHeaders } from 'tollgate/contract'
import { receivedHeaders } from '../probe-exchange.ts'
import { alikeOnWire } from '../acceptable.ts'
import { faultOf, noteOf, shown, type AnswerFault } from './answer-fault.ts'
import type { AnswerRule, RefusalRule } from './judge-context.ts'

/** Of any answer that has a body. */
export const framing: AnswerRule = ({ request, answer }) => {
  const headers = receivedHeaders(answer)
  const counted = namesOf(answer.headers)
  const twice = [...counted].filter(([name, count]) => count > 1 && ['content-type', 'content-length', 'retry-after', 'location', 'date'].includes(name)).map(([name]) => faultOf('header', name, `${name} stands there twice`))
  if (request.method === 'HEAD') return [...twice, ...(answer.body.length === 0 ? [] : [faultOf('head', 'the body', 'an answer to HEAD has a body')])]
  const [length, coding] = [headers['content-length'], headers['transfer-encoding']]
  const told: readonly AnswerFault[] =
    length !== undefined && coding !== undefined ? [faultOf('content-length', 'content-length', 'Content-Length and Transfer-Encoding stand beside each other')]
    : length !== undefined && !/^\d+$/.test(length) ? [faultOf('content-length', 'content-length', `Content-Length is ${shown(length)}`)]
    : length !== undefined && Number(length) !== answer.body.length ? [faultOf('content-length', 'content-length', `Content-Length is ${length}, and the body has ${answer.body.length} bytes`)]
    : length === undefined && coding === undefined && answer.status !== 204 ? [noteOf('content-length', 'content-length', 'neither Content-Length nor chunks say where the body ends')]
    : []
  const encoded = headers['content-encoding']
  return [...twice, ...told, ...(encoded === undefined || encoded === 'identity' ? [] : [faultOf('content-length', 'content-encoding', `encoded as ${encoded}, which nobody has asked for`)])]
}

export const contentBytes: RefusalRule = ({ exchange: { answer } }) => {
  const { body } = answer
  if (body.length === 0) return [faultOf('content-bytes', 'the body', 'the body is empty')]
  if (body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf) return [faultOf('content-bytes', 'the body', 'the body begins with a byte order mark')]
  return isUtf8(body) ? [] : [faultOf('content-bytes', 'the body', 'the body is no UTF-8')]
}

export const contentType: RefusalRule = ({ headers }, { contract }) => {
  const declared = contract.declaration.envelope.contentType ?? 'application/json'
  const found = headers['content-type']
  if (found === undefined) return [faultOf('content-type', 'content-type', `Content-Type is missing; it is ${declared}`)]
  const [type = '', ...parameters] = found.split(';').map((part) => part.trim().toLowerCase())
  const [wanted = ''] = declared.toLowerCase().split(';').map((part) => part.trim())
  if (type !== wanted) return [faultOf('content-type', 'content-type', `Content-Type is ${shown(found)}, and the contract answers with ${declared}`)]
  const charset = parameters.find((each) => each.startsWith('charset='))?.slice(8).replaceAll('"', '')
  if (charset !== undefined && charset !== 'utf-8') return [faultOf('content-type', 'content-type', `the charset is ${shown(charset)}, not utf-8`)]
  const isText = type.startsWith('text/')
  if (isText && charset === undefined) return [faultOf('content-type', 'content-type', 'text has no charset; write "; charset=utf-8"')]
  // RFC 8259 section 11: the parameter means nothing.
  return bodyFormatOf(declared) === 'json' && !isText && charset !== undefined ? [noteOf('content-type', 'content-type', 'JSON has no charset parameter')] : []
}

export const noStore: RefusalRule = ({ headers }) => {
  const directives = (headers['cache-control'] ?? '').toLowerCase().split(',').map((each) => each.trim())
  if (!directives.includes('no-store')) return [faultOf('no-store', 'cache-control', `Cache-Control is ${shown(headers['cache-control'])}; a refusal says no-store`)]
  const against = directives.find((each) => /^(?:public|s-maxage=|max-age=[1-9])/.test(each))
  return against === undefined ? [] : [faultOf('no-store', 'cache-control', `Cache-Control says no-store and ${against}`)]
}

const CHALLENGE = /^[A-Za-z][\w!#$%&'*+.^`|~-]*(?: +(?:[\w!#$%&'*+.^`|~-]+ *= *(?:"(?:[^"\\]|\\.)*"|[^\s",]+)(?: *, *|$))*(?:[A-Za-z0-9._~+/-]+=*)?)?/

export const challenge: RefusalRule = ({ entry, read, headers, exchange: { answer } }, { contract }) => {
  const name = entry.status === 401 || answer.status === 401 ? 'www-authenticate' : entry.status === 407 ? 'proxy-authenticate' : undefined
  if (name === undefined) return []
  const found = headers[name]
  if (found === undefined || found === '') return [faultOf('challenge', name, `a ${entry.status} without ${name}`)]
  if (!CHALLENGE.test(found)) return [faultOf('challenge', name, `${name} is no challenge: ${shown(found)}`)]
  const schemes = (text: string): readonly string[] => [...text.matchAll(/(?:^|,\s*)([A-Za-z][\w-]*)(?=\s|$)(?!\s*=)/g)].map(([, scheme = '']) => scheme.toLowerCase())
  const wanted = schemes(ownChallenge(entry.headers, name) ?? contract.declaration.authenticate ?? '')
  const missing = wanted.filter((scheme) => !schemes(found).includes(scheme))
  if (missing.length > 0) return [faultOf('challenge', name, `${name} is ${shown(found)}, and the contract challenges by ${wanted.join(', ')}`)]
  const exact = alikeOnWire(contract, entry).flatMap(({ id, code, status }) => {
    const written = contract.write({ entry: id, code, status, message: '', details: read.details }, { requestId: 'r', nowMs: 0 })
    return toReceivedHeaders(written.headers)[name] ?? []
  })
  return exact.length === 0 || exact.includes(found) ? [] : [faultOf('challenge', name, `${name} is ${shown(found)}, and the contract writes ${shown(exact[0])}`)]
}

function ownChallenge(headers: { readonly [name: string]: string } | undefined, name: string): string | undefined {
  return Object.entries(headers ?? {}).find(([each]) => each.toLowerCase() === name)?.[1]
}

export const allow: RefusalRule = ({ entry, headers, exchange: { request, answer } }) => {
  if (entry.status !== 405 && answer.status !== 405) return []
  const found = headers['allow']
  if (found === undefined) return [faultOf('allow', 'allow', 'a 405 without Allow')]
  const methods = found.split(',').map((each) => each.trim()).filter((each) => each !== '')
  const odd = methods.find((each) => !/^[A-Z][A-Z-]*$/.test(each))
  if (odd !== undefined) return [faultOf('allow', 'allow', `Allow names ${shown(odd)}, which is no method`)]
  if (methods.length === 0) return [faultOf('allow', 'allow', 'Allow names no method, and this path has one')]
  return methods.includes(request.method) ? [faultOf('allow', 'allow', `Allow names ${request.method}, which is refused`)] : []
}

export const redirect: AnswerRule = ({ answer }) => {
  const { location } = receivedHeaders(answer)
  return answer.status >= 300 && answer.status < 400 ? [faultOf('redirect', 'location', `a redirect (${answer.status}) to ${shown(location)}, which was not followed`)] : []
}

/** A clock that is off by more makes every instant of the answers wrong. */
const SKEW_MAX_MS = 5 * 60_000

export const date: AnswerRule = ({ answer, receivedAtMs }) => {
  const found = receivedHeaders(answer)['date']
  if (found === undefined) return [noteOf('date', 'date', 'Date is missing: nobody can tell its instants from a clock that is off')]
  const atMs = Date.parse(found)
  if (Number.isNaN(atMs) || !found.endsWith(' GMT')) return [faultOf('date', 'date', `Date is ${shown(found)}`)]
  return Math.abs(atMs - receivedAtMs) > SKEW_MAX_MS ? [noteOf('date', 'date', `its clock and this one are ${Math.round(Math.abs(atMs - receivedAtMs) / 1000)} s apart`)] : []
}

function namesOf(headers: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (let at = 0; at < headers.length; at += 2) counts.set((headers[at] ?? '').toLowerCase(), (counts.get((headers[at] ?? '').toLowerCase()) ?? 0) + 1)
  return counts
}

function isUtf8(body: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(body)
    return true
  } catch {
    return false
  }
}

