/** What stands in front of an API has sentences of its own, and a status for each of them: so it is known where they are pasted alone. */

const sentences: readonly (readonly [RegExp, number])[] = [
  [/^(?:upstream connect error or disconnect\/reset|no healthy upstream)/, 503],
  [/^(?:upstream request timeout|stream timeout|upstream max stream duration reached)/, 504],
]

export function edgeStatus(text: string): number | undefined {
  return sentences.find(([pattern]) => pattern.test(text))?.[1]
}

/** Cloudflare's figure, as a text or on a page, in the form that it has for programs. */
export function edgeBody(text: string): string | undefined {
  const [, said] = /^error code: (1\d{3})\s*$/.exec(text) ?? (/cloudflare/i.test(text.slice(0, 20_000)) ? (/\bError<\/span>\s*<span[^>]{0,100}>(1\d{3})</.exec(text.slice(0, 20_000)) ?? /\bError (1\d{3})\b/.exec(text.slice(0, 20_000))) : null) ?? []
  return said === undefined ? undefined : JSON.stringify({ cloudflare_error: true, error_code: Number(said), detail: `Error ${said}` })
}
