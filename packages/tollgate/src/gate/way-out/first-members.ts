/** The members of a JSON object that have come whole, out of chunks that end anywhere: looked at while the rest is still on its way. */
import { joined } from '../price/event-lines.ts'
import { parseBoundedJson, toBoundedText } from '../../contract/read/bounded-json.ts'

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const BRACE = 0x7b
const BRACKET = 0x5b
const BRACE_END = 0x7d
const BRACKET_END = 0x5d
/** After so many looks the rest is waited for: each parses all that has come. */
const LOOKS_MAX = 16

export interface FoundMembers {
  readonly value: unknown
  /** The object, where all of it has come. */
  readonly whole?: Uint8Array
}

export interface FirstMembers {
  /**
   * An object of the members so far, or a value that stands for what the text is instead (`[]`, a scalar); undefined while there is nothing new to see.
   * `isEnough` is asked about the first member alone: what it is content with is given, and the rest of the chunk not looked at.
   */
  push(chunk: Uint8Array, isEnough?: (value: unknown) => boolean): FoundMembers | undefined
}

interface MemberEnd {
  /** -1: nowhere. */
  readonly at: number
  /** The object ends there, too. */
  readonly isLast: boolean
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d
}

/** A class, and bytes are looked at by their number: nearly every success goes through here. */
class MembersInHand implements FirstMembers {
  readonly #chunks: Uint8Array[] = []
  #bytes = 0
  #first: number | undefined
  #depth = 0
  #isInString = false
  #isEscaped = false
  #looks = 0
  #isWhole = false

  push(chunk: Uint8Array, isEnough?: (value: unknown) => boolean): FoundMembers | undefined {
    if (this.#looks >= LOOKS_MAX || this.#isWhole) return undefined
    const before = this.#bytes
    this.#chunks.push(chunk)
    this.#bytes += chunk.length
    const asksFirst = this.#looks === 0 && isEnough !== undefined
    const end = this.#findEnd(chunk, 0, asksFirst)
    if (this.#first === undefined) return undefined
    // A byte order mark may stand before the object.
    if (this.#first !== BRACE && this.#first !== 0xef) return { value: this.#first === BRACKET ? [] : 0 }
    if (end.at === -1) return undefined
    const found = this.#look(before + end.at, end.isLast)
    if (!asksFirst || end.isLast || (found !== undefined && isEnough(found.value))) return found
    const later = this.#findEnd(chunk, end.at + 1, false)
    return later.at === -1 ? found : this.#look(before + later.at, later.isLast)
  }

  /** Where a member of the outermost object ends in this chunk, by its comma or with the object: the first one, or the last. */
  #findEnd(chunk: Uint8Array, from: number, isFirst: boolean): MemberEnd {
    let end = -1
    for (let at = from; at < chunk.length; ) {
      if (this.#isInString) {
        at = this.#passString(chunk, at)
        continue
      }
      const byte = chunk[at]
      if (byte === QUOTE) this.#isInString = true
      else if (byte === BRACE || byte === BRACKET) this.#depth += 1
      else if (byte === BRACE_END || byte === BRACKET_END) {
        this.#depth -= 1
        // What follows is another object, as in a stream of lines.
        if (this.#depth === 0) {
          this.#isWhole = true
          return { at, isLast: true }
        }
      } else if (byte === COMMA && this.#depth === 1) {
        end = at
        if (isFirst) break
      }
      if (this.#first === undefined && !isSpace(byte)) this.#first = byte
      at += 1
    }
    return { at: end, isLast: false }
  }

  /** Within a string: where it is over, or the chunk is. A quote behind an odd number of backslashes does not end it. */
  #passString(chunk: Uint8Array, from: number): number {
    const start = this.#isEscaped ? from + 1 : from
    this.#isEscaped = false
    const quote = chunk.indexOf(QUOTE, start)
    const stop = quote === -1 ? chunk.length : quote
    let backslashes = 0
    while (stop - backslashes > start && chunk[stop - backslashes - 1] === BACKSLASH) backslashes += 1
    const isEscaping = backslashes % 2 === 1
    if (quote === -1) {
      this.#isEscaped = isEscaping
      return chunk.length
    }
    this.#isInString = isEscaping
    return quote + 1
  }

  #look(end: number, isLast: boolean): FoundMembers | undefined {
    this.#looks += 1
    const come = joined(this.#chunks, this.#bytes)
    const value = parseBoundedJson(`${toBoundedText(come.subarray(0, end)) ?? ''}}`)
    if (value === undefined) return undefined
    return isLast ? { value, whole: come.subarray(0, end + 1) } : { value }
  }
}

export function createFirstMembers(): FirstMembers {
  return new MembersInHand()
}
