/** Draws an image: a landscape in the colours of a theme, a different one for each prompt and index. SVG, as a few shapes say all. */
import { createDice } from './dice.ts'
import type { Dice } from './dice.ts'
import type { ImageRequest } from './image-request.ts'
import type { Palette } from './library.ts'

const RIDGES = 3
const POINTS = 6

export function drawImage({ prompt, references, size }: ImageRequest, index: number, [sky = '', light = '', ...ground]: Palette): string {
  const [width = 0, height = 0] = size.split('x').map(Number)
  const dice = createDice(JSON.stringify([prompt, references, size, index]))
  const ridges = Array.from({ length: RIDGES }, (_, depth) => {
    const top = height * (0.45 + depth * 0.16)
    return `<path d="${ridge(dice, width, height, top)}" fill="${ground[depth] ?? light}"/>`
  })
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${escapeXml(prompt)}</title>`,
    `<rect width="${width}" height="${height}" fill="${sky}"/>`,
    `<circle cx="${between(dice, 0.2, 0.8, width)}" cy="${between(dice, 0.16, 0.42, height)}" r="${between(dice, 0.05, 0.13, Math.min(width, height))}" fill="${light}"/>`,
    ...ridges,
    '</svg>',
  ].join('\n')
}

/** A line of hills from edge to edge, closed along the lower edge. */
function ridge(dice: Dice, width: number, height: number, top: number): string {
  const heights = Array.from({ length: POINTS + 1 }, () => Math.round(top - between(dice, 0, 0.14, height)))
  const [first = top, ...rest] = heights
  const step = width / POINTS
  const curves = rest.map((y, at) => `S${Math.round((at + 0.6) * step)} ${y} ${Math.round((at + 1) * step)} ${y}`)
  return `M0 ${height}V${first}${curves.join('')}V${height}Z`
}

function between(dice: Dice, from: number, to: number, of: number): number {
  return Math.round((from + ((to - from) * dice.below(1_001)) / 1_000) * of)
}

const escapes: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
])

/** What XML 1.0 cannot carry at all, even escaped: control characters and halves of pairs (production 2, Char). */
const UNWRITABLE = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu

function escapeXml(text: string): string {
  return text.replaceAll(UNWRITABLE, '\uFFFD').replaceAll(/[&<>]/g, (sign) => escapes.get(sign) ?? '')
}
