/**
 * What reads the answers of one API, and nothing else. Of a declaration the reading half alone is compiled, without its checks and without what writes: small
 * enough for a browser. A whole contract is a dialect too.
 */
import type { CheckedDeclaration } from '../declare/checked-declaration.ts'
import type { ContractDeclaration } from '../declare/declaration.ts'
import type { ReadErrorOf } from '../declare/inferred.ts'
import type { ReadError, ReceivedAnswer } from '../declare/wire.ts'
import { compileDialect } from './compile-dialect.ts'
import type { ErrorReader } from './read-error.ts'
import type { Reader } from './reader.ts'
import { partsMissing, type ReadingParts } from './parts/reading-parts.ts'

/** What reads the answers of one API. Every `Contract` is one. */
export interface Dialect<out Read = ReadError> {
  readonly name: string
  readonly declaration: ContractDeclaration
  /**
   * Any bytes in, an error of this dialect or undefined ("not mine", or a success) out. Never throws; bounded in size and depth. Its `entry` tells
   * TypeScript the code and the details.
   */
  read(answer: ReceivedAnswer): Read | undefined
  /** The same for one event of a stream. */
  readStreamEvent(event: { readonly event?: string; readonly data: string }): Read | undefined
}

/** A dialect with all it was defined with, so that a whole contract can be made of it. */
export interface DefinedDialect<out D extends ContractDeclaration = ContractDeclaration, out Read = ReadError> extends Dialect<Read> {
  readonly declaration: D
  readonly reader: Reader | undefined
}

/** What a dialect needs beside its declaration. */
export interface DialectOptions {
  /** Reads the wire forms that no template describes. */
  readonly reader?: Reader | undefined
  /** What this declaration needs beyond plain JSON: `listsPart`, `textsPart`, … One that is missing throws, and is named. */
  readonly parts?: readonly ReadingParts[] | undefined
}

/**
 * The reading half of a contract. The declaration is taken as it stands: `defineContract` is what checks one. It is compiled when first asked. Throws where a part
 * is missing that it needs.
 *
 * @example
 * const owlmail = defineDialect({
 *   name: 'owlmail',
 *   title: 'Owlmail',
 *   envelope: { error: { sent: false, code: '$code', say: '$message' } },
 *   entries: {
 *     coinsShort: { code: 'COINS_SHORT', status: 402, reason: 'credit.insufficient', message: 'Too few coins.', description: 'The letter costs more than there is.' },
 *   },
 * })
 * owlmail.read({ status: 402, headers: {}, body: '{"sent":false,"code":"COINS_SHORT"}' })?.reason // => 'credit.insufficient'
 */
export function defineDialect<const D extends ContractDeclaration>(declaration: D & CheckedDeclaration<D>, { reader, parts = [] }: DialectOptions = {}): DefinedDialect<D, ReadErrorOf<D>> {
  const whole: ReadingParts = Object.assign({}, ...parts)
  const missing = partsMissing(declaration, reader, whole)
  if (missing !== '') throw new TypeError(`the dialect "${declaration.name}" is read with parts that are missing; write defineDialect(declaration, { parts: [${missing}] })`)
  let compiled: ErrorReader | undefined
  const readers = (): ErrorReader => (compiled ??= compileDialect(declaration, reader, whole))
  return {
    name: declaration.name,
    declaration,
    reader,
    // Each declared detail is held against its type by the reader: the types say no more than that.
    read: (answer) => readers().read(answer) as ReadErrorOf<D> | undefined,
    readStreamEvent: (event) => readers().readStreamEvent(event) as ReadErrorOf<D> | undefined,
  }
}
