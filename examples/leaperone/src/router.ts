/** Which handler serves a method and a path. `{id}` in a pattern stands for one segment. */

export interface Route<Call, Answer> {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly handle: (call: Call, id: string) => Answer | Promise<Answer>
}

export type Match<Call, Answer> =
  | { readonly found: true; readonly handle: (call: Call) => Answer | Promise<Answer> }
  /** `allow`: what the path does allow; empty where there is no such path. */
  | { readonly found: false; readonly allow: readonly string[] }

export function createRouter<Call, Answer>(routes: readonly Route<Call, Answer>[]): (method: string, path: string) => Match<Call, Answer> {
  const compiled = routes.map((route) => ({ ...route, pattern: toPattern(route.path) }))
  return (method, path) => {
    const fitting = compiled.filter(({ pattern }) => pattern.test(path))
    const route = fitting.find((candidate) => candidate.method === method)
    if (route === undefined) return { found: false, allow: fitting.map((candidate) => candidate.method) }
    const id = route.pattern.exec(path)?.[1] ?? ''
    return { found: true, handle: (call) => route.handle(call, id) }
  }
}

function toPattern(path: string): RegExp {
  return new RegExp(`^${path.replaceAll('.', String.raw`\.`).replace('{id}', String.raw`([\w.-]{1,64})`)}$`)
}
