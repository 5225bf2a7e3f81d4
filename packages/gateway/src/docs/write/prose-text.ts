/** The words of an author's Markdown alone, for titles, summaries and searches. */
export function proseText(markdown: string): string {
  return markdown.replaceAll(/[`*]|!?\[([^\]]*)\]\([^)]*\)/g, (_, words: string | undefined) => words ?? '')
}
