/** One upstream: its address, and with what the gateway proves itself there. What is secret of it never stands in a message. */
import { compact, valueAt } from 'tollgate/contract'
import { contextHeaderPrefix } from 'tollgate/gate'
import { readServerUrl } from '../../platform/server-url.ts'
import type { UpstreamOptions } from '../../proxy/upstream.ts'
import { readAuthorities, readTlsMaterial, secretsOf } from '../../tls/tls-material.ts'
import type { Files } from '../read/files.ts'
import { readText } from '../read/files.ts'
import type { Path } from '../read/config-problem.ts'
import type { Report } from '../read/report.ts'
import type { SecretShape, UpstreamShape } from '../shape/upstream-shape.ts'

export interface UpstreamContext {
  /** As written. */
  readonly data: unknown
  readonly files: Files
  readonly report: Report
}

/** Written by HTTP itself, by the gateway, or by another setting. */
const reservedHeaders = new Set(['connection', 'content-length', 'expect', 'host', 'http2-settings', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'traceparent', 'tracestate', 'transfer-encoding', 'upgrade'])
const reservedPrefixes = [contextHeaderPrefix, 'x-forwarded-', 'sec-websocket-']
/** What is written out under such a name is a secret all the same. */
const secretName = /auth|key|token|secret|passw|cookie|credential|signature/i

/** What is wrong with it, the report says. */
export function buildUpstream(name: string, shape: UpstreamShape, context: UpstreamContext): UpstreamOptions {
  const { data, report } = context
  const path = ['upstreams', name]
  const isShort = typeof valueAt(data, path) === 'string'
  const read = readServerUrl(shape.url)
  if (!read.ok) report.value(isShort ? path : [...path, 'url'], read.fault)
  const secrets: string[] = []
  const valuesOf = (values: { readonly [name: string]: SecretShape } | undefined, at: Path, check: (value: string) => string | undefined) =>
    Object.entries(values ?? {}).flatMap(([each, written]) => {
      const place = [...at, each]
      const value = textOf(written, place, context)
      const problem = value === undefined ? undefined : check(value)
      if (problem !== undefined) report(place, problem)
      if (value === undefined || problem !== undefined) return []
      if (isSecret(each, place, data)) secrets.push(...piecesOf(value))
      return [[each, value] as const]
    })
  checkHeaderNames(shape.headers, [...path, 'headers'], report)
  const headers = valuesOf(shape.headers, [...path, 'headers'], faultOfHeaderValue)
  const query = valuesOf(shape.query, [...path, 'query'], () => undefined)
  if (shape.tls !== undefined && read.ok && read.url.protocol !== 'https:') report([...path, 'tls'], 'belongs to an https URL; write https://, or take it away')
  return compact({
    url: shape.url,
    preserveHost: shape.preserveHost,
    connectionsMax: shape.connections,
    headers: headers.length > 0 ? headers.flat() : undefined,
    query: query.length > 0 ? query : undefined,
    secrets: secrets.length > 0 ? secrets : undefined,
    tls: shape.tls && buildTls(shape.tls, [...path, 'tls'], context),
    context: shape.context ? undefined : false,
  })
}

function textOf(written: SecretShape, path: Path, { files, report }: UpstreamContext): string | undefined {
  if (typeof written === 'string') return written
  const { file, scheme } = written
  const read = readText(files.pathOf(file))
  const text = read.ok ? read.text.replace(/[\r\n]+$/, '') : ''
  if (!read.ok) report([...path, 'file'], `cannot read ${file}: ${read.message}`)
  else if (text.trim() === '') report([...path, 'file'], `${file} is empty`)
  else return scheme === undefined ? text : `${scheme} ${text}`
  return undefined
}

function checkHeaderNames(headers: UpstreamShape['headers'], path: Path, report: Report): void {
  const seen = new Map<string, string>()
  for (const name of Object.keys(headers ?? {})) {
    const plain = name.toLowerCase()
    const before = seen.get(plain)
    if (plain === 'host') report([...path, name], 'is that of the URL, or with preserveHost the caller’s')
    else if (reservedHeaders.has(plain) || reservedPrefixes.some((prefix) => plain.startsWith(prefix))) report([...path, name], 'is written by the gateway itself; choose another header')
    else if (before !== undefined) report([...path, name], `is ${before} in another case; write one of them`)
    seen.set(plain, name)
  }
}

function faultOfHeaderValue(value: string): string | undefined {
  if (!/^[\t\x20-\x7e]*$/.test(value)) return 'has a line break, or another character that no header can carry'
  return value.trim() === value && value !== '' ? undefined : 'begins or ends with a space: is the secret behind its scheme empty?'
}

/** From the environment or a file, or written out under a name that says so. */
function isSecret(name: string, path: Path, data: unknown): boolean {
  const written = valueAt(data, path)
  return typeof written !== 'string' || written.includes('${') || secretName.test(name)
}

/** What must not be seen of it: all of it, what stands behind a scheme, and the password within a `Basic` one. */
function piecesOf(value: string): readonly string[] {
  const [scheme = '', ...rest] = value.split(/\s+/)
  if (rest.length === 0) return [value]
  const decoded = scheme.toLowerCase() === 'basic' ? Buffer.from(rest[0] ?? '', 'base64').toString() : ''
  return [value, ...rest, ...(decoded === '' ? [] : [decoded, decoded.slice(decoded.indexOf(':') + 1)])]
}

function buildTls({ ca: caFile, certificate, key, passphrase, serverName }: NonNullable<UpstreamShape['tls']>, path: Path, { files, report }: UpstreamContext): NonNullable<UpstreamOptions['tls']> {
  const ca = caFile === undefined ? undefined : readAuthorities([...path, 'ca'], caFile, files)
  if ((certificate === undefined) !== (key === undefined)) report(path, `certificate and key belong together; ${certificate === undefined ? 'certificate' : 'key'} is missing`)
  if (passphrase !== undefined && key === undefined) report([...path, 'passphrase'], 'is that of a key, and there is none')
  const own = certificate === undefined || key === undefined ? undefined : readTlsMaterial({ certificate, key, passphrase, minVersion: '1.2' }, path, files)
  for (const read of [ca, own]) if (read?.ok === false) for (const problem of read.problems) report(problem.path, problem.message)
  const secrets = own?.ok === true ? secretsOf(own.value) : undefined
  return compact({ ca: ca?.ok === true ? ca.value : undefined, ...secrets, servername: serverName })
}
