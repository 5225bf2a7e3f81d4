/** Which handler serves a method and a path. `{id}` in a pattern stands for one segment, decoded. */

export interface Route<Call, Answer> {
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly path: string
  readonly handle: (call: Call, id: string) => Answer | Promise<Answer>
  /** The handler reads the body itself, as it comes. */
  readonly streams?: boolean
}

export type Match<Call, Answer> =
  | { readonly found: true; readonly streams: boolean; readonly handle: (call: Call) => Answer | Promise<Answer> }
  /** `allow`: what the path does allow; empty where there is no such path. */
  | { readonly found: false; readonly allow: readonly string[] }

/** `ids`: what an id is made of, as a regular expression without groups. */
export function createRouter<Call, Answer>(routes: readonly Route<Call, Answer>[], ids: string): (method: string, path: string) => Match<Call, Answer> {
  const compiled = routes.map((route) => ({ ...route, pattern: new RegExp(`^${route.path.replaceAll('.', String.raw`\.`).replace('{id}', `(${ids})`)}$`) }))
  return (method, path) => {
    const fitting = compiled.filter(({ pattern }) => pattern.test(path))
    const route = fitting.find((candidate) => candidate.method === method)
    if (route === undefined) return { found: false, allow: fitting.map((candidate) => candidate.method) }
    const id = decode(route.pattern.exec(path)?.[1] ?? '')
    return { found: true, streams: route.streams === true, handle: (call) => route.handle(call, id) }
  }
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}
