/**
 * What `format` asserts. The word is open (JSON Schema 2020-12, section 7.2.3): those of JSON Schema and of OpenAPI's registry are known here, any other
 * says nothing. Every test takes time linear in the text.
 */
import { isIPv4, isIPv6 } from 'node:net'
import { domainToASCII } from 'node:url'
import { isDate, isDateTime, isDuration, isHttpDate, isTime } from './time-formats.ts'
import { isWithin } from './integer-range.ts'

export interface Format {
  readonly text?: (text: string) => boolean
  /** `source`: the text that the number was read from. */
  readonly number?: (value: number, source: string | undefined) => boolean
}

/** `anything`: known, and nothing to be checked. Undefined: not known. */
export function formatNamed(name: string): Format | 'anything' | undefined {
  if (Object.hasOwn(formats, name)) return formats[name]
  return unchecked.has(name) ? 'anything' : undefined
}

/** Hints to people and generators. */
const unchecked = new Set(['password', 'binary', 'html', 'commonmark'])

const text = (test: RegExp | ((text: string) => boolean)): Format => ({ text: typeof test === 'function' ? test : (value) => test.test(value) })

function integers(least: bigint, most: bigint): Format {
  return {
    text: (value) => /^-?\d{1,40}$/.test(value) && BigInt(value) >= least && BigInt(value) <= most,
    number: (value, source) => isWithin(value, least, most, source),
  }
}

const signed = (bits: bigint): Format => integers(-(2n ** (bits - 1n)), 2n ** (bits - 1n) - 1n)
const unsigned = (bits: bigint): Format => integers(0n, 2n ** bits - 1n)

/** The largest that single precision rounds to a finite number. */
const FLOAT_MAX = 3.402_823_567_797_336_6e38
const numeric = /^[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/
const DOT = /[.\u3002\uff0e\uff61]/

const formats: { readonly [name: string]: Format } = {
  'date-time': text(isDateTime),
  date: text(isDate),
  time: text(isTime),
  'date-time-local': text(/^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?$/),
  'time-local': text(/^(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?$/),
  duration: text(isDuration),
  'http-date': text(isHttpDate),
  email: text((value) => isEmail(value, isHostname)),
  'idn-email': text((value) => isEmail(value, isIdnHostname)),
  hostname: text(isHostname),
  'idn-hostname': text(isIdnHostname),
  ipv4: text(isIPv4),
  ipv6: text((value) => isIPv6(value) && !value.includes('%')),
  uri: text((value) => isUri(value, false)),
  url: text((value) => isUri(value, false)),
  iri: text((value) => isUri(value, true)),
  'uri-reference': text((value) => isUriReference(value, false)),
  'iri-reference': text((value) => isUriReference(value, true)),
  'uri-template': text((value) => /^(?:[^\p{Cc} "<>%\\^`{|}]|%[\da-f]{2}|\{[^{}]+\})*$/iu.test(value) && [...value.matchAll(/\{([^{}]+)\}/g)].every(([, expression = '']) => isExpression(expression))),
  uuid: text(/^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i),
  'json-pointer': text(isJsonPointer),
  'relative-json-pointer': text((value) => {
    const [, rest] = /^(?:0|[1-9]\d*)(.*)$/s.exec(value) ?? []
    return rest === '#' || (rest !== undefined && isJsonPointer(rest))
  }),
  regex: text(isPattern),
  byte: text((value) => isBase64(value.replaceAll(/[\r\n]/g, ''), /[^A-Za-z\d+/]/)),
  base64url: text((value) => !/[^\w-]/.test(value.replace(/={1,2}$/, ''))),
  char: text((value) => value.length === ((value.codePointAt(0) ?? 0) > 0xffff ? 2 : 1)),
  int8: signed(8n),
  int16: signed(16n),
  int32: signed(32n),
  int64: signed(64n),
  uint8: unsigned(8n),
  uint16: unsigned(16n),
  uint32: unsigned(32n),
  uint64: unsigned(64n),
  'double-int': integers(BigInt(Number.MIN_SAFE_INTEGER), BigInt(Number.MAX_SAFE_INTEGER)),
  float: { text: (value) => numeric.test(value), number: (value) => Math.abs(value) < FLOAT_MAX },
  double: { text: (value) => numeric.test(value), number: Number.isFinite },
  decimal: { text: (value) => /^[+-]?\d+(?:\.\d+)?$/.test(value), number: Number.isFinite },
  decimal128: { text: (value) => numeric.test(value), number: Number.isFinite },
  'unix-time': { text: (value) => /^-?\d+$/.test(value), number: Number.isInteger },
  unixtime: { text: (value) => /^-?\d+$/.test(value), number: Number.isInteger },
}

function isHostname(value: string): boolean {
  return value.length <= 253 && value.split('.').every((label) => /^[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?$/i.test(label))
}

/** In any script: what DNS would be asked for is a host name. */
function isIdnHostname(value: string): boolean {
  if (value.length > 253 || value.split(DOT).some((label) => label === '') || /[\s%/:?#@[\]\\]/.test(value)) return false
  const ascii = domainToASCII(value)
  return ascii !== '' && isHostname(ascii)
}

/** RFC 5321: a local part of dotted atoms or quoted, and a host name or an address in brackets. RFC 6531 lets them be in any script. */
function isEmail(value: string, isDomain: (domain: string) => boolean): boolean {
  const at = value.lastIndexOf('@')
  if (at < 1 || at > 64 || value.length > 320) return false
  const [local, domain] = [value.slice(0, at), value.slice(at + 1)]
  const isInternational = isDomain === isIdnHostname
  const atom = isInternational ? /^[\w!#$%&'*+/=?^`{|}~\u0080-\u{10ffff}-]+$/u : /^[\w!#$%&'*+/=?^`{|}~-]+$/
  const isLocal = local.split('.').every((part) => atom.test(part)) || (isInternational ? local.replaceAll(/[\u0080-\u{10ffff}]/gu, 'x') : local).match(/^"(?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\[\x20-\x7e])*"$/) !== null
  if (!isLocal) return false
  const [, ipv6, ipv4] = /^\[(?:IPv6:(.*)|(.*))\]$/i.exec(domain) ?? []
  if (ipv6 !== undefined) return isIPv6(ipv6)
  return ipv4 === undefined ? isDomain(domain) : isIPv4(ipv4)
}

function isUri(value: string, isInternational: boolean): boolean {
  return /^[a-z][a-z\d+.-]*:/i.test(value) && isUriReference(value, isInternational)
}

/** RFC 3986, section 4.1; RFC 3987 adds the characters of other scripts. */
function isUriReference(value: string, isInternational: boolean): boolean {
  const [, scheme, authority, path = '', query = '', fragment = ''] = /^([^:/?#]+:)?(?:\/\/([^/?#]*))?([^?#]*)(\?[^#]*)?(#.*)?$/s.exec(value) ?? []
  if (scheme !== undefined && !/^[a-z][a-z\d+.-]*:$/i.test(scheme)) return false
  const allowed = isInternational ? /^(?:[\w.~:/?@!$&'()*+,;=\u00a0-\u{10ffff}-]|%[\da-f]{2})*$/iu : /^(?:[\w.~:/?@!$&'()*+,;=-]|%[\da-f]{2})*$/i
  if (![path, query, fragment.slice(1)].every((part) => allowed.test(part))) return false
  if (authority === undefined) return true
  const [, user = '', literal, host = ''] = /^(?:(.*)@)?(?:\[([^\]]*)\]|([^:[\]]*))(?::\d*)?$/s.exec(authority) ?? [undefined, ' ']
  const isHost = literal === undefined ? allowed.test(host) && !/[/?@]/.test(host) : isIPv6(literal) || /^v[\da-f]+\.[\w.~!$&'()*+,;=:-]+$/i.test(literal)
  return allowed.test(user) && !user.includes('@') && isHost && !literal?.includes('%')
}

/** Of a URI template (RFC 6570): an operator, and variables with their modifiers. */
function isExpression(expression: string): boolean {
  const variables = /^[+#./;?&=,!@|]/.test(expression) ? expression.slice(1) : expression
  return variables.split(',').every((variable) => variable.replace(/(?::[1-9]\d{0,3}|\*)$/, '').split('.').every((part) => /^(?:\w|%[\da-f]{2})+$/i.test(part)))
}

function isJsonPointer(value: string): boolean {
  return (value === '' || value.startsWith('/')) && !/~(?![01])/.test(value)
}

function isPattern(value: string): boolean {
  try {
    return new RegExp(value, 'u') instanceof RegExp
  } catch {
    return false
  }
}

function isBase64(value: string, foreign: RegExp): boolean {
  return value.length % 4 === 0 && !foreign.test(value.replace(/={1,2}$/, ''))
}
