/**
 * Markdown that the author of a contract wrote, as it stands in the Markdown of a page: HTML in it stays text, and links lead to web and mail addresses alone, for who
 * publishes these files may let both through.
 */

export function authoredMarkdown(markdown: string): string {
  return withoutControls(markdown)
    .split(/(```[\s\S]*?```|`[^`\n]*`)/)
    .map((part, at) => (at % 2 === 1 ? part : safe(part)))
    .join('')
}

/** `](javascript:…`, perhaps in angle brackets. An address may have one pair of parentheses in it. */
const UNSAFE_LINK = /\]\(\s*<?(?!https?:|mailto:|[#/.])[a-z][a-z0-9+.-]*:(?:[^()\s<>]|\([^()\s]*\))*>?/gi
const TAG = /<(?=[a-z/!?])(?!(?:https?:\/\/|mailto:)[^\s<>]*>)/gi

function safe(text: string): string {
  return text.replaceAll(UNSAFE_LINK, '](#').replaceAll(TAG, String.raw`\<`)
}

/** Terminals, on which such files are read, obey what begins with some of these. */
export function withoutControls(text: string): string {
  return text.replaceAll(/(?![\n\t])\p{Cc}/gu, '')
}
