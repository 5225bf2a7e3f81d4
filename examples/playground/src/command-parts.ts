/** A command line cut for the eye: at words of the shell, an option together with its value. Nothing is added or lost. */

/** Quoted pieces and bare characters, until white space ends the word. A quote that is never closed is a character. */
const WORD = String.raw`(?:'[^']*'|"[^"]*"|\\[^]|[^\s])+?(?=\s|$)`
const PARTS = new RegExp(String.raw`(?:-[XHdFc]|--[a-z-]+) ${WORD}|${WORD}|\n|[^\S\n]+`, 'g')

/** Words and the white space between them, in turn; each line break is a part of its own. */
export function commandParts(command: string): readonly string[] {
  return command.match(PARTS) ?? []
}

/** Each with the line break that ends it. */
export function linesOf(parts: readonly string[]): readonly (readonly string[])[] {
  const lines: string[][] = [[]]
  for (const part of parts) {
    lines.at(-1)?.push(part)
    if (part === '\n') lines.push([])
  }
  return lines.filter((line) => line.length > 0)
}
