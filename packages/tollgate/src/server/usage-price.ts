/** What an answer says was used, and what that costs. */
import { createEventLines } from './event-lines.ts'
import type { Row } from './gate-options.ts'
import type { UsageRule } from './step-options.ts'
import { costOf, namesOf, readFigures, toFigures, unknown, type Figure, type FiguresSaid, type UsageSaid } from './usage-figures.ts'

/** Nobody sends an event this long to say what was used. */
const EVENT_LINE_BYTES_MAX = 262_144

export interface StreamUsage {
  push(chunk: Uint8Array): void
  /** What was used. `isWhole`: the stream came to its own end, so that nothing more is pushed. */
  used(isWhole: boolean): UsageSaid
}

/** Unknown when the answer names none of the figures, or one that is no count. */
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
 * The same for a stream of events, where the last figure of each name counts. Where the stream broke off, or said no figure, each event after the last
 * figures costs `perEvent`; without such a price it is only known if all figures are.
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
    // Too long to be searched: it may have had the figures.
    if (data === undefined) isUnread = true
    // Only the events that can have a figure are worth parsing.
    else if (names.some((name) => data.includes(name)) && readFigures(figures, parsed(data), said)) {
      eventsSince = 0
      isUnread = false
    }
  })

  /** With a price for each event that came after the last figures. */
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
      // No stream of events has none.
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
