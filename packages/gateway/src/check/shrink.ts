/** Smaller requests than one that shows a violation, for the caller to try: the first that still shows it is the next to be made smaller. Pure. */
import { jsonObjectOf, type ProbeRequest } from './probe-request.ts'

/** A text of more characters says nothing that a shorter one would not. */
const TEXT_CHARS_MAX = 40

/** The boldest first. `keepsCause`: what provokes the answer stays, where nothing else tells that it is the same answer: the credential, the body. */
export function smallerThan(request: ProbeRequest, keepsCause = false): readonly ProbeRequest[] {
  const { path, headers, body } = request
  if (keepsCause) return headers.flatMap(([name, value], at) => (value.includes('{{') || name.toLowerCase() === 'content-type' ? [] : [{ ...request, headers: headers.toSpliced(at, 1) }]))
  const query = path.indexOf('?')
  return [
    ...(body.kind === 'none' ? [] : [{ ...request, body: { kind: 'none' as const }, headers: headers.filter(([name]) => name.toLowerCase() !== 'content-type') }]),
    ...(query === -1 ? [] : [{ ...request, path: path.slice(0, query) }]),
    ...headers.map((_, at) => ({ ...request, headers: headers.toSpliced(at, 1) })),
    ...smallerBodies(request).map((value) => ({ ...request, body: { kind: 'text' as const, text: JSON.stringify(value) } })),
  ]
}

function smallerBodies(request: ProbeRequest): readonly unknown[] {
  const body = jsonObjectOf(request)
  return body === undefined ? [] : smallerValues(body)
}

/** One member less, or one made shorter, at any depth. */
function smallerValues(value: unknown): readonly unknown[] {
  if (typeof value === 'string') return value.length > TEXT_CHARS_MAX ? [value.slice(0, TEXT_CHARS_MAX)] : []
  if (Array.isArray(value)) return value.length > 1 ? value.map((_, at) => value.toSpliced(at, 1)) : value.flatMap((item, at) => smallerValues(item).map((smaller) => value.with(at, smaller)))
  if (typeof value !== 'object' || value === null) return []
  const members = Object.entries(value)
  return [
    ...members.map(([name]) => Object.fromEntries(members.filter(([each]) => each !== name))),
    ...members.flatMap(([name, member]) => smallerValues(member).map((smaller) => ({ ...value, [name]: smaller }))),
  ]
}
