/**
 * How long a script takes to say. A word is reckoned as six characters, its space included, as in typing: so languages without spaces have a
 * length too, and whoever holds money beforehand can tell the longest possible length from the number of characters alone.
 */

const CHARACTERS_PER_WORD = 6

/** What is said: runs of white space are one space. */
export function toSpoken(script: string): string {
  return script.trim().replaceAll(/\s+/gu, ' ')
}

/** Whole seconds, at least 1. */
export function spokenSeconds(script: string, wordsPerMinute: number): number {
  const characters = [...toSpoken(script)].length
  return Math.max(1, Math.ceil((characters * 60) / (wordsPerMinute * CHARACTERS_PER_WORD)))
}
