/** Patterns of sentences and codes: `*` stands for anything, also for nothing; a star itself is written twice. */

export interface Pattern {
  readonly text: string
  /** How many characters it names: of two that fit, the one that names more is meant. Without a star there is only one text that fits, and it names all. */
  readonly weight: number
  fits(text: string): boolean
}

export function parsePattern(text: string): Pattern {
  const pieces = piecesOf(text)
  const weight = pieces.reduce((sum, piece) => sum + piece.length, 0)
  const [first = '', ...others] = pieces
  const last = others.pop()
  if (last === undefined) return { text, weight: Infinity, fits: (said) => said === first }
  return {
    text,
    weight,
    fits(said) {
      if (said.length < first.length + last.length || !said.startsWith(first) || !said.endsWith(last)) return false
      let at = first.length
      // Each piece at its first place leaves the most for those behind it.
      for (const piece of others) {
        const found = said.indexOf(piece, at)
        if (found === -1 || found + piece.length > said.length - last.length) return false
        at = found + piece.length
      }
      return true
    },
  }
}

/** A text that fits, for who wants to see one. */
export function sampleOf(pattern: string): string {
  return piecesOf(pattern).join('x')
}

/** The texts between the stars; two stars in a row are one of the text, from the left. */
function piecesOf(pattern: string): readonly string[] {
  const pieces = ['']
  for (const token of pattern.match(/\*\*|\*|[^*]+/g) ?? []) {
    if (token === '*') pieces.push('')
    else pieces.push(`${pieces.pop() ?? ''}${token === '**' ? '*' : token}`)
  }
  return pieces
}
