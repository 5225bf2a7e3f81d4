/** The header fields of one head, one after the other, in the one form that the plain wires take (RFC 9110 section 5): `token ":" OWS *( HTAB / %x20-7E / %x80-FF ) OWS CRLF`. */

export const HTAB = 9
export const LF = 10
export const CR = 13
export const SP = 32
const COLON = 58

/** RFC 9110 section 5.6.2. */
const isToken = charactersOf("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
/** RFC 9110 section 5.5. */
export const isOfValue = new Uint8Array(256).map((_, code) => (code === HTAB || (code >= SP && code !== 127) ? 1 : 0))

/** Fewer digits than a number can hold exactly. */
export const lengthForm = /^(?:0|[1-9]\d{0,14})$/
/** Node refuses a length at its first letter that is no digit. */
export const lengthSoFar = /^\d{0,15}$/

export class FieldScanner {
  readonly #text: string
  /** Where the next one begins; after the last one, what follows the head. */
  at: number
  rawName = ''
  /** Lower case. Empty where its colon has not come. */
  name = ''
  /** Of one that is incomplete what has come. */
  value = ''
  /** Blanks followed it. */
  isTrimmed = false

  constructor(text: string, at: number) {
    this.#text = text
    this.at = at
  }

  next(): 'field' | 'end' | 'incomplete' | 'other' {
    const text = this.#text
    const size = text.length
    const start = this.at
    let at = start
    this.name = this.value = ''
    while (at < size && isToken[text.charCodeAt(at)] === 1) at += 1
    if (at === size) return 'incomplete'
    if (at === start) return this.#end(at)
    if (text.charCodeAt(at) !== COLON) return 'other'
    this.rawName = text.slice(start, at)
    this.name = this.rawName.toLowerCase()
    at += 1
    while (isBlank(text.charCodeAt(at))) at += 1
    const valueStart = at
    while (at < size && isOfValue[text.charCodeAt(at)] === 1) at += 1
    let valueEnd = at
    if (at < size && text.charCodeAt(at) !== CR) return 'other'
    if (at + 1 < size && text.charCodeAt(at + 1) !== LF) return 'other'
    if (at + 1 >= size) {
      this.value = text.slice(valueStart, at)
      return 'incomplete'
    }
    while (valueEnd > valueStart && isBlank(text.charCodeAt(valueEnd - 1))) valueEnd -= 1
    this.value = text.slice(valueStart, valueEnd)
    this.isTrimmed = valueEnd < at
    this.at = at + 2
    return 'field'
  }

  #end(at: number): 'end' | 'incomplete' | 'other' {
    const text = this.#text
    if (text.charCodeAt(at) !== CR) return 'other'
    if (at + 1 === text.length) return 'incomplete'
    this.at = at + 2
    return text.charCodeAt(at + 1) === LF ? 'end' : 'other'
  }
}

function isBlank(code: number): boolean {
  return code === SP || code === HTAB
}

export function charactersOf(text: string): Uint8Array {
  const table = new Uint8Array(256)
  for (const character of text) table[character.charCodeAt(0)] = 1
  return table
}
