/** Text as words, and as the tokens that models count: words, numbers and signs. */

const TOKEN = /\p{L}[\p{L}\p{M}\p{N}]*(?:['’-][\p{L}\p{M}\p{N}]+)*|\p{N}+(?:[.,:]\p{N}+)*|[^\s]/gu
const WORD = /^[\p{L}\p{N}]/u

export function tokensOf(text: string): readonly string[] {
  return text.match(TOKEN) ?? []
}

/** In lower case, without signs. */
export function wordsOf(text: string): readonly string[] {
  return tokensOf(text).filter((token) => WORD.test(token)).map((token) => token.toLowerCase())
}

export function isWord(token: string): boolean {
  return WORD.test(token)
}

/** Puts tokens together as a reader expects them: no space before a comma. */
export function joinTokens(tokens: readonly string[]): string {
  return tokens.reduce((text, token) => (text === '' || /^[,.;:!?…)]/.test(token) || text.endsWith('(') ? text + token : `${text} ${token}`), '')
}

export function endsSentence(token: string | undefined): boolean {
  return token !== undefined && /^[.!?…]$/.test(token)
}
