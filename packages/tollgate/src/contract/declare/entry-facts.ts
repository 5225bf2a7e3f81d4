/**
 * What an entry may be told, as types. A gateway tells facts, under canonical names and units: `EntryFacts`. A service tells details, under the names that its
 * API has on the wire: `SaidDetails`. What has no name of its own in the one is the same in the other.
 */
import type { DetailType, EntryDeclaration } from './declaration.ts'
import type { FactName, Facts, FactValue, JsonValue, Money } from './facts.ts'
import type { PlaceholderOf, TextOf } from './placeholders.ts'
import type { RefusalOptions } from './refusal.ts'

/** What `toWire` takes for a detail of each type. Money: exact in scaled integers, or in major units. */
interface FactTypes extends Record<DetailType, unknown> {
  string: string | number | boolean | readonly string[]
  integer: number | Money
  number: number | Money
  boolean: boolean
  strings: string | readonly string[]
  money: Money | number | `${number}`
  timestamp: string
  unix: number
  seconds: number
  digits: string | number | Money
  json: JsonValue | Money
}

/** What any answer may use, whatever its entry declares: the wait, and the fields at fault. */
export type CommonFacts = Pick<Facts, 'retryAfterMs' | 'resetAtMs' | 'waitHelps' | 'field' | 'issue' | 'rule' | 'fields' | 'issues' | 'allow'>

/** Facts may be left out where the entry promises nothing. */
export type RefuseArguments<E> = {} extends EntryFacts<E>
  ? [facts?: EntryFacts<E>, options?: Omit<RefusalOptions, 'entry'>]
  : [facts: EntryFacts<E>, options?: Omit<RefusalOptions, 'entry'>]

export type EntryFacts<E> = E extends unknown ? (string extends keyof DetailsIn<E> ? Facts : Told<E, FactNames<DetailsIn<E>>, FactName>) : never

/** `said` of a service's own JSON: names that mean something else in a problem are said under the name of their fact. */
export type SaidDetails<E> = E extends unknown ? (string extends keyof DetailsIn<E> ? { readonly [name: string]: unknown } : Told<E, SaidNames<DetailsIn<E>>, never>) : never

/** Members of a problem (RFC 9457 section 3.1), and those by which the gateway finds the entry: as details they would be lost. */
export type ReservedName = 'type' | 'title' | 'status' | 'detail' | 'instance' | 'entry' | 'code' | 'reason'

/** The declared details but those that an attribute of the entry fills. All names are possible where the declaration is not known. */
type DetailsIn<E> = E extends { readonly details: infer D }
  ? { readonly [Name in keyof D as Name extends AttributeOf<E> ? never : Name]: D[Name] }
  : 'details' extends keyof E
    ? { readonly [name: string]: never }
    : {}

type AttributeOf<E> = E extends { readonly attributes: infer A } ? keyof A : never

/** Under which name each detail is told. */
type FactNames<D> = { readonly [Name in keyof D]: D[Name] extends `${string} from ${infer From}` ? From : Name }
type SaidNames<D> = { readonly [Name in keyof D]: Name extends ReservedName ? (D[Name] extends `${string} from ${infer From}` ? From : never) : Name }

/** `Names`: of each detail, under which it is told. What is promised must be there. `Canonical`: names of facts whose own type holds. */
type Told<E, Names extends { readonly [Name in keyof DetailsIn<E>]: PropertyKey }, Canonical extends FactName> = Flat<
  { readonly [Name in keyof DetailsIn<E> as IsPromised<DetailsIn<E>[Name], Names[Name], never>]: ValueOf<DetailsIn<E>[Name], Name, Names[Name], Canonical> } & {
    readonly [Name in keyof DetailsIn<E> as IsPromised<DetailsIn<E>[Name], never, Names[Name]>]?: ValueOf<DetailsIn<E>[Name], Name, Names[Name], Canonical> | undefined
  } & { readonly [Name in Exclude<MessageFact<E> | keyof CommonFacts, Names[keyof Names]>]?: Facts[Name] | undefined }
>

type Flat<T> = T extends infer Known ? { readonly [Name in keyof Known]: Known[Name] } : never

type WithoutFrom<T> = T extends `${infer Head} from ${string}` ? Head : T
type IsPromised<T, Yes, No> = WithoutFrom<T> extends DetailType ? Yes : No
type TypeIn<T> =
  WithoutFrom<T> extends `${infer Type extends DetailType}|null` ? Type : WithoutFrom<T> extends `${infer Type extends DetailType}?` ? Type : Extract<WithoutFrom<T>, DetailType>

type ValueOf<T, Name, As, Canonical extends FactName> = (As extends Name ? FactTypes[TypeIn<T>] : FromFact<T, As, Canonical>) | (T extends `${string}|null${string}` ? null : never)

/** A canonical fact has its own type; any other that of the detail, but for times, which are milliseconds. */
type FromFact<T, From, Canonical extends FactName> = From extends Canonical
  ? FactValue extends Exclude<Facts[From], undefined> ? FactTypes[TypeIn<T>] : Exclude<Facts[From], undefined>
  : From extends `${string}Ms` ? number : FactTypes[TypeIn<T>]

/** Facts that a message names without declaring them; all, where its text is not known. */
type MessageFact<E> = E extends { readonly message: infer Message extends EntryDeclaration['message'] } ? (string extends TextOf<Message> ? FactName : Extract<PlaceholderOf<Message>, FactName>) : never
