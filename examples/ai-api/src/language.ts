/** What is known of each language, from `languages/`: words that bind, words that judge, and sentences to learn from. */
import { wordsOf } from './words.ts'

export const languageCodes = ['en', 'de', 'fr', 'es'] as const

export type LanguageCode = (typeof languageCodes)[number]

/** As it stands in the file; lists of words are texts, separated by spaces. */
export interface LanguageFile {
  readonly stopwords: string
  readonly positive: string
  readonly negative: string
  readonly negations: string
  /** Sentences with `{topic}` in them. */
  readonly openings: readonly string[]
  readonly sentences: readonly string[]
}

export interface Language {
  readonly code: LanguageCode
  readonly stopwords: ReadonlySet<string>
  readonly positive: ReadonlySet<string>
  readonly negative: ReadonlySet<string>
  readonly negations: ReadonlySet<string>
  readonly openings: readonly string[]
  readonly sentences: readonly string[]
}

export type Languages = ReadonlyMap<LanguageCode, Language>

export function toLanguage(code: LanguageCode, { stopwords, positive, negative, negations, openings, sentences }: LanguageFile): Language {
  const set = (words: string) => new Set(words.split(' '))
  return { code, stopwords: set(stopwords), positive: set(positive), negative: set(negative), negations: set(negations), openings, sentences }
}

export interface Guess {
  readonly code: LanguageCode
  /** The share of its words among those of any language, 0 to 1. */
  readonly confidence: number
}

/** By the words that bind: each language has its own. Undefined where there are none, as in a name. */
export function guessLanguage(text: string, languages: Languages): Guess | undefined {
  const words = wordsOf(text)
  const counts = [...languages.values()].map(({ code, stopwords }) => ({ code, count: words.filter((word) => stopwords.has(word)).length }))
  const all = counts.reduce((sum, { count }) => sum + count, 0)
  const [best] = counts.toSorted((one, other) => other.count - one.count)
  return best === undefined || best.count === 0 ? undefined : { code: best.code, confidence: Math.round((best.count / all) * 100) / 100 }
}

/** The script of most of the text's letters, if it is not the Latin one, which all our languages are written in. */
export function foreignScript(text: string): string | undefined {
  const latin = text.match(/\p{Script=Latin}/gu)?.length ?? 0
  const counts = scripts.map(([name, letters]) => ({ name, count: text.match(letters)?.length ?? 0 }))
  const others = text.match(/\p{L}/gu)?.length ?? 0
  if (others - latin <= latin) return undefined
  return counts.toSorted((one, other) => other.count - one.count).find(({ count }) => count > latin)?.name ?? 'unknown'
}

const scripts: readonly (readonly [name: string, letters: RegExp])[] = [
  ['Cyrillic', /\p{Script=Cyrillic}/gu],
  ['Greek', /\p{Script=Greek}/gu],
  ['Arabic', /\p{Script=Arabic}/gu],
  ['Hebrew', /\p{Script=Hebrew}/gu],
  ['Devanagari', /\p{Script=Devanagari}/gu],
  ['Hangul', /\p{Script=Hangul}/gu],
  ['Japanese', /[\p{Script=Hiragana}\p{Script=Katakana}]/gu],
  ['Han', /\p{Script=Han}/gu],
]
