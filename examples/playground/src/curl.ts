/** A request as a line for any POSIX shell. */
import type { Recipe } from './recipe.ts'

export function toCurl(url: string, { request, repeat = 1 }: Pick<Recipe, 'request' | 'repeat'>): string {
  const { method, path, headers, body, bodyInShell } = request
  const usual = body === undefined ? 'GET' : 'POST'
  const line = [
    'curl -i',
    ...(method === usual ? [] : [`-X ${method}`]),
    quoteWord(url + path),
    ...Object.entries(headers).map(([name, value]) => `-H ${quoteWord(`${name}: ${value}`)}`),
    ...(body === undefined ? [] : [`-d ${bodyInShell ?? quoteWord(body)}`]),
  ].join(' ')
  return repeat === 1 ? line : `for n in $(seq ${repeat}); do ${line}; done`
}

/** Single quotes keep everything but a single quote, which is closed, escaped and opened again. */
export function quoteWord(text: string): string {
  return /^[\w./:@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`
}
