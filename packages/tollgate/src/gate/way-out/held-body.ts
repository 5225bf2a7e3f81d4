/**
 * The body of a success that may be a refusal all the same: held back until that is known, and no longer. What its first members say is mostly enough, so
 * that a success which streams goes on streaming; a body that is longer than any refusal is none.
 */
import type { Contract } from '../../contract/declare/contract.ts'
import { toReceivedHeaders } from '../../contract/read/received-headers.ts'
import { codingsOf, decodedBody, type Decompress } from './content-coding.ts'
import { joined } from '../price/event-lines.ts'
import { bodyFormatOf, type BodyFormat } from '../../contract/write/body-format.ts'
import { createFirstElement } from './first-element.ts'
import { createFirstMembers, type FirstMembers } from './first-members.ts'
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

/** A form may say at its end what it is. */
function firstsOf(format: BodyFormat | undefined): Pick<FirstMembers, 'push'> {
  if (format === 'form') return { push: () => undefined }
  return format === 'xml' ? createFirstElement() : createFirstMembers()
}

/** Undefined where the body need not be held. `contract`: the dialect that the upstream speaks. A compressed body says nothing before its end. */
export function holdBody(contract: Contract, method: string, status: number, headers: readonly string[], decompress: Decompress | undefined): HeldBody | undefined {
  const type = mediaType(headers)
  const length = Number(soleHeader(headers, 'content-length') ?? 0)
  const isRead = method !== 'HEAD' && status >= 200 && status < 300 && status !== 204 && status !== 205 && status !== 206 && !(length > HELD_BYTES_MAX)
  const isCompressed = codingsOf(headers).length > 0
  if (!isRead || !contract.hidden.mayBe(status, type) || (isCompressed && (decompress === undefined || isPage(type)))) return undefined
  return new BodyInHand(contract, status, headers, isCompressed, decompress)
}

/** A class, since nearly every success has one. */
class BodyInHand implements HeldBody {
  readonly #contract: Contract
  readonly #status: number
  readonly #headers: readonly string[]
  readonly #isCompressed: boolean
  readonly #decompress: Decompress | undefined
  readonly #chunks: Uint8Array[] = []
  #members: Pick<FirstMembers, 'push'> | undefined
  #bytes = 0

  constructor(contract: Contract, status: number, headers: readonly string[], isCompressed: boolean, decompress: Decompress | undefined) {
    this.#contract = contract
    this.#status = status
    this.#headers = headers
    this.#isCompressed = isCompressed
    this.#decompress = decompress
  }

  push(chunk: Uint8Array): boolean {
    this.#bytes += chunk.length
    if (this.#bytes > HELD_BYTES_MAX) return false
    this.#chunks.push(chunk)
    if (this.#isCompressed) return true
    this.#members ??= firstsOf(bodyFormatOf(this.#contract.declaration.envelope.contentType))
    const { hidden } = this.#contract
    const first = this.#members.push(chunk, hidden.saysSuccess)
    if (first === undefined) return true
    return !hidden.excludes(first.value) && (first.whole === undefined || this.#saysNo(first.whole))
  }

  isRefusal(): boolean | Promise<boolean> {
    const body = joined(this.#chunks, this.#bytes)
    if (!this.#isCompressed) return this.#saysNo(body)
    return decodedBody(body, this.#headers, this.#decompress, HELD_BYTES_MAX).then((decoded) => decoded !== undefined && this.#saysNo(decoded))
  }

  #saysNo(body: Uint8Array): boolean {
    const { hidden, read: readAnswer } = this.#contract
    const read = readAnswer({ status: this.#status, headers: toReceivedHeaders(this.#headers), body })
    // A code that the contract lacks is one of the service's own data, unless the form says that it is not.
    return (read?.entry !== undefined && read.succeeded === undefined) || hidden.isMarked(hidden.parse(body))
  }
}
