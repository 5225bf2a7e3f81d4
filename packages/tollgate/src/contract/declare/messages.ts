/** What an entry says, in one language or in several. */
import type { EntryDeclaration, Sentences } from './declaration.ts'

type Message = EntryDeclaration['message']

/** Of one language: the sentences in the order in which they are tried. */
export function sentencesOfOne(sentences: Sentences): readonly string[] {
  return typeof sentences === 'string' ? [sentences] : sentences
}

/** By the tag of their language, as it is written. Undefined: there is one language, which need not be named. */
export function translationsOf(message: Message): readonly (readonly [language: string, sentences: readonly string[]])[] | undefined {
  if (typeof message === 'string' || isList(message)) return undefined
  return Object.entries(message).map(([language, sentences]) => [language, sentencesOfOne(sentences)])
}

/**
 * All that an entry may say, in whatever language.
 *
 * @example
 * sentencesIn({ en: ['At most {limit}.', 'Too fast.'], de: 'Zu schnell.' }) // => ['At most {limit}.', 'Too fast.', 'Zu schnell.']
 */
export function sentencesIn(message: Message): readonly string[] {
  return translationsOf(message)?.flatMap(([, sentences]) => sentences) ?? sentencesOfOne(message as Sentences)
}

/** What it says where no other language is asked for. */
export function defaultSentences(message: Message, language: string | undefined): readonly string[] {
  const translations = translationsOf(message)
  if (translations === undefined) return sentencesOfOne(message as Sentences)
  return (translations.find(([tag]) => isSameLanguage(tag, language)) ?? translations[0])?.[1] ?? []
}

/** Tags are the same in whatever case (RFC 5646 section 2.1.1). */
export function isSameLanguage(tag: string, other: string | undefined): boolean {
  return tag.toLowerCase() === other?.toLowerCase()
}

/** The languages of a contract, its own first; none where it does not say. */
export function languagesOf({ language, entries }: { readonly language?: string; readonly entries: { readonly [id: string]: Pick<EntryDeclaration, 'message'> } }): readonly string[] {
  const all = [language, ...Object.values(entries).flatMap(({ message }) => translationsOf(message)?.map(([tag]) => tag))].flatMap((tag) => tag ?? [])
  return all.filter((tag, at) => all.findIndex((other) => isSameLanguage(other, tag)) === at)
}

function isList(message: Message): message is readonly string[] {
  return Array.isArray(message)
}
