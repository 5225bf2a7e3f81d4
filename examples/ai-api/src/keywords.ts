/** What a text is about: rapid automatic keyword extraction. Phrases stand between the words that only bind; a word that keeps long company weighs more. */
import type { Language } from './language.ts'
import { isWord, tokensOf } from './words.ts'

export interface Keyword {
  readonly text: string
  /** Of the best one: 1. */
  readonly score: number
}

const PHRASE_WORDS_MAX = 3
const KEYWORDS_MAX = 10

/** The best first. */
export function keywordsOf(text: string, { stopwords }: Language): readonly Keyword[] {
  const phrases = phrasesOf(text, stopwords)
  const weights = weightsOf(phrases)
  const scores = new Map<string, number>()
  for (const phrase of phrases) {
    const score = phrase.reduce((sum, word) => sum + (weights.get(word) ?? 0), 0)
    const name = phrase.join(' ')
    scores.set(name, (scores.get(name) ?? 0) + score)
  }
  const best = Math.max(...scores.values())
  const keywords = [...scores].map(([name, score]) => ({ text: name, score: Math.round((score / best) * 100) / 100 }))
  return keywords.toSorted((one, other) => other.score - one.score).slice(0, KEYWORDS_MAX)
}

function phrasesOf(text: string, stopwords: ReadonlySet<string>): readonly (readonly string[])[] {
  const phrases: string[][] = [[]]
  for (const token of tokensOf(text.toLowerCase())) {
    const current = phrases.at(-1) ?? []
    const binds = !isWord(token) || stopwords.has(token)
    if (binds || current.length === PHRASE_WORDS_MAX) phrases.push(binds ? [] : [token])
    else current.push(token)
  }
  return phrases.filter((phrase) => phrase.some((word) => word.length > 1))
}

/** By word: how many words it stands with, itself included, for each time that it is used. */
function weightsOf(phrases: readonly (readonly string[])[]): ReadonlyMap<string, number> {
  const seen = new Map<string, { times: number; company: number }>()
  for (const phrase of phrases) {
    for (const word of phrase) {
      const { times, company } = seen.get(word) ?? { times: 0, company: 0 }
      seen.set(word, { times: times + 1, company: company + phrase.length })
    }
  }
  return new Map([...seen].map(([word, { times, company }]) => [word, company / times]))
}
