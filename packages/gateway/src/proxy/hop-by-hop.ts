/** Which headers cross the gateway, in each direction (RFC 9110 section 7.6.1). */
import { contextHeaderPrefix, joinHeaders, withoutHeaders } from 'tollgate/gate'
import { lengthWithoutBody } from '../http/message-framing.ts'
import type { RequestHead } from '../http/request-head.ts'

/** These end at each hop whether or not `Connection` lists them. */
const hopByHop = new Set([
  'connection',
  'keep-alive',
  // CGI programs read it as `HTTP_PROXY`, the proxy for all that they ask of others (httpoxy.org).
  'proxy',
  'proxy-authenticate',
  'proxy-authentication-info',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/** Written anew for the upstream: by undici (framing, Host), by the gateway (where from), or not at all (Expect is between the caller and us). */
const rewritten = new Set([
  'content-length',
  'expect',
  'host',
  'http2-settings',
  'traceparent',
  'tracestate',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
])

/** Believed by many services, as is all that begins with `x-forwarded-`: kept only when a trusted proxy sent them. */
const claimsOfProxies = new Set([
  'cf-connecting-ip',
  'client-ip',
  'fastly-client-ip',
  'fly-client-ip',
  'forwarded',
  'front-end-https',
  'remote-user',
  'true-client-ip',
  'x-client-ip',
  'x-cluster-client-ip',
  'x-envoy-external-address',
  'x-forwarded',
  'x-host',
  'x-original-forwarded-for',
  'x-original-host',
  'x-original-method',
  'x-original-uri',
  'x-original-url',
  'x-proxyuser-ip',
  'x-real-ip',
  'x-remote-user',
  'x-rewrite-url',
  'x-scheme',
  'x-script-name',
  'x-url-scheme',
])

/** Some frameworks take the method from here: another one than the route was chosen by. */
const otherMethods = new Set(['x-http-method', 'x-http-method-override', 'x-method-override'])

/** Tell strangers what the upstream is made of. */
const disclosing = new Set(['server', 'x-powered-by'])

/**
 * A header's name as services behind CGI and its like tell names apart: RFC 3875 section 4.1.18 turns a hyphen into an underscore, and servers do so with every
 * character that is neither letter nor digit. `Tollgate.Scopes` is `Tollgate-Scopes` for them. `name` is lower case.
 */
function alike(name: string): string {
  return /^[a-z0-9-]*$/.test(name) ? name : name.replaceAll(/[^a-z0-9]/g, '-')
}

const ours = new Map<string, string>()

/** Of a name that we set or withhold, in whatever case. There are as many as the configuration has. */
function oursAlike(name: string): string {
  let found = ours.get(name)
  if (found === undefined) ours.set(name, (found = alike(name.toLowerCase())))
  return found
}

/**
 * The caller's headers without those that end here, that only we may set, that are `withheld` (lower case), or whose name is in `added`, in whatever spelling
 * is the same for some service; then `added`.
 */
export function toUpstreamHeaders(head: RequestHead, trusted: boolean, withheld: readonly string[], added: readonly string[]): string[] {
  const { names, headers, connectionOptions } = head
  const taken = withheld.map(oursAlike)
  for (let at = 0; at < added.length; at += 2) taken.push(oursAlike(added[at] ?? ''))
  const kept: string[] = []
  for (let at = 0; at < names.length; at += 1) {
    const sent = names[at] ?? ''
    const name = alike(sent)
    if (hopByHop.has(name) || rewritten.has(name) || otherMethods.has(name) || name.startsWith(contextHeaderPrefix) || taken.includes(name)) continue
    // A proxy replaces what it knows, in the one spelling that it knows: any other is the caller's.
    if (isClaim(name) && !(trusted && sent === name)) continue
    if (connectionOptions.includes(sent)) continue
    kept.push(headers[2 * at] ?? '', headers[2 * at + 1] ?? '')
  }
  return kept.concat(added)
}

function isClaim(name: string): boolean {
  return claimsOfProxies.has(name) || name.startsWith('x-forwarded-')
}

/** An upstream's answer as far as HTTP needs it: `headers` for the caller, `length` when it is known. */
export interface CrossingAnswer {
  readonly headers: string[]
  /** Of `Content-Length`; -1 when there is none. */
  readonly length: number
  /** Whether the body's bytes stand for themselves: a frame of ours may be put among them. */
  readonly identity: boolean
}

/** The upstream's headers without those that end here, tell about it or are dropped, joined with `added`. */
export function toCallerHeaders(status: number, upstream: readonly string[], added: readonly string[], drops?: (name: string) => boolean): CrossingAnswer {
  let options: readonly string[] | undefined
  let length = -1
  let identity = true
  const headers = joinHeaders(upstream, added, (name, value) => {
    if (name === 'content-length') {
      if (status === 204 || status === 205) return true
      length = Number(value)
      return false
    }
    if (name === 'content-encoding') identity = value.toLowerCase() === 'identity'
    if (hopByHop.has(name) || disclosing.has(name) || alike(name).startsWith(contextHeaderPrefix) || drops?.(name) === true) return true
    options ??= optionsOf(upstream)
    return options.includes(name)
  })
  const framing = lengthWithoutBody(status)
  if (framing !== undefined) headers.push('Content-Length', framing)
  return { headers, length, identity }
}

function optionsOf(headers: readonly string[]): readonly string[] {
  const options: string[] = []
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const name = headers[at] ?? ''
    if (name.length === 10 && name.toLowerCase() === 'connection') {
      for (const option of (headers[at + 1] ?? '').split(',')) options.push(option.trim().toLowerCase())
    }
  }
  return options
}

/** Without those that say who calls. */
export function withoutContext(headers: readonly string[]): readonly string[] {
  return withoutHeaders(headers, (name) => name.startsWith(contextHeaderPrefix))
}

/** Of `headers` those whose name is not in `others`. */
export function withoutNamed(headers: readonly string[], others: readonly string[]): readonly string[] {
  if (headers.length === 0) return headers
  const taken = new Set(namesOf(others))
  return withoutHeaders(headers, (name) => taken.has(name))
}

function namesOf(headers: readonly string[]): readonly string[] {
  const names: string[] = []
  for (let at = 0; at < headers.length; at += 2) names.push((headers[at] ?? '').toLowerCase())
  return names
}
