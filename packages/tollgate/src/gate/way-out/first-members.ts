/** The members of a JSON object that have come whole, out of chunks that end anywhere: looked at while the rest is still on its way. */
import { joined } from '../price/event-lines.ts'
import { parseBoundedJson, toBoundedText } from '../../contract/read/bounded-json.ts'

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const OPENING = new Set([0x7b, 0x5b])
const CLOSING = new Set([0x7d, 0x5d])
const SPACE = new Set([0x20, 0x09, 0x0a, 0x0d])
/** After so many looks the rest is waited for: each parses all that has come. */
const LOOKS_MAX = 16

export interface FoundMembers {
  readonly value: unknown
  /** The object, where all of it has come. */
  readonly whole?: Uint8Array
}

export interface FirstMembers {
  /** An object of the members so far, or a value that stands for what the text is instead (`[]`, a scalar); undefined while there is nothing new to see. */
  push(chunk: Uint8Array): FoundMembers | undefined
}

export function createFirstMembers(): FirstMembers {
  const chunks: Uint8Array[] = []
  let bytes = 0
  let first: number | undefined
  let depth = 0
  let isInString = false
  let isEscaped = false
  let looks = 0
  let isWhole = false

  /** Where the last member of the outermost object ended in this chunk, by its comma or with the object; -1: nowhere. */
  function lastEnd(chunk: Uint8Array): { readonly at: number; readonly isLast: boolean } {
    let end = -1
    for (const [at, byte] of chunk.entries()) {
      if (isInString) {
        if (isEscaped) isEscaped = false
        else if (byte === BACKSLASH) isEscaped = true
        else if (byte === QUOTE) isInString = false
      } else if (byte === QUOTE) isInString = true
      else if (OPENING.has(byte)) depth += 1
      else if (CLOSING.has(byte)) {
        depth -= 1
        if (depth !== 0) continue
        // What follows is another object, as in a stream of lines.
        isWhole = true
        return { at, isLast: true }
      } else if (byte === COMMA && depth === 1) end = at
      if (first === undefined && !SPACE.has(byte)) first = byte
    }
    return { at: end, isLast: false }
  }

  return {
    push(chunk) {
      if (looks >= LOOKS_MAX || isWhole) return undefined
      const end = lastEnd(chunk)
      const before = bytes
      chunks.push(chunk)
      bytes += chunk.length
      if (first === undefined) return undefined
      // A byte order mark may stand before the object.
      if (first !== 0x7b && first !== 0xef) return { value: first === 0x5b ? [] : 0 }
      if (end.at === -1) return undefined
      looks += 1
      const come = joined(chunks, bytes)
      const value = parseBoundedJson(`${toBoundedText(come.subarray(0, before + end.at)) ?? ''}}`)
      if (value === undefined) return undefined
      return end.isLast ? { value, whole: come.subarray(0, before + end.at + 1) } : { value }
    },
  }
}
