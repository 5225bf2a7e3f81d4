/** What an image may not show. Prompts are compared as a person reads them: in any case, without accents, with any signs between the words. */
import { wordsOf } from './words.ts'

/** Each term is a word, or words that follow each other. */
export function createPolicy(terms: readonly string[]): (prompt: string) => boolean {
  const prohibited = terms.map((term) => ` ${plain(term)} `)
  return (prompt) => {
    const text = ` ${plain(prompt)} `
    return prohibited.some((term) => text.includes(term))
  }
}

function plain(text: string): string {
  return wordsOf(text.normalize('NFKD').replaceAll(/\p{M}/gu, '')).join(' ').replaceAll(/['’-]/g, ' ')
}
