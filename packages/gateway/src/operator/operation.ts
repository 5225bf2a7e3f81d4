/**
 * One operation of the admin API, as a value: what is asked, what is answered, and what it does. The HTTP routes and what they refuse, the command line's
 * client, the OpenAPI document and the reference in the docs derive from it.
 */
import type { z } from 'zod'
import type { Permission } from '../config/permission.ts'
import type { AdminGateway } from './admin-gateway.ts'
import type { Reply } from './reply.ts'

/** The parameters of the path, the query, and the body in JSON. */
export interface InputShapes {
  readonly params?: z.ZodObject
  readonly query?: z.ZodObject
  readonly body?: z.ZodType
}

export type Input<Shapes extends InputShapes> = { readonly [Part in keyof Shapes]: Shapes[Part] extends z.ZodType ? z.output<Shapes[Part]> : never }

/** What code of our own hands out unchanged. */
export type Unchanging<T> = T extends readonly (infer Item)[] ? readonly Unchanging<Item>[] : T extends object ? { readonly [Name in keyof T]: Unchanging<T[Name]> } : T

export interface Operation<Name extends string = string, Shapes extends InputShapes = InputShapes, Output extends z.ZodType = z.ZodType> {
  /** `accounts.create` */
  readonly name: Name
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** `/v1/accounts/{id}` */
  readonly path: string
  /** What it does, for a list of operations. */
  readonly words: string
  readonly may: Permission
  readonly input: Shapes
  /** Fields whose values no error repeats. */
  readonly secrets?: readonly string[]
  /** Only shapes that JSON has, so that the reply is at both ends the same. */
  readonly output: Output
  /** `who`: the name of the token, for the audit log. */
  handle(asked: Input<Shapes> & { readonly who: string }, gateway: AdminGateway): Promise<Reply<Unchanging<z.output<Output>>>>
}

export function operation<const Name extends string, Shapes extends InputShapes, Output extends z.ZodType>(declared: Operation<Name, Shapes, Output>): Operation<Name, Shapes, Output> {
  return declared
}
