/**
 * Paths of a service as callers see them. A service under a mount does not see the mount: `/login` there is `/shop/login` outside. It is told so in
 * `X-Forwarded-Prefix`; one that does not heed it can have its `Location` and the paths of its cookies rewritten, if the API asks for that.
 *
 * Only what surely is the service's own is rewritten: a path, or a URL of the host under which it is asked or under which the caller asks. What begins
 * with the prefix already is left alone: services that heed the header write it themselves.
 */
import type { Whereabouts } from 'tollgate/gate'
import type { CallerSide } from '../http/caller-side.ts'
import type { PathRewrite } from './passage.ts'
import type { RequestHead } from '../http/request-head.ts'
import type { Upstream } from './upstream.ts'

export interface MountedPaths {
  /** Before every path outside: the mount, after what trusted proxies took off before us. Empty or `/api/shop`. */
  readonly prefix: string
  /** Of the service: `http://127.0.0.1:9101`, and the path that goes before every target there. */
  readonly origin: string
  readonly basePath: string
  /** The target that it was asked for, without `basePath`. */
  readonly target: string
  /** Under which the caller asks, lower case. */
  readonly hosts: readonly string[]
  readonly rewrites: readonly PathRewrite[]
}

/** A proxy of several says several; each took its own off, the first one first. */
export function outerPrefix(head: RequestHead, trusted: boolean): string {
  const said = trusted ? head.value('x-forwarded-prefix') : undefined
  if (said === undefined) return ''
  const prefix = said.split(',').map((each) => each.trim().replace(/\/+$/, '')).join('')
  return /^(?:\/[\w.~!$&'()*+:@%-]+)+$/.test(prefix) && prefix.length <= 256 ? prefix : ''
}

/** The hosts under which this caller knows us. */
export function outerHosts(head: RequestHead, trusted: boolean): readonly string[] {
  return [head.host, trusted ? head.value('x-forwarded-host') : undefined].flatMap((host) => host?.toLowerCase() ?? [])
}

/** The headers of an upstream's answer with the paths that this caller knows. */
export function outsideHeaders({ head, trusted }: Pick<CallerSide, 'head' | 'trusted'>, headers: readonly string[], { target, takenOff }: Whereabouts, rewrites: readonly PathRewrite[], upstream: Pick<Upstream, 'origin' | 'basePath'> | undefined): readonly string[] {
  if (rewrites.length === 0 || upstream === undefined) return headers
  const { origin, basePath } = upstream
  return rewritePaths(headers, { prefix: `${outerPrefix(head, trusted)}${takenOff}`, origin, basePath, target, hosts: outerHosts(head, trusted), rewrites })
}

/** A flat list with the paths as callers see them. */
export function rewritePaths(headers: readonly string[], paths: MountedPaths): string[] {
  return headers.map((value, at) => (at % 2 === 0 ? value : rewritten((headers[at - 1] ?? '').toLowerCase(), value, paths)))
}

function rewritten(name: string, value: string, paths: MountedPaths): string {
  if (name === 'location' || name === 'content-location') return paths.rewrites.includes('location') ? outerReference(value, paths) : value
  return name === 'set-cookie' && paths.rewrites.includes('cookies') ? outerCookie(value, paths) : value
}

/** A URI reference (RFC 3986 section 4.1), taken apart only as far as needed: what is not rewritten stays as the service wrote it. */
function outerReference(reference: string, paths: MountedPaths): string {
  const [, scheme = '', authority, path = '', rest = ''] = /^([a-z][a-z0-9+.-]*:)?(?:\/\/([^/?#]*))?([^?#]*)(.*)$/is.exec(reference) ?? []
  if (authority === undefined && scheme !== '') return reference
  if (authority === undefined && !path.startsWith('/')) return isClimbing(path) ? climbed(path, rest, reference, paths) : reference
  const isOwn = authority === undefined || paths.origin.endsWith(`//${authority.toLowerCase()}`)
  if (!isOwn && !paths.hosts.includes(authority.toLowerCase())) return reference
  const outer = outerPath(path === '' ? '/' : path, paths)
  if (outer === undefined) return reference
  // Nobody outside can ask the service under its own address; the caller's host stays where it is.
  return isOwn ? `${outer}${rest}` : `${scheme}//${authority}${outer}${rest}`
}

/** `../login` is resolved against the path that the service saw, where it may climb further than outside. */
function climbed(path: string, rest: string, reference: string, paths: MountedPaths): string {
  const base = `${paths.basePath}${paths.target.split('?', 1)[0]}`
  const { pathname } = new URL(path, `http://service${base}`)
  const outer = outerPath(pathname, paths)
  return outer === undefined ? reference : `${outer}${rest}`
}

function isClimbing(path: string): boolean {
  return path.split('/').includes('..')
}

/** Undefined where it lies outside of what callers can reach, or would become the name of a host (`//evil.example`). */
function outerPath(path: string, { prefix, basePath }: MountedPaths): string | undefined {
  if (prefix !== '' && isWithin(path, prefix)) return path
  if (!isWithin(path, basePath)) return undefined
  const outer = `${prefix}${path.slice(basePath.length)}`
  return outer.startsWith('//') ? undefined : outer || '/'
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`)
}

/** RFC 6265 section 5.2.4. A cookie without a path is for the folder that the caller asked for, which is within the prefix. */
function outerCookie(cookie: string, paths: MountedPaths): string {
  // Browsers refuse one that is called so and has another path than `/`.
  if (/^\s*__host-/i.test(cookie)) return cookie
  return cookie
    .split(';')
    .map((attribute, at) => {
      if (at === 0) return attribute
      const [, name, path] = /^(\s*path\s*=\s*)(\/.*?)\s*$/i.exec(attribute) ?? []
      if (name === undefined || path === undefined) return attribute
      return `${name}${cookiePath(path, paths) ?? path}`
    })
    .join(';')
}

/** One for all of the service is for all of what callers see of it. */
function cookiePath(path: string, paths: MountedPaths): string | undefined {
  const folder = path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path
  if (path === '/' || (paths.basePath !== folder && isWithin(paths.basePath, folder))) return paths.prefix || '/'
  return outerPath(path, paths)
}
