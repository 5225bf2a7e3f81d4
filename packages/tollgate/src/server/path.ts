/**
 * The path of a request target, cut into segments that are decoded once, because that is how an upstream will read them.
 *
 * What servers read in different ways is refused, since the upstream might come to another route than the one whose checks were passed: dot
 * segments, empty segments, encoded slashes, and the `;parameters` that some strip from a segment.
 */

export interface Path {
  /** With an issue: those before it, by which the dialect of the refusal is chosen. */
  readonly segments: readonly string[]
  readonly issue?: string
}

/** The target without its query. */
export function pathOf(target: string): string {
  const end = target.search(/[?#]/)
  return end === -1 ? target : target.slice(0, end)
}

export function parsePath(path: string): Path {
  const raws = path.slice(1).split('/')
  const segments: string[] = []
  for (const [at, raw] of raws.entries()) {
    const segment = raw.includes('%') ? decodeSegment(raw) : raw
    const issue = segment === undefined ? 'is not valid percent-encoded UTF-8' : issueOf(raw, segment, at === raws.length - 1)
    if (segment === undefined || issue !== undefined) return { segments, issue: `the path ${issue}` }
    segments.push(segment)
  }
  return { segments }
}

function issueOf(raw: string, segment: string, isLast: boolean): string | undefined {
  if (segment === '' && !isLast) return 'must not contain empty segments'
  if (segment === '.' || segment === '..') return 'must not contain dot segments'
  if (raw.includes(';')) return 'must not contain a semicolon; encode it as %3B'
  if (/[/\\\0]/.test(segment)) return 'must not contain an encoded slash, a backslash or a zero byte'
  return undefined
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
