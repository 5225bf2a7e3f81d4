/** Colours, on a terminal and only where nobody has asked for none (https://no-color.org). */
import type { CliIo } from './cli-io.ts'

export interface Colours {
  bold(text: string): string
  dim(text: string): string
  red(text: string): string
  green(text: string): string
  yellow(text: string): string
}

export function createColours({ isTerminal, env }: Pick<CliIo, 'isTerminal' | 'env'>): Colours {
  const wanted = isTerminal && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb'
  const paint = (code: number, end: number) => (text: string) => (wanted ? `\u001b[${code}m${text}\u001b[${end}m` : text)
  return { bold: paint(1, 22), dim: paint(2, 22), red: paint(31, 39), green: paint(32, 39), yellow: paint(33, 39) }
}

/** What came from a caller may hold control characters; a terminal must not obey them. */
export function printable(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, (character) => (character === '\n' || character === '\t' ? character : '?'))
}
