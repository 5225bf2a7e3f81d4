/** Header names and values that cannot break out of their line. */

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/

/** RFC 9110 section 5.6.2. */
export function isToken(text: string): boolean {
  return TOKEN.test(text)
}

/** Printable ASCII, without spaces at its ends. */
export function isHeaderValue(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text) && text.trim() === text
}

/** What is not printable ASCII becomes `?`: a CR or LF in a value would begin another header. */
export function toHeaderValue(text: string): string {
  return isHeaderValue(text) ? text : text.replace(/[^\x20-\x7e]/g, '?').trim()
}

/** The same for a piece that is put into a value: it cannot end a quoted string either (RFC 9110 section 5.6.4). */
export function toHeaderPiece(text: string): string {
  return toHeaderValue(text).replace(/["\\]/g, "'")
}
