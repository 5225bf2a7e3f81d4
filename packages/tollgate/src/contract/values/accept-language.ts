/** `Accept-Language` (RFC 9110 section 12.5.4), and the language that answers it: by lookup (RFC 4647 section 3.4), which finds `de` for who asks for `de-AT`. */

/** Nobody speaks more. A longer header is none; what it costs to look at is bounded. */
const HEADER_CHARS_MAX = 1_000
const RANGES_MAX = 32

const RANGE = /^([a-z]{1,8}(?:-[a-z0-9]{1,8})*|\*)[ \t]*(?:;[ \t]*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?))?$/

/** A language as BCP 47 writes it, of letters, digits and hyphens. */
export function isLanguageTag(text: string): boolean {
  return /^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*$/.test(text)
}

/**
 * Undefined where none of them is asked for; then the default is sent, for an answer in a language that nobody wants is better than none.
 *
 * @example
 * chooseLanguage(new Map([['en', 1], ['de', 2]]), 'fr, de-AT;q=0.8, en;q=0.5') // => 2
 */
export function chooseLanguage<Language>(languages: ReadonlyMap<string, Language>, header: string | undefined): Language | undefined {
  if (header === undefined || header.length > HEADER_CHARS_MAX) return undefined
  const refused = new Set<string>()
  const wanted: { readonly range: string; readonly quality: number }[] = []
  for (const text of header.toLowerCase().split(',', RANGES_MAX)) {
    const [, range, q = '1'] = RANGE.exec(text.trim()) ?? []
    const quality = Number(q)
    if (range === undefined || range === '*') continue
    if (quality === 0) refused.add(range)
    else wanted.push({ range, quality })
  }
  // Of equals the first.
  wanted.sort((a, b) => b.quality - a.quality)
  for (const { range } of wanted) {
    for (let tag: string | undefined = range; tag !== undefined; tag = shorter(tag)) {
      const found = refused.has(tag) ? undefined : languages.get(tag)
      if (found !== undefined) return found
    }
  }
  return undefined
}

/** Without its last subtag, nor one of a single character before it, which only introduces what follows. */
function shorter(tag: string): string | undefined {
  const cut = tag.replace(/(?:-[a-z0-9])?-[^-]*$/, '')
  return cut === tag ? undefined : cut
}
