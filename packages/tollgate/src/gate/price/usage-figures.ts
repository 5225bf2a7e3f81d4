/**
 * Figures that an answer says, and what they cost together. A figure may contain others that have prices of their own, and these again: what they leave of
 * it costs its own price, so that each unit is paid once. Integers only, rounded up once at the end.
 */
import { figureAt, parseFigurePath, type FigurePath } from './figure-path.ts'
import type { Row } from '../gate-options.ts'
import { amountOf } from './quantity.ts'
import type { Amount, UsageRule } from '../steps/step-options.ts'

export interface Figure {
  /** The first of its places, by which it is known. */
  readonly name: string
  readonly places: readonly FigurePath[]
  readonly amount: Amount
  readonly parts: readonly Figure[]
}

export type UsageSaid =
  | { readonly kind: 'known'; readonly units: number }
  /** `why` completes a sentence about the answer. */
  | { readonly kind: 'unknown'; readonly why: string }

/** The last figure of each name; an object where it is no count. */
export type FiguresSaid = Map<string, number | { readonly noCount: string }>

export const unknown = (why: string): UsageSaid => ({ kind: 'unknown', why })

/** Undefined where it is not known. */
export function unitsIn(said: UsageSaid): number | undefined {
  return said.kind === 'known' ? said.units : undefined
}

/** Throws on a path that is none. */
export function toFigures(amounts: UsageRule['amounts']): readonly Figure[] {
  return Object.entries(amounts).map(([name, price]) => {
    const { amount, also = [], parts = {} } = typeof price === 'object' && price.kind === 'figure' ? price : { amount: price }
    return { name, places: [name, ...also].map(toPath), amount, parts: toFigures(parts) }
  })
}

function toPath(text: string): FigurePath {
  const path = parseFigurePath(text)
  if (path === undefined) throw new TypeError(`${JSON.stringify(text)} is no path of a figure; write one such as usage.total_tokens`)
  return path
}

/** Of which one must stand in a text that says any of them. */
export function namesOf(figures: readonly Figure[]): readonly string[] {
  return figures.flatMap(({ places, parts }) => [...places.flatMap(writtenOf), ...namesOf(parts)])
}

/** How many items a list has, and which is the first, is written nowhere: only its bracket is. */
function writtenOf(path: FigurePath): readonly string[] {
  const name = path.at(-1)?.name ?? ''
  return name === 'length' || /^\d+$/.test(name) ? [JSON.stringify(name), '['] : [JSON.stringify(name)]
}

/** What is nested is not written out: it may be nested beyond all measure. */
function shown(value: unknown): string {
  return typeof value === 'object' ? 'something nested' : JSON.stringify(value).slice(0, 40)
}

/** Whether there was any. A list at the top is read item by item, as if they had come one after another. */
export function readFigures(figures: readonly Figure[], answer: unknown, said: FiguresSaid): boolean {
  let isAny = false
  for (const item of Array.isArray(answer) ? [answer, ...answer] : [answer]) {
    for (const { name, places, parts } of figures) {
      const place = places.find((path) => figureAt(item, path) !== undefined)
      if (place !== undefined) {
        isAny = true
        const value = figureAt(item, place)
        said.set(name, Number.isSafeInteger(value) && Number(value) >= 0 ? Number(value) : { noCount: shown(value) })
      }
      isAny = readFigures(parts, item, said) || isAny
    }
  }
  return isAny
}

/** `⌈Σ amount × figure / per⌉`; beyond the safe integers it is cut there, which is above any hold. */
export function costOf(figures: readonly Figure[], per: number, row: Row | undefined, said: FiguresSaid): UsageSaid {
  const sum = sumOf(figures, row, said)
  if (typeof sum !== 'bigint') return sum
  const units = (sum + BigInt(per) - 1n) / BigInt(per)
  return { kind: 'known', units: Number(units > BigInt(Number.MAX_SAFE_INTEGER) ? BigInt(Number.MAX_SAFE_INTEGER) : units) }
}

function sumOf(figures: readonly Figure[], row: Row | undefined, said: FiguresSaid): bigint | UsageSaid {
  let sum = 0n
  for (const { name, amount, parts } of figures) {
    const whole = said.get(name) ?? 0
    if (typeof whole === 'object') return unknown(`says ${whole.noCount} for ${name}, which is no count`)
    const ofParts = sumOf(parts, row, said)
    if (typeof ofParts !== 'bigint') return ofParts
    const priced = parts.reduce((total, part) => total + BigInt(Number(said.get(part.name) ?? 0)), 0n)
    // Then one of them does not mean what its price supposes, and any sum would be a guess.
    if (priced > BigInt(whole)) return unknown(`says ${whole} for ${name} and ${priced} for its parts (${parts.map((part) => part.name).join(', ')})`)
    const price = amountOf(amount, { row })
    if (price.kind === 'refused') return unknown(`cannot be priced: ${String(price.cause ?? name)}`)
    sum += BigInt(price.units) * (BigInt(whole) - priced) + ofParts
  }
  return sum
}
