/** What an answer says was used, and what that costs. */
import { createEventLines } from './event-lines.ts'
import type { Row } from './gate-options.ts'
import { fieldOf } from './json-body.ts'
import { amountOf } from './quantity.ts'
import type { UsageRule } from './step-options.ts'

/** Nobody sends an event this long to say what was used. */
const EVENT_LINE_BYTES_MAX = 262_144

export interface StreamUsage {
  push(chunk: Uint8Array): void
  /** What was used; undefined when that is not known. `isWhole`: the stream came to its own end, so that nothing more is pushed. */
  units(isWhole: boolean): number | undefined
}

/** The last figure of each name; undefined where it is no count. */
type FiguresSaid = Map<string, number | undefined>

/** Undefined when the answer names none of the figures, or one that is no count. */
export function usageUnits(rule: UsageRule, row: Row | undefined, answer: unknown): number | undefined {
  const figures: FiguresSaid = new Map()
  readFigures(rule, answer, figures)
  return figures.size === 0 ? undefined : costOf(rule, row, figures)
}

/**
 * The same for a stream of events, where the last figure of each name counts. Where the stream broke off, or said no figure, each event after the last
 * figures costs `perEvent`; without such a price it is only known if all figures are.
 */
export function createStreamUsage(rule: UsageRule, row: Row | undefined): StreamUsage {
  const { amounts, perEvent } = rule
  const figures: FiguresSaid = new Map()
  const names = Object.keys(amounts).map((field) => `"${field.slice(field.lastIndexOf('.') + 1)}"`)
  let events = 0
  let eventsSince = 0
  let isUnread = false
  const lines = createEventLines(EVENT_LINE_BYTES_MAX, (data) => {
    if (data === '[DONE]') return
    events += 1
    eventsSince += 1
    // Too long to be searched: it may have had the figures.
    if (data === undefined) isUnread = true
    // Only the events that can have a figure are worth parsing.
    else if (names.some((name) => data.includes(name)) && readFigures(rule, parsed(data), figures)) {
      eventsSince = 0
      isUnread = false
    }
  })
  return {
    push: (chunk) => lines.push(chunk),
    units(isWhole) {
      if (isWhole) lines.end()
      const said = costOf(rule, row, figures)
      const isFinal = isWhole && figures.size > 0 && !isUnread
      if (said === undefined || isFinal) return said
      if (perEvent === undefined) return !isWhole && figures.size === names.length ? said : undefined
      // No stream of events has none.
      if (isWhole && events === 0) return undefined
      const unsaid = costOf({ per: 1, amounts: { event: perEvent } }, row, new Map([['event', eventsSince]]))
      return unsaid === undefined ? undefined : Math.min(said + unsaid, Number.MAX_SAFE_INTEGER)
    },
  }
}

/** Whether there was any. */
function readFigures({ amounts }: UsageRule, answer: unknown, figures: FiguresSaid): boolean {
  let isAny = false
  for (const field of Object.keys(amounts)) {
    const figure = fieldOf(answer, field) ?? undefined
    if (figure === undefined) continue
    isAny = true
    figures.set(field, Number.isSafeInteger(figure) && Number(figure) >= 0 ? Number(figure) : undefined)
  }
  return isAny
}

/** `⌈Σ amount × figure / per⌉` without rounding on the way; beyond the safe integers it is cut there, which is above any hold. */
function costOf({ per, amounts }: UsageRule, row: Row | undefined, figures: FiguresSaid): number | undefined {
  let sum = 0n
  for (const [field, figure] of figures) {
    const amount = amountOf(amounts[field] ?? 0, { row })
    if (figure === undefined || 'refusal' in amount) return undefined
    sum += BigInt(amount.units) * BigInt(figure)
  }
  const units = (sum + BigInt(per) - 1n) / BigInt(per)
  return Number(units > BigInt(Number.MAX_SAFE_INTEGER) ? BigInt(Number.MAX_SAFE_INTEGER) : units)
}

export function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
