/**
 * Slips in a declaration, found by the compiler where they stand. A `const` type parameter takes members that nobody knows, so each level is held
 * against its own list; what is wrong becomes a `Mistake`, whose text is the message of the compiler.
 */
import type {
  CloseDeclaration,
  ContractDeclaration,
  EntryDeclaration,
  EnvelopeDeclaration,
  GuidesDeclaration,
  RateLimitHeaderSet,
  ReadDeclaration,
  RequestIdDeclaration,
  StreamDeclaration,
  StreamEnd,
  WebSocketDeclaration,
} from './declaration.ts'
import type { FactName, JsonValue } from './facts.ts'
import type { PlaceholderOf } from './placeholders.ts'
import type { BuiltinSlot, ItemSlot } from '../write/template.ts'

/** Nothing is one: where the compiler says that a value is not assignable to it, the text says why. */
export interface Mistake<Text extends string> {
  readonly mistake: Text
}

/** What is to be intersected with a declaration: nothing where all is well. */
export type CheckedDeclaration<D extends ContractDeclaration> = KnownMembers<D, ContractDeclaration, 'a contract'> & {
  readonly requestId?: KnownMembers<D['requestId'], RequestIdDeclaration, 'requestId'>
  readonly rateLimitHeaders?: CheckedRateLimitHeaders<D['rateLimitHeaders']>
  readonly guides?: KnownMembers<D['guides'], GuidesDeclaration, 'guides'>
  readonly envelope: CheckedEnvelope<D['envelope'], SlotOf<D['entries']>>
  readonly entries: { readonly [Id in keyof D['entries']]: CheckedEntry<D['entries'][Id], FamilyOf<D['envelope']>> }
}

type CheckedRateLimitHeaders<T> = T extends readonly unknown[] ? { readonly [At in keyof T]: KnownMembers<T[At], RateLimitHeaderSet, 'rateLimitHeaders'> } : KnownMembers<T, RateLimitHeaderSet, 'rateLimitHeaders'>

type KnownMembers<T, Shape, Where extends string> = T extends object
  ? { readonly [Name in keyof T as Name extends keyof Shape ? never : Name]: Mistake<`'${Name & string}' is no member of ${Where}`> }
  : unknown

// Entries

type CheckedEntry<E, Family extends string> = KnownMembers<E, EntryDeclaration, 'an entry'> & CheckedMessage<E> & CheckedFamily<E, Family> & CheckedRead<E>

/** A list of sentences has no members to be known. */
type CheckedRead<E> = E extends { readonly read: infer Read } ? (Read extends readonly unknown[] ? unknown : { readonly read?: KnownMembers<Read, ReadDeclaration, 'read'> }) : unknown

/** What a message may name, as `check-entry.ts` has it. */
type FigureOf<E> = 'code' | 'status' | 'requestId' | FactName | NamesIn<E, 'details'> | NamesIn<E, 'attributes'>

type NamesIn<E, Member extends string> = E extends { readonly [M in Member]: infer Named } ? keyof Named & string : never

type CheckedMessage<E> = E extends { readonly message: infer Message } ? UnlessNone<Exclude<PlaceholderOf<Message>, FigureOf<E>>, 'message'> : unknown

type UnlessNone<Unknown extends string, Member extends string> = [Unknown] extends [never]
  ? unknown
  : { readonly [M in Member]: Mistake<`'{${Unknown}}' is neither a detail of the entry nor a fact`> }

type FamilyOf<Envelope> = Envelope extends { readonly families: infer Families } ? keyof Families & string : never

type CheckedFamily<E, Family extends string> = E extends { readonly family: infer Named extends string }
  ? [Named] extends [Family]
    ? unknown
    : string extends Named
      ? unknown
      : { readonly family: Mistake<`'${Named}' is not one of envelope.families`> }
  : unknown

// The envelope

type CheckedEnvelope<Envelope, Slot extends string> = KnownMembers<Envelope, EnvelopeDeclaration, 'an envelope'> & {
  readonly stream?: Envelope extends { readonly stream: infer Stream } ? KnownMembers<Stream, StreamDeclaration, 'a stream'> & CheckedEnd<Stream> & { readonly data?: TemplateIn<Stream, 'data', Slot> } : unknown
  readonly webSocket?: Envelope extends { readonly webSocket: infer Socket }
    ? KnownMembers<Socket, WebSocketDeclaration, 'webSocket'> & { readonly frame?: TemplateIn<Socket, 'frame', Slot>; readonly close?: Socket extends { readonly close: infer Close } ? KnownMembers<Close, CloseDeclaration, 'a close'> : unknown }
    : unknown
} & (Envelope extends { readonly contentType: `text/plain${string}` }
    ? unknown
    : { readonly error: TemplateIn<Envelope, 'error', Slot>; readonly success?: TemplateIn<Envelope, 'success', Slot>; readonly families?: TemplateIn<Envelope, 'families', Slot> })

type CheckedEnd<Stream> = Stream extends { readonly end: infer End }
  ? { readonly end?: End extends readonly unknown[] ? { readonly [At in keyof End]: KnownMembers<End[At], StreamEnd, 'the end of a stream'> } : KnownMembers<End, StreamEnd, 'the end of a stream'> }
  : unknown

type TemplateIn<Holder, Member extends string, Slot extends string> = Holder extends { readonly [M in Member]: infer Template } ? CheckedTemplate<Template, Slot> : unknown

/** What may stand in a template: slots of every answer and of the items of a list, attributes and details of any entry. */
type SlotOf<Entries> = string extends keyof Entries
  ? string
  : BuiltinSlot | ItemSlot | `request.${string}` | { readonly [Id in keyof Entries]: NamesIn<Entries[Id], 'attributes'> | `details.${NamesIn<Entries[Id], 'details'>}` }[keyof Entries]

/** A template whose text the compiler does not know has nothing to look at. */
type CheckedTemplate<T, Slot extends string> = JsonValue extends T
  ? unknown
  : T extends string
    ? CheckedSlot<T, Slot>
    : T extends object
      ? { readonly [K in keyof T]: CheckedTemplate<T[K], Slot> }
      : unknown

type CheckedSlot<Text extends string, Slot extends string> = Text extends `$$${string}`
  ? unknown
  : Text extends `$${infer Name}`
    ? WithoutPolicy<Name> extends Slot
      ? unknown
      : Mistake<`'$${WithoutPolicy<Name>}' is filled by nothing`>
    : unknown

type WithoutPolicy<Name extends string> = Name extends `${infer Bare}?` ? Bare : Name extends `${infer Bare}|null` ? Bare : Name
