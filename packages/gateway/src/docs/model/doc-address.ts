/**
 * Where pages are: addresses below the place of the reference, without a slash in front. They are for good, since answers link to them: that of an entry comes
 * from its id, which is the contract's own, and that of a code from what a caller sees.
 */

/** The page to which a code leads. Codes that differ in case alone share one, since file systems may not tell them apart. */
export function codePageAddress(code: string | number): string {
  return `codes/${addressPiece(String(code)).toLowerCase()}`
}

/** One segment that every file system and URL takes as it is. What is no plain character is written in hex, behind a tilde; so is a dot in front. */
function addressPiece(text: string): string {
  return text.replaceAll(/^\.|[^\w.-]/gu, (character) => `~${(character.codePointAt(0) ?? 0).toString(16)}`)
}
