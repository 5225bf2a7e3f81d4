/** Guesses the language of a message by its small words. English when nothing speaks for another. */
import { hasPhrase, toWords } from './words.ts'

const smallWords: { readonly [language: string]: readonly string[] } = {
  en: ['the', 'a', 'is', 'i', 'for', 'and', 'of', 'to', 'my', 'what'],
  de: ['der', 'die', 'das', 'ich', 'ein', 'eine', 'und', 'ist', 'für', 'nicht', 'suche'],
  fr: ['le', 'la', 'les', 'je', 'un', 'une', 'et', 'est', 'pour', 'des', 'quel'],
  es: ['el', 'los', 'yo', 'un', 'una', 'y', 'es', 'para', 'busco', 'qué', 'mi'],
}

export function guessLanguage(message: string): string {
  const words = toWords(message)
  let best = { language: 'en', count: 0 }
  for (const [language, list] of Object.entries(smallWords)) {
    const count = list.filter((word) => hasPhrase(words, word)).length
    if (count > best.count) best = { language, count }
  }
  return best.language
}
