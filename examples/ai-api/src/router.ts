/** Which handler serves a method and a path. `{id}` in a pattern stands for one segment. */
import type { Reply } from './reply.ts'

export interface Route<Call> {
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly path: string
  readonly handle: (call: Call, id: string) => Reply | Promise<Reply>
  /** The handler reads the body itself, as it comes. */
  readonly streams?: boolean
}

export type Match<Call> =
  | { readonly found: true; readonly streams: boolean; readonly handle: (call: Call) => Reply | Promise<Reply> }
  /** `allow`: what the path does allow; empty where there is no such path. */
  | { readonly found: false; readonly allow: readonly string[] }

export function createRouter<Call>(routes: readonly Route<Call>[]): (method: string, path: string) => Match<Call> {
  const compiled = routes.map((route) => ({ ...route, pattern: toPattern(route.path) }))
  return (method, path) => {
    const fitting = compiled.filter(({ pattern }) => pattern.test(path))
    const route = fitting.find((candidate) => candidate.method === method)
    if (route === undefined) return { found: false, allow: fitting.map((candidate) => candidate.method) }
    const id = decode(route.pattern.exec(path)?.[1] ?? '')
    return { found: true, streams: route.streams === true, handle: (call) => route.handle(call, id) }
  }
}

function toPattern(path: string): RegExp {
  return new RegExp(`^${path.replaceAll('.', String.raw`\.`).replace('{id}', '([^/]+)')}$`)
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}
