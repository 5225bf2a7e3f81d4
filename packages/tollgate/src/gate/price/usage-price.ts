/** Reads from an answer what was used, and prices it. */
import { createEventLines } from './event-lines.ts'
import type { Row } from '../gate-options.ts'
import type { UsageRule } from '../steps/step-options.ts'
import { costOf, namesOf, readFigures, toFigures, unknown, type Figure, type FiguresSaid, type UsageSaid } from './usage-figures.ts'

/** Nobody sends an event this long to say what was used. */
const EVENT_LINE_BYTES_MAX = 262_144

export interface StreamUsage {
  push(chunk: Uint8Array): void
  /** The cost of what was used. `isWhole` says that the stream came to its own end and has no more to read. */
  used(isWhole: boolean): UsageSaid
}

/** Undefined when the answer names none of the figures, or names one that is no count. */
export function usageOf(rule: UsageRule, row: Row | undefined, answer: unknown): UsageSaid {
  const figures = toFigures(rule.amounts)
  const said: FiguresSaid = new Map()
  readFigures(figures, answer, said)
  return said.size === 0 ? unnamed(figures) : costOf(figures, rule.per, row, said)
}

function unnamed(figures: readonly Figure[]): UsageSaid {
  return unknown(`has no figure of ${figures.map(({ name }) => name).join(', ')}`)
}

/**
 * The same for a stream of events: the last figure of each name counts. Where the stream broke off or said no figure, each event after the last figures
 * costs `perEvent`. Without a price per event the cost is only known if all figures are.
 */
export function createStreamUsage(rule: UsageRule, row: Row | undefined): StreamUsage {
  const { per, perEvent } = rule
  const figures = toFigures(rule.amounts)
  const said: FiguresSaid = new Map()
  const names = namesOf(figures)
  let events = 0
  let eventsSince = 0
  let isUnread = false
  const lines = createEventLines(EVENT_LINE_BYTES_MAX, (data) => {
    if (data === '[DONE]') return
    events += 1
    eventsSince += 1
    // This event was too long to be searched. It may have had the figures.
    if (data === undefined) isUnread = true
    // Only an event that can hold a figure is parsed.
    else if (names.some((name) => data.includes(name)) && readFigures(figures, parsed(data), said)) {
      eventsSince = 0
      isUnread = false
    }
  })

  /** Adds the price of each event that came after the last figures. */
  function withEvents(units: number, price: NonNullable<UsageRule['perEvent']>): UsageSaid {
    const unsaid = costOf([{ name: 'event', places: [], amount: price, parts: [] }], 1, row, new Map([['event', eventsSince]]))
    return unsaid.kind === 'unknown' ? unsaid : { kind: 'known', units: Math.min(units + unsaid.units, Number.MAX_SAFE_INTEGER) }
  }

  return {
    push: (chunk) => lines.push(chunk),
    used(isWhole) {
      if (isWhole) lines.end()
      const cost = costOf(figures, per, row, said)
      if (cost.kind === 'unknown' || (isWhole && said.size > 0 && !isUnread)) return cost
      if (perEvent === undefined) return !isWhole && figures.every(({ name }) => said.has(name)) ? cost : unnamed(figures)
      // A stream without any event is no stream of events.
      if (isWhole && events === 0) return unknown('has no event')
      return withEvents(cost.units, perEvent)
    },
  }
}

export function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
