/**
 * The path of a request target, cut into segments that are decoded once, because that is how an upstream will read them.
 *
 * What servers read in different ways is refused, since the upstream might come to another route than the one whose checks were passed: dot
 * segments, empty segments, backslashes, and the `;parameters` that some strip from a segment. An encoded slash stands in its segment as a slash; only
 * parameters that are declared to take one do (`route-pattern.ts`). What else may be read differently depends on the routes (`path-reading.ts`).
 */

export interface DecodedPath {
  /** With an issue: those before it, by which the dialect of the refusal is chosen. */
  readonly segments: readonly string[]
  /** As one reads them who compares without decoding: segments in which a character is encoded that needs no encoding stay as they came. Absent: alike. */
  readonly spelled?: readonly string[] | undefined
  readonly issue?: string
}

/** The target without its query. */
export function pathOf(target: string): string {
  const query = target.indexOf('?')
  const path = query === -1 ? target : target.slice(0, query)
  const fragment = path.indexOf('#')
  return fragment === -1 ? path : path.slice(0, fragment)
}

/** In absolute-form (RFC 9112 section 3.2.2) without scheme and authority, which may hold a password. */
export function withoutAuthority(target: string): string {
  return target.startsWith('/') ? target : target.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '')
}

/** RFC 3986 section 2.3: the characters that nobody has to encode. */
const needlesslyEncoded = /%(?:2[de]|3\d|4[1-9a-f]|5[0-9af]|6[1-9a-f]|7[0-9ae])/i

/** Nearly every path: in its segments is nothing that anybody could read in another way, and none is empty but the last. */
const plain = /^(?:\/[\w~-][\w~.-]*)+\/?$/

export function parsePath(path: string): DecodedPath {
  if (plain.test(path)) return { segments: path.slice(1).split('/') }
  const raws = path.slice(1).split('/')
  const segments: string[] = []
  let spelled: string[] | undefined
  for (const [at, raw] of raws.entries()) {
    const segment = raw.includes('%') ? decodeSegment(raw) : raw
    const issue = segment === undefined ? 'is not valid percent-encoded UTF-8' : issueOf(raw, segment, at === raws.length - 1)
    if (segment === undefined || issue !== undefined) return { segments, issue: `the path ${issue}` }
    const stays = segment !== raw && needlesslyEncoded.test(raw)
    if (stays) spelled ??= [...segments]
    spelled?.push(stays ? raw : segment)
    segments.push(segment)
  }
  return { segments, spelled }
}

function issueOf(raw: string, segment: string, isLast: boolean): string | undefined {
  if (segment === '' && !isLast) return 'must not contain empty segments'
  if (segment.split('/').some(isDots)) return 'must not contain dot segments'
  if (raw.includes(';')) return 'must not contain a semicolon; encode it as %3B'
  if (/[\\\0]/.test(segment)) return 'must not contain a backslash or a zero byte'
  return undefined
}

/** Full-width dots and their like too: some servers map them to plain ones. */
function isDots(part: string): boolean {
  return part.length <= 2 && /^\.{1,2}$/.test(part.normalize('NFKC'))
}

function decodeSegment(raw: string): string | undefined {
  try {
    return decodeURIComponent(raw)
  } catch {
    return undefined
  }
}

/** The target without its first segments, always beginning with a slash: `/chatads/v1?x=1` less one is `/v1?x=1`. */
export function targetBelow(depth: number, target: string): string {
  if (depth === 0) return target
  const path = pathOf(target)
  let at = 0
  for (let passed = 0; passed < depth && at !== -1; passed += 1) at = path.indexOf('/', at + 1)
  return at === -1 ? `/${target.slice(path.length)}` : target.slice(at)
}
