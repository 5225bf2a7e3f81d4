/** What came from an API may say a secret, or a part of one: that is what a fault is about, and no reason to say it again. */

/** So much of a secret in a row is a part of it. */
const PIECE_CHARS = 8

/** `secrets`: by the names that are shown in their place. */
export function maskSecrets(text: string, secrets: { readonly [name: string]: string }): string {
  let masked = text
  for (const [name, secret] of Object.entries(secrets).toSorted(([, one], [, other]) => other.length - one.length)) {
    const length = Math.min(PIECE_CHARS, secret.length)
    if (length < 4) continue
    const covered = new Uint8Array(masked.length)
    for (let at = 0; at + length <= secret.length; at += 1) {
      const piece = secret.slice(at, at + length)
      if (new Set(piece).size < 4) continue
      for (let found = masked.indexOf(piece); found !== -1; found = masked.indexOf(piece, found + 1)) covered.fill(1, found, found + length)
    }
    if (covered.includes(1)) masked = withoutCovered(masked, covered, `<${name}>`)
  }
  return masked
}

function withoutCovered(text: string, covered: Uint8Array, mark: string): string {
  let kept = ''
  for (let at = 0; at < text.length; at += 1) {
    if (covered[at] === 0) kept += text[at] ?? ''
    else if (at === 0 || covered[at - 1] === 0) kept += mark
  }
  return kept
}
