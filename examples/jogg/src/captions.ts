/** Subtitles: lines of a script, each shown for as long as it takes to say. */

export interface Cue {
  readonly startMs: number
  readonly endMs: number
  readonly text: string
}

const LINE_CHARACTERS_MAX = 36

/** The cues follow each other without a gap and end with the video. `spoken` has single spaces only. */
export function toCues(spoken: string, lengthMs: number): readonly Cue[] {
  const lines = toLines(spoken)
  const characters = lines.reduce((sum, line) => sum + [...line].length, 0)
  let said = 0
  return lines.map((text) => {
    const startMs = Math.round((said / characters) * lengthMs)
    said += [...text].length
    return { startMs, endMs: Math.round((said / characters) * lengthMs), text }
  })
}

function toLines(spoken: string): readonly string[] {
  const lines: string[] = []
  let line = ''
  for (const word of spoken.split(' ').flatMap(toPieces)) {
    const longer = line === '' ? word : `${line} ${word}`
    if ([...longer].length > LINE_CHARACTERS_MAX) {
      lines.push(line)
      line = word
    } else line = longer
  }
  return line === '' ? lines : [...lines, line]
}

/** Languages without spaces have one long "word". */
function toPieces(word: string): readonly string[] {
  const characters = [...word]
  return Array.from({ length: Math.ceil(characters.length / LINE_CHARACTERS_MAX) }, (_, n) => characters.slice(n * LINE_CHARACTERS_MAX, (n + 1) * LINE_CHARACTERS_MAX).join(''))
}
