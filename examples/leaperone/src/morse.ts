/**
 * What the audio model understands: a tone that is keyed in Morse code (ITU-R M.1677-1). A dot lasts one unit, a dash three; one unit of silence
 * parts the signs of a letter, three the letters, seven the words. The unit is taken from the recording, so that any speed will do.
 */
import type { Recording } from './wav.ts'

const WINDOW_SECONDS = 0.01
/** Softer recordings are silence. */
const LOUDNESS_MIN = 0.02

/** Upper case; a sign that is none is `?`. Empty for silence. */
export function transcribe(recording: Recording): string {
  const runs = toRuns(envelope(recording))
  const unit = runs.reduce((least, { windows }) => Math.min(least, windows), Infinity)
  let text = ''
  let sign = ''
  for (const { tone, windows } of runs) {
    const units = windows / unit
    if (tone) sign += units < 2 ? '.' : '-'
    else if (units >= 2) {
      text += letterOf(sign) + (units >= 5 ? ' ' : '')
      sign = ''
    }
  }
  return sign === '' ? text : text + letterOf(sign)
}

/** How loud each window is. */
function envelope({ samples, samplesPerSecond, loudness }: Recording): readonly number[] {
  const width = Math.round(samplesPerSecond * WINDOW_SECONDS)
  return Array.from({ length: Math.floor(samples / width) }, (_, window) => {
    let sum = 0
    for (let at = window * width; at < (window + 1) * width; at++) sum += loudness(at)
    return sum / width
  })
}

interface Run {
  readonly tone: boolean
  readonly windows: number
}

/** Tones and silences in turn, from the first tone to the last. */
function toRuns(loudness: readonly number[]): readonly Run[] {
  const loudest = loudness.reduce((most, one) => Math.max(most, one), 0)
  if (loudest < LOUDNESS_MIN) return []
  const keyed = loudness.map((one) => one > loudest / 2)
  const sound = keyed.slice(keyed.indexOf(true), keyed.lastIndexOf(true) + 1)
  const runs: { tone: boolean; windows: number }[] = []
  for (const tone of sound) {
    const last = runs.at(-1)
    if (last?.tone === tone) last.windows++
    else runs.push({ tone, windows: 1 })
  }
  return runs
}

function letterOf(sign: string): string {
  return letters.get(sign) ?? '?'
}

/** From sign to letter. */
const letters: ReadonlyMap<string, string> = new Map(
  Object.entries({
    '.-': 'A', '-...': 'B', '-.-.': 'C', '-..': 'D', '.': 'E', '..-.': 'F', '--.': 'G', '....': 'H', '..': 'I', '.---': 'J', '-.-': 'K', '.-..': 'L', '--': 'M',
    '-.': 'N', '---': 'O', '.--.': 'P', '--.-': 'Q', '.-.': 'R', '...': 'S', '-': 'T', '..-': 'U', '...-': 'V', '.--': 'W', '-..-': 'X', '-.--': 'Y', '--..': 'Z',
    '-----': '0', '.----': '1', '..---': '2', '...--': '3', '....-': '4', '.....': '5', '-....': '6', '--...': '7', '---..': '8', '----.': '9',
    '.-.-.-': '.', '--..--': ',', '..--..': '?', '-..-.': '/', '-...-': '=', '.-.-.': '+', '-....-': '-', '.--.-.': '@', '---...': ':',
  }),
)
