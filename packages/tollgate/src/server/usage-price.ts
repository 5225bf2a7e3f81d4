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
  /** What was used so far; undefined when nothing of it is known. */
  units(): number | undefined
}

/** Undefined when the answer names none of the figures, or one that is no count. */
export function usageUnits(rule: UsageRule, row: Row | undefined, answer: unknown): number | undefined {
  const figures = new Map<string, number>()
  readFigures(rule, answer, figures)
  return costOf(rule, row, figures)
}

/** The same for a stream of events, where the last figure of each name counts; without any, what its events cost each. */
export function createStreamUsage(rule: UsageRule, row: Row | undefined): StreamUsage {
  const figures = new Map<string, number>()
  const names = Object.keys(rule.amounts).map((field) => `"${field.slice(field.lastIndexOf('.') + 1)}"`)
  let events = 0
  const lines = createEventLines(EVENT_LINE_BYTES_MAX, (data) => {
    if (data === '[DONE]') return
    events += 1
    // Only the events that can have a figure are worth parsing.
    if (names.some((name) => data.includes(name))) readFigures(rule, parsed(data), figures)
  })
  return {
    push: (chunk) => lines.push(chunk),
    units() {
      const units = costOf(rule, row, figures)
      if (units !== undefined || rule.perEvent === undefined) return units
      return costOf({ per: 1, amounts: { event: rule.perEvent } }, row, new Map([['event', events]]))
    },
  }
}

function readFigures({ amounts }: UsageRule, answer: unknown, figures: Map<string, number>): void {
  for (const field of Object.keys(amounts)) {
    const figure = fieldOf(answer, field)
    if (Number.isSafeInteger(figure) && Number(figure) >= 0) figures.set(field, Number(figure))
  }
}

/** `⌈Σ amount × figure / per⌉` without rounding on the way; beyond the safe integers it is cut there, which is above any hold. */
function costOf({ per, amounts }: UsageRule, row: Row | undefined, figures: ReadonlyMap<string, number>): number | undefined {
  if (figures.size === 0) return undefined
  let sum = 0n
  for (const [field, figure] of figures) {
    const amount = amountOf(amounts[field] ?? 0, { row })
    if ('refusal' in amount) return undefined
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
