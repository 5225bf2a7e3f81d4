/** What a client of the admin API sends to an operation and hears from it, as types and as HTTP: for the command line, a console, and tests. */
import type { z } from 'zod'
import { formatProblem } from '../config/read/config-problem.ts'
import { toProblems } from '../config/read/shape-problem.ts'
import type { InputShapes, Operation, Unchanging } from './operation.ts'
import { operations, type OperationName, type OperationNamed } from './operations.ts'

/** As a person writes it: which words there are, the gateway knows and says. */
type Written<T> = T extends string ? string : T extends readonly (infer Item)[] ? readonly Written<Item>[] : T extends object ? { readonly [Name in keyof T]: Written<T[Name]> } : T

type WrittenInput<Shapes extends InputShapes> = { readonly [Part in keyof Shapes]: Shapes[Part] extends z.ZodType ? Written<z.input<Shapes[Part]>> : never }

export type InputOf<Name extends OperationName> = WrittenInput<OperationNamed<Name>['input']>
export type ReplyOf<Name extends OperationName> = Unchanging<z.output<OperationNamed<Name>['output']>>

export interface OperationRequest {
  readonly method: string
  /** With the query. */
  readonly path: string
  /** JSON. */
  readonly body: string | undefined
}

export function operationNamed<Name extends OperationName>(name: Name): OperationNamed<Name> {
  const found = operations.find((each): each is OperationNamed<Name> => each.name === name)
  if (found === undefined) throw new Error(`there is no operation "${name}"`)
  return found
}

interface Sent {
  readonly params?: { readonly [name: string]: unknown }
  readonly query?: { readonly [name: string]: unknown }
  readonly body?: unknown
}

/** What is undefined is not sent. */
export function toRequest<Name extends OperationName>(name: Name, input: InputOf<Name>): OperationRequest {
  const { method, path } = operationNamed(name)
  const { params = {}, query = {}, body }: Sent = input
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, param: string) => encodeURIComponent(String(params[param])))
  const given = Object.entries(query).flatMap(([field, value]): [string, string][] => (value === undefined ? [] : [[field, String(value)]]))
  return { method, path: given.length === 0 ? filled : `${filled}?${new URLSearchParams(given).toString()}`, body: body === undefined ? undefined : JSON.stringify(body) }
}

/** Whether it has what this version of the operation answers. More is no fault: it comes from a newer gateway. */
export function isReplyTo<Name extends OperationName>(operation: OperationNamed<Name>, reply: unknown): reply is ReplyOf<Name> {
  return operation.output.safeParse(reply).success
}

/** The first field at fault, and what is wrong with it. */
export function faultOfReply({ output }: Pick<Operation, 'output'>, reply: unknown): string {
  const read = output.safeParse(reply, { reportInput: true })
  const [fault] = read.success ? [] : toProblems(read.error.issues, reply)
  return fault === undefined ? 'it is something else' : formatProblem(fault)
}
