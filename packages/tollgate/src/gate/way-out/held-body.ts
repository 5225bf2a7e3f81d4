/**
 * The body of a success that may be a refusal all the same: held back until that is known, and no longer. What its first members say is mostly enough, so
 * that a success which streams goes on streaming; a body that is longer than any refusal is none.
 */
import type { Contract } from '../../contract/declare/contract.ts'
import { toReceivedHeaders } from '../../contract/read/received-headers.ts'
import { codingsOf, decodedBody, type Decompress } from './content-coding.ts'
import { joined } from '../price/event-lines.ts'
import { bodyFormatOf } from '../../contract/write/body-format.ts'
import { createFirstElement } from './first-element.ts'
import { createFirstMembers } from './first-members.ts'
import { mediaType, soleHeader } from '../headers.ts'

/** A refusal of more bytes is none. */
const HELD_BYTES_MAX = 65_536

/** The body of a success that may be a refusal all the same, held back until that is known. */
export interface HeldBody {
  /** False: it goes through, this chunk with those before it. */
  push(chunk: Uint8Array): boolean
  /** It came whole while it was held: whether it is a refusal, to be asked for by `answerFor`. */
  isRefusal(): boolean | Promise<boolean>
}

/** Seldom JSON, and then by its first byte, which a coding hides. */
const isPage = (type: string): boolean => type === 'text/html' || type === 'text/plain'

/** Undefined where the body need not be held. `contract`: the dialect that the upstream speaks. A compressed body says nothing before its end. */
export function holdBody(contract: Contract, method: string, status: number, headers: readonly string[], decompress: Decompress | undefined): HeldBody | undefined {
  const type = mediaType(headers)
  const length = Number(soleHeader(headers, 'content-length') ?? 0)
  const isRead = method !== 'HEAD' && status >= 200 && status < 300 && status !== 204 && status !== 205 && status !== 206 && !(length > HELD_BYTES_MAX)
  const isCompressed = codingsOf(headers).length > 0
  if (!isRead || !contract.hidden.mayBe(status, type) || (isCompressed && (decompress === undefined || isPage(type)))) return undefined
  const chunks: Uint8Array[] = []
  const members = bodyFormatOf(contract.declaration.envelope.contentType) === 'xml' ? createFirstElement() : createFirstMembers()
  let bytes = 0

  function saysNo(body: Uint8Array): boolean {
    const read = contract.read({ status, headers: toReceivedHeaders(headers), body })
    // A code that the contract lacks is one of the service's own data, unless the form says that it is not.
    return (read?.entry !== undefined && read.succeeded === undefined) || contract.hidden.isMarked(contract.hidden.parse(body))
  }

  return {
    push(chunk) {
      bytes += chunk.length
      if (bytes > HELD_BYTES_MAX) return false
      chunks.push(chunk)
      const first = isCompressed ? undefined : members.push(chunk)
      if (first === undefined) return true
      return !contract.hidden.excludes(first.value) && (first.whole === undefined || saysNo(first.whole))
    },
    isRefusal() {
      const body = joined(chunks, bytes)
      if (!isCompressed) return saysNo(body)
      return decodedBody(body, headers, decompress, HELD_BYTES_MAX).then((decoded) => decoded !== undefined && saysNo(decoded))
    },
  }
}
