/** The root of an XML document, as soon as its name has come: another one than that of errors is a success, which streams on. */
import { joined } from '../price/event-lines.ts'
import type { FirstMembers } from './first-members.ts'

/** A root that has not begun by then is waited for. */
const LOOKED_AT_BYTES_MAX = 1_024

/** What may stand before it (XML 1.0 section 2.8), and its name, which has ended. */
const ROOT = /^\s*(?:<\?[^>]*\?>\s*|<!--(?:(?!-->)[\s\S])*-->\s*)*<([^\s<>/!?&"'=]+)[\s/>]/

export function createFirstElement(): FirstMembers {
  const chunks: Uint8Array[] = []
  let bytes = 0
  let isOver = false
  return {
    push(chunk) {
      if (isOver) return undefined
      chunks.push(chunk)
      bytes += chunk.length
      const text = new TextDecoder().decode(joined(chunks, bytes).subarray(0, LOOKED_AT_BYTES_MAX))
      const name = ROOT.exec(text)?.[1]
      const isNone = /^\s*[^\s<]/.test(text)
      isOver = name !== undefined || isNone || bytes >= LOOKED_AT_BYTES_MAX
      if (isNone) return { value: undefined }
      return name === undefined ? undefined : { value: { [name]: '' } }
    },
  }
}
