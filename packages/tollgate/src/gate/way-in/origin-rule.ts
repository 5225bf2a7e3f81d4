/**
 * Which origins a list lets in. Browsers send an origin in one form only (Fetch standard, "serializing a request origin"): scheme, host and port, in lower
 * case, without a path and without the port that the scheme has anyway. An entry that is written otherwise would never match, so it is a fault.
 *
 * `https://*.example.com` leaves one label open: it lets `https://app.example.com` in, not `https://example.com` and not `https://a.b.example.com`.
 */

/** What is wrong with an entry of the list, with the mend; undefined when it is one that browsers can send. */
export function faultOfOrigin(entry: string): string | undefined {
  if (entry === '*') return undefined
  if (entry === 'null') return 'is the origin of any sandboxed page and any file, so it names nobody; write "*" to let everybody in'
  const [, scheme = '', authority = ''] = /^([A-Za-z][A-Za-z0-9+.-]*):\/\/([^/?#]*)/.exec(entry) ?? []
  if (scheme === '') return `can never match: an origin begins with its scheme; write ${canonical(schemeOf(entry), entry) ?? 'https://app.example.com'}`
  if (scheme.toLowerCase() === 'file') return 'can never match: browsers send "null" for files'
  const host = authority.startsWith('*.') ? authority.slice(2) : authority
  if (host.includes('*')) return 'can never match: a wildcard stands for one whole label at the beginning of the host; write https://*.example.com'
  const form = canonical(scheme, authority)
  if (form === undefined) return 'is no origin; write https://app.example.com'
  if (host !== authority && !isBelowADomain(form)) return 'would let in everybody of a whole top-level domain; write https://*.example.com'
  return form === entry ? undefined : `can never match: browsers send scheme, host and port alone, in lower case; write ${form}`
}

/** `entries` without faults; others never match. */
export function createOriginRule(entries: readonly string[]): (origin: string) => boolean {
  const exact = new Set(entries)
  const open = entries.filter((entry) => entry.includes('://*.')).map((entry) => entry.split('*', 2) as [string, string])
  return (origin) =>
    exact.has(origin) || open.some(([before, after]) => origin.startsWith(before) && origin.endsWith(after) && /^[a-z0-9_-]+$/.test(origin.slice(before.length, origin.length - after.length)))
}

function schemeOf(host: string): string {
  return /^(?:localhost|127\.[\d.]+|\[::1\])(?::|\/|$)/i.test(host) ? 'http' : 'https'
}

/** As a browser writes it; a wildcard before it is kept. */
function canonical(scheme: string, authority: string): string | undefined {
  const wildcard = authority.startsWith('*.') ? '*.' : ''
  const url = parse(`${scheme}://${authority.slice(wildcard.length)}`)
  if (url === undefined) return undefined
  const { protocol, host, username, password } = url
  if (host === '' || host.includes('*') || /\s/.test(host) || username !== '' || password !== '') return undefined
  return `${protocol}//${wildcard}${host}`
}

function parse(url: string): URL | undefined {
  try {
    return new URL(url)
  } catch {
    return undefined
  }
}

/** Two labels at least, or a single machine; an address has no labels to leave open. */
function isBelowADomain(form: string): boolean {
  return /\*\.(?:localhost|[^.:[\]]+(?:\.[^.:[\]]+)*\.[^.:[\]\d][^.:[\]]*)(?::\d+)?$/.test(form)
}
