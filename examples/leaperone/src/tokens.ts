/**
 * What is counted and paid for. A token is a run of up to six letters or digits, with the one space before it; every other character is one by
 * itself. So the count of a text is known without any table, and its tokens put together are the text again.
 *
 * A message costs four tokens more than its content, and the answer's beginning three: the figures by which OpenAI counts chat prompts.
 */

const TOKEN = / ?[\p{L}\p{M}\p{N}]{1,6}|[^]/gu
const MESSAGE_TOKENS = 4
const ANSWER_TOKENS = 3

export function tokenize(text: string): readonly string[] {
  return text.match(TOKEN) ?? []
}

export function promptTokens(contents: readonly string[]): number {
  return contents.reduce((sum, content) => sum + MESSAGE_TOKENS + tokenize(content).length, ANSWER_TOKENS)
}
