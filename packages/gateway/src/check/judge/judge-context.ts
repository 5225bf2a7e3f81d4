/** What an answer is judged by. */
import type { Contract, Entry, ReadError } from 'tollgate/contract'
import type { Answered } from '../probe-exchange.ts'
import type { AnswerFault } from './answer-fault.ts'

export interface JudgeContext {
  readonly contract: Contract
  /** All credentials of the plan. */
  readonly secrets: readonly string[]
  /** The host that was asked, under the names that an answer may say. */
  readonly ownHosts: readonly string[]
  /** Ids of earlier answers. */
  readonly seenIds: ReadonlySet<string>
}

/** An answer that is a refusal of the contract. */
export interface RefusedAnswer {
  readonly exchange: Answered
  readonly read: ReadError
  readonly entry: Entry
  /** Lower case. */
  readonly headers: { readonly [name: string]: string }
  readonly text: string
}

export type RefusalRule = (refused: RefusedAnswer, context: JudgeContext) => readonly AnswerFault[]

/** Of any answer, a success too. */
export type AnswerRule = (exchange: Answered, context: JudgeContext) => readonly AnswerFault[]
