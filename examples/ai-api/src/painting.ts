/** The image generator: a sky, a sun or moon, and hills behind hills. The prompt decides where they stand; words such as sunset or sea decide the colours. */
import type { Colour, Picture } from './png.ts'
import { createRandom } from './random.ts'
import { wordsOf } from './words.ts'

export interface Scene {
  readonly model: string
  readonly prompt: string
  readonly width: number
  readonly height: number
  /** More hills, with finer edges. */
  readonly fine: boolean
  readonly style: 'natural' | 'vivid'
}

/** Degrees of hue from the top of the sky to the horizon and of the hills; how light the sky is, 0 to 1. */
interface Mood {
  readonly words: readonly string[]
  readonly sky: readonly [top: number, horizon: number]
  readonly hills: number
  readonly light: number
}

const moods: readonly Mood[] = [
  { words: ['sunset', 'sunrise', 'evening', 'dusk', 'dawn', 'fire', 'warm', 'autumn'], sky: [275, 385], hills: 285, light: 0.62 },
  { words: ['night', 'moon', 'stars', 'dark', 'midnight', 'space'], sky: [240, 220], hills: 235, light: 0.22 },
  { words: ['sea', 'ocean', 'lake', 'river', 'water', 'boat', 'ship', 'lighthouse'], sky: [205, 190], hills: 212, light: 0.75 },
  { words: ['forest', 'tree', 'trees', 'garden', 'meadow', 'spring', 'green'], sky: [195, 160], hills: 135, light: 0.74 },
  { words: ['desert', 'sand', 'dune', 'dunes', 'summer'], sky: [205, 405], hills: 28, light: 0.78 },
  { words: ['snow', 'winter', 'ice', 'mountain', 'mountains', 'fog'], sky: [215, 205], hills: 215, light: 0.85 },
]

const SKY_SHADES = 96

export function paint({ model, prompt, width, height, fine, style }: Scene): Picture {
  const random = createRandom(model, prompt)
  const mood = moodOf(prompt, random)
  const layers = fine ? 8 : 5
  const saturation = style === 'vivid' ? 0.85 : 0.45
  const pixels = Buffer.alloc(width * height)
  const horizon = height * (0.5 + random() * 0.15)
  for (let y = 0; y < height; y++) pixels.fill(Math.min(SKY_SHADES - 1, Math.floor((y / horizon) * SKY_SHADES)), y * width, (y + 1) * width)
  const disc = SKY_SHADES
  fillDisc(pixels, width, height, { x: width * (0.2 + random() * 0.6), y: horizon * (0.35 + random() * 0.4), radius: Math.min(width, height) * (0.05 + random() * 0.05), index: disc })
  for (let layer = 0; layer < layers; layer++) {
    const ridge = createRidge(random, fine ? 5 : 3)
    const top = horizon + ((height - horizon) * layer) / layers
    fillBelow(pixels, width, height, (x) => top + ridge(x / height) * height * 0.09, disc + 1 + layer)
  }
  return { width, height, pixels, palette: paletteOf(mood, saturation, layers) }
}

/** The first mood that the prompt names, otherwise any. */
function moodOf(prompt: string, random: () => number): Mood {
  const words = new Set(wordsOf(prompt))
  const named = moods.find((mood) => mood.words.some((word) => words.has(word)))
  const hue = random() * 360
  return named ?? { words: [], sky: [hue, hue + 60], hills: hue + 20, light: 0.65 }
}

function paletteOf({ sky: [top, low], hills, light }: Mood, saturation: number, layers: number): readonly Colour[] {
  const steps = Array.from({ length: SKY_SHADES }, (_, n) => n / (SKY_SHADES - 1))
  const skyColours = steps.map((down) => toColour(top + (low - top) * down, saturation, light * (0.75 + 0.35 * down)))
  const hillColours = Array.from({ length: layers }, (_, n) => toColour(hills, saturation * 0.7, light * (0.72 - (0.6 * n) / layers)))
  return [...skyColours, toColour(low + 20, saturation * 0.6, 0.93), ...hillColours]
}

interface Disc {
  readonly x: number
  readonly y: number
  readonly radius: number
  readonly index: number
}

function fillDisc(pixels: Buffer, width: number, height: number, { x, y, radius, index }: Disc): void {
  for (let row = Math.max(0, Math.ceil(y - radius)); row <= Math.min(height - 1, y + radius); row++) {
    const half = Math.sqrt(radius ** 2 - (row - y) ** 2)
    pixels.fill(index, row * width + Math.max(0, Math.round(x - half)), row * width + Math.min(width, Math.round(x + half)))
  }
}

/** Waves upon waves, each half as high and about twice as quick as the one before. */
function createRidge(random: () => number, waves: number): (x: number) => number {
  const parts = Array.from({ length: waves }, (_, n) => ({ height: 0.5 ** n, speed: (2 + random() * 2) * 2 ** n, shift: random() * 2 * Math.PI }))
  return (x) => parts.reduce((sum, { height, speed, shift }) => sum + height * Math.sin(x * speed + shift), 0)
}

function fillBelow(pixels: Buffer, width: number, height: number, edge: (x: number) => number, index: number): void {
  const edges = Array.from({ length: width }, (_, x) => edge(x))
  const highest = Math.max(0, Math.floor(Math.min(...edges)))
  for (let y = highest; y < height; y++) for (let x = 0; x < width; x++) if (y >= (edges[x] ?? 0)) pixels[y * width + x] = index
}

/** From hue in degrees, saturation and lightness (CSS Color 4, section 7.1). */
function toColour(hue: number, saturation: number, lightness: number): Colour {
  const channel = (n: number) => {
    const k = (n + hue / 30) % 12
    return Math.round(255 * (lightness - saturation * Math.min(lightness, 1 - lightness) * Math.max(-1, Math.min(k - 3, 9 - k, 1))))
  }
  return [channel(0), channel(8), channel(4)]
}
