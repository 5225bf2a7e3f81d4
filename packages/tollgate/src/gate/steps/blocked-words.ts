/**
 * Whether a text holds one of the words or phrases: whole words, any case, any script, accents and invisible characters aside. Both sides are
 * cut into words the same way, so a blocked `e-mail` also finds `E MAIL`. Linear in the text.
 */
export function findBlockedWord(text: string, blocked: readonly string[]): string | undefined {
  if (blocked.length === 0) return undefined
  const words = spaced(text)
  return blocked.find((entry) => {
    const phrase = spaced(entry)
    return phrase !== '  ' && words.includes(phrase)
  })
}

/** ` free money `: the words in lower case, one space between them and around. */
function spaced(text: string): string {
  return ` ${text.normalize('NFKD').replaceAll(/[\p{M}\p{Cf}\p{Cc}]+/gu, (hidden) => (/\s/.test(hidden) ? ' ' : '')).toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, ' ').trim()} `
}
