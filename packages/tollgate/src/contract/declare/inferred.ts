/** What TypeScript knows of a contract from its declaration. */
import type { Contract } from './contract.ts'
import type { ContractDeclaration, DetailType, EntryDeclaration } from './declaration.ts'
import type { EntryFacts, SaidDetails } from './entry-facts.ts'
import type { JsonValue } from './facts.ts'
import type { ReadError } from './wire.ts'

type DeclarationOf<C extends Contract> = C extends Contract<infer D> ? D : ContractDeclaration

/** The ids of a contract's entries. */
export type EntryId<C extends Contract> = keyof DeclarationOf<C>['entries'] & string

/** The codes that a contract sends. */
export type CodeOf<C extends Contract> = Coded<DeclarationOf<C>['entries'][EntryId<C>]>['code']

interface WireTypes extends Record<DetailType, unknown> {
  string: string
  integer: number
  number: number
  boolean: boolean
  strings: readonly string[]
  money: number
  timestamp: string
  unix: number
  seconds: number
  digits: string
  json: JsonValue
}

type WithoutFrom<T> = T extends `${infer Head} from ${string}` ? Head : T
type WireValue<T> =
  WithoutFrom<T> extends `${infer Type extends DetailType}|null`
    ? WireTypes[Type] | null
    : WithoutFrom<T> extends `${infer Type extends DetailType}?`
      ? WireTypes[Type]
      : WithoutFrom<T> extends DetailType
        ? WireTypes[WithoutFrom<T>]
        : never
type OptionalKeys<D> = { [K in keyof D]: WithoutFrom<D[K]> extends `${string}?` ? K : never }[keyof D]

/** The details of one entry as they stand on the wire. */
export type DetailsOf<C extends Contract, Id extends EntryId<C>> = DeclarationOf<C>['entries'][Id] extends { readonly details: infer D }
  ? { readonly [K in Exclude<keyof D, OptionalKeys<D>>]: WireValue<D[K]> } & { readonly [K in OptionalKeys<D>]?: WireValue<D[K]> }
  : { readonly [name: string]: never }

/** The facts of one entry: what its details are made from, what its messages name, and what any answer may use. */
export type FactsOf<C extends Contract, Id extends EntryId<C>> = EntryFacts<DeclarationOf<C>['entries'][Id]>

/** The details of one entry as a service says them, and what its messages name beside them. */
export type SaidDetailsOf<C extends Contract, Id extends EntryId<C>> = SaidDetails<DeclarationOf<C>['entries'][Id]>

/**
 * What was read, by entry: `error.entry === 'dailyQuota'` tells the code and the details. Without an entry the code is not one of the contract. A detail
 * that is there has its declared type; none is sure to be there, for what a contract promises is not what any server sends.
 */
export type ReadErrorOf<D extends ContractDeclaration> = string extends keyof D['entries'] ? ReadError : ReadAs<D['entries']> | (ReadError & { readonly entry: undefined })

type ReadAs<Entries extends ContractDeclaration['entries']> = {
  readonly [Id in keyof Entries & string]: ReadEntry<Id, ReadCode<Entries[Id]>, Entries[Id] extends { readonly details: infer D } ? D : {}>
}[keyof Entries & string]

/** Where an entry is read by patterns too, the code is the one that was sent. */
type ReadCode<E extends EntryDeclaration> = E extends { readonly read: { readonly code: unknown } } ? string | number : Coded<E>['code']

/** Empty where an entry has none. */
type Coded<E> = E extends { readonly code: string | number } ? E : { readonly code: 'code' extends keyof E ? string | number : '' }

/** An error that one entry says; `D` are its declared details. */
export interface ReadEntry<Id extends string, Code extends string | number, D> extends Omit<ReadError, 'entry' | 'code' | 'details'> {
  readonly entry: Id
  readonly code: Code
  readonly details: { readonly [Name in keyof D]?: WireValue<D[Name]> }
}
