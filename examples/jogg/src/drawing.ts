/** Draws a video: an animated SVG, the smallest format that moves. The portrait speaks for the whole length, with its subtitles below. */
import type { Cue } from './captions.ts'
import type { Portrait } from './portrait.ts'

export interface Scene {
  readonly portrait: Portrait
  readonly aspectRatio: 'portrait' | 'landscape' | 'square'
  /** 1 full screen, 2 split screen, 3 picture in picture. */
  readonly screenStyle: 1 | 2 | 3
  readonly lengthSeconds: number
  readonly cues: readonly Cue[]
}

/** Of a portrait's own square. */
const SIDE = 200

const sizes = { portrait: [360, 640], landscape: [640, 360], square: [480, 480] } as const

export function drawVideo({ portrait, aspectRatio, screenStyle, lengthSeconds, cues }: Scene): string {
  const [width, height] = sizes[aspectRatio]
  const { left, top, side } = placePortrait(screenStyle, width, height)
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}">`,
    `<rect width="${width}" height="${height}" fill="${portrait.background}"/>`,
    `<g transform="translate(${left} ${top}) scale(${side / SIDE})">${drawShapes(portrait)}${drawMouth(portrait, lengthSeconds)}</g>`,
    ...cues.map((cue) => drawCue(cue, width / 2, height - 24)),
    '</svg>',
  ].join('\n')
}

export function drawCover(portrait: Portrait): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SIDE} ${SIDE}">`,
    `<rect width="${SIDE}" height="${SIDE}" fill="${portrait.background}"/>${drawShapes(portrait)}${drawMouth(portrait, 0)}`,
    '</svg>',
  ].join('\n')
}

/** Full: as large as fits, standing on the lower edge. Split: in the left half, or the upper one of a tall picture. Else small in a corner. */
function placePortrait(screenStyle: Scene['screenStyle'], width: number, height: number): { readonly left: number; readonly top: number; readonly side: number } {
  const short = Math.min(width, height)
  if (screenStyle === 1) return { left: (width - short) / 2, top: height - short, side: short }
  if (screenStyle === 3) return { left: width - short / 3 - 16, top: 16, side: short / 3 }
  const half = Math.max(width, height) / 2
  return width < height ? { left: (width - half) / 2, top: 0, side: half } : { left: 0, top: height - half, side: half }
}

function drawShapes({ shapes }: Portrait): string {
  return shapes.map(({ d, fill }) => `<path d="${d}" fill="${fill}"/>`).join('')
}

function drawMouth({ mouth: { x, y, width } }: Portrait, speaksSeconds: number): string {
  const moves = speaksSeconds === 0 ? '' : `<animate attributeName="ry" values="1;6;2;5;1" dur="0.6s" repeatDur="${speaksSeconds}s"/>`
  return `<ellipse cx="${x}" cy="${y}" rx="${width / 2}" ry="2" fill="#7a2e2e">${moves}</ellipse>`
}

function drawCue({ startMs, endMs, text }: Cue, x: number, y: number): string {
  const shown = `<set attributeName="opacity" to="1" begin="${startMs}ms" dur="${Math.max(1, endMs - startMs)}ms"/>`
  return `<text x="${x}" y="${y}" text-anchor="middle" font-family="sans-serif" font-size="16" fill="#ffffff" stroke="#000000" stroke-width="3" paint-order="stroke" opacity="0">${escapeXml(text)}${shown}</text>`
}

const escapes: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&#39;'],
])

/** What XML 1.0 cannot carry at all, even escaped: control characters and halves of pairs (production 2, Char). */
const UNWRITABLE = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu

function escapeXml(text: string): string {
  return text.replaceAll(UNWRITABLE, '\uFFFD').replaceAll(/["&'<>]/g, (sign) => escapes.get(sign) ?? '')
}
