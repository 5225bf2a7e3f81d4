/** Text as words, so that phrases can be looked for whole: "desk" is not in "desktop". */

/** Lower-case words between single spaces, with a space at both ends: ` where can i buy a tent `. */
export function toWords(text: string, wordsMax = Infinity): string {
  const words = text.normalize('NFKC').toLowerCase().replaceAll(/['’]/g, '').match(/[\p{L}\p{N}]+/gu) ?? []
  return ` ${words.slice(0, wordsMax).join(' ')} `
}

/** Plurals as singulars, roughly: `running shoes` and `running shoe` become the same. */
export function foldPlurals(words: string): string {
  return words.replaceAll(/(?<=[\p{L}]{3})(?:(?<=[sxz]|[cs]h)es|(?<!s)s)(?= )/gu, '')
}

export function hasPhrase(words: string, phrase: string): boolean {
  return words.includes(` ${phrase} `)
}
