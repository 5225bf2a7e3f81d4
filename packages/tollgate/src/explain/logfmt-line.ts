/** `level=error status=429 method=POST url="https://…"`: names and values of a line. */
import type { PastedAnswer } from './pasted-answer.ts'

/** Of a line that somebody has pasted. */
const CHARS_MAX = 8_192

/** Undefined: it has no such pairs, or no status among them. */
export function readLogfmt(text: string): PastedAnswer | undefined {
  const pairs = new Map<string, string>()
  for (const [, name = '', quoted, word] of text.slice(0, CHARS_MAX).matchAll(/(?:^|\s)([A-Za-z][\w.-]{0,63})=(?:"((?:[^"\\]|\\.)*)"|([^\s"]+))/g)) if (!pairs.has(name.toLowerCase())) pairs.set(name.toLowerCase(), quoted ?? word ?? '')
  const first = (...names: readonly string[]): string | undefined => names.map((name) => pairs.get(name)).find((value) => value !== undefined)
  const status = Number(first('status', 'status_code', 'statuscode', 'http_status', 'http.status_code', 'code'))
  if (pairs.size < 3 || !Number.isInteger(status) || status < 200 || status > 599) return undefined
  const wait = first('retry_after', 'retry-after', 'retryafter')
  const code = first('error_code', 'errorcode', 'err_code', 'code')
  const method = first('method', 'http_method', 'http.method')
  const atMs = Date.parse(first('time', 'ts', 'timestamp') ?? /^\S+/.exec(text)?.[0] ?? '')
  return {
    form: 'log',
    status,
    headers: wait === undefined || !/^\d{1,9}$/.test(wait) ? {} : { 'retry-after': wait },
    hasHeaders: false,
    body: JSON.stringify({ code: code === String(status) ? undefined : code, message: first('error', 'err', 'message', 'msg') ?? '' }),
    request: method === undefined ? undefined : { method: method.toUpperCase(), url: first('url', 'path', 'uri', 'http.url'), hasKey: undefined },
    atMs: Number.isNaN(atMs) ? undefined : atMs,
  }
}
