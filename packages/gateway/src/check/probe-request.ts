/**
 * A request as a probe has it: plain data, in which `{{name}}` stands for what is filled in when it is sent: a credential, what an earlier answer said, or `{{fresh}}`,
 * which is another text for each run of a probe. So a request can be printed, and has no secret in it.
 */

/** One part of a form. */
export type FormPart =
  | { readonly kind: 'text'; readonly name: string; readonly value: string }
  /** `base64`: how the file begins; so many zero bytes follow. */
  | { readonly kind: 'file'; readonly name: string; readonly filename: string; readonly type: string; readonly base64: string; readonly zeros: number }

export type ProbeBody =
  | { readonly kind: 'none' }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'form'; readonly parts: readonly FormPart[] }

export interface ProbeRequest {
  readonly method: string
  /** Below the address that is checked, with its query: `/v1/things?limit=5`. */
  readonly path: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: ProbeBody
}

/** What stands for the names in a request. */
export interface Values {
  readonly [name: string]: string
}

const NAME = /\{\{([\w-]+)\}\}/g

/** A name that nothing stands for is left as it is. */
export function fillText(text: string, values: Values): string {
  return text.replaceAll(NAME, (whole, name: string) => (Object.hasOwn(values, name) ? (values[name] ?? whole) : whole))
}

/** In a path each value is one segment, or a part of one. */
export function fillRequest({ method, path, headers, body }: ProbeRequest, values: Values): ProbeRequest {
  const encoded = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, encodeURIComponent(value)]))
  return {
    method,
    path: fillText(path, encoded),
    headers: headers.map(([name, value]) => [name, fillText(value, values)] as const),
    body: body.kind === 'text' ? { kind: 'text', text: fillText(body.text, inJson(body.text, values)) } : body,
  }
}

/** Within JSON a value stands in a string already. */
function inJson(text: string, values: Values): Values {
  if (!/^\s*[{[]/.test(text)) return values
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, JSON.stringify(value).slice(1, -1)]))
}

/** The names that a request asks for. */
export function namesIn(request: ProbeRequest): readonly string[] {
  return [...new Set([...JSON.stringify(request).matchAll(NAME)].map(([, name = '']) => name))]
}

/** Undefined where it is no JSON object. */
export function jsonObjectOf({ body }: ProbeRequest): { readonly [name: string]: unknown } | undefined {
  const value = body.kind === 'text' ? jsonOf(body.text) : undefined
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as { readonly [name: string]: unknown }) : undefined
}

/** Undefined where it is no JSON. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

/** A header in place of those of its name; undefined takes them away. */
export function withHeader(request: ProbeRequest, name: string, value: string | undefined): ProbeRequest {
  const others = request.headers.filter(([each]) => each.toLowerCase() !== name.toLowerCase())
  return { ...request, headers: value === undefined ? others : [...others, [name, value]] }
}

export function headerIn({ headers }: Pick<ProbeRequest, 'headers'>, name: string): string | undefined {
  return headers.find(([each]) => each.toLowerCase() === name.toLowerCase())?.[1]
}

export function withJson(request: ProbeRequest, value: unknown): ProbeRequest {
  return { ...request, body: { kind: 'text', text: JSON.stringify(value) } }
}
