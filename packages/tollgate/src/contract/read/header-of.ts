import type { ReceivedAnswer } from '../declare/wire.ts'

/** The value of a header by its name in lower case; undefined where it is missing or empty. What is no text is none, whoever has put it there. */
export function headerOf(headers: ReceivedAnswer['headers'], name: string): string | undefined {
  const value: unknown = Object.hasOwn(headers, name) ? headers[name] : undefined
  return typeof value === 'string' && value !== '' ? value : undefined
}
