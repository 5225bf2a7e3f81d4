/** What TypeScript knows of a contract from its declaration. */
import type { Contract } from './contract.ts'
import type { ContractDeclaration, DetailType } from './declaration.ts'
import type { JsonValue } from './facts.ts'

type DeclarationOf<C extends Contract> = C extends Contract<infer D> ? D : ContractDeclaration

/** The ids of a contract's entries. */
export type EntryId<C extends Contract> = Extract<keyof DeclarationOf<C>['entries'], string>

/** The codes that a contract sends. */
export type CodeOf<C extends Contract> = DeclarationOf<C>['entries'][EntryId<C>]['code']

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
