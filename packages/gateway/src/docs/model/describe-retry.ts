/** Whether and when a refusal may be tried again, and on which clock. */
import type { Entry } from 'tollgate/contract'
import type { DescribedClock, DescribedFact, DescribedHeader, DescribedRetry } from './described-contract.ts'
import { retryWords } from './words/retry-words.ts'

/** Of the facts and headers of its example. */
export function describeRetry({ retry: rule, reason }: Entry, facts: readonly DescribedFact[], headers: readonly DescribedHeader[]): DescribedRetry {
  const { title, words } = retryWords[rule]
  const header = headers.find(({ name }) => name.toLowerCase() === 'retry-after')?.name
  const delays = [...(header === undefined ? [] : [header]), ...placesOf(facts, 'retryAfterMs')]
  const instants = placesOf(facts, reason === 'account.suspended' || reason === 'service.maintenance' ? 'untilMs' : 'resetAtMs')
  return { rule, title, words, clock: clockOf(rule, delays, instants) }
}

function placesOf(facts: readonly DescribedFact[], name: string): readonly string[] {
  return facts.flatMap((fact) => (fact.name === name && fact.place !== undefined ? [fact.place] : []))
}

function clockOf(rule: Entry['retry'], delays: readonly string[], instants: readonly string[]): DescribedClock | undefined {
  const toldBy = [...delays, ...instants]
  if (rule === 'refresh') return undefined
  if (rule === 'wait') return { kind: 'answer', toldBy, words: `${delaysWords(delays)} Your own clock need not be right.` }
  if (rule === 'backoff') {
    const notBefore = delays.length === 0 ? '' : ` Not before what ${say(delays)}: seconds from when the answer came.`
    return { kind: 'own', toldBy, words: `Your own clock: pauses that grow, each with a random part.${notBefore}` }
  }
  if (toldBy.length === 0) return undefined
  const instant = instants.length === 0 ? '' : ` ${say(instants)} the same as an instant in UTC.`
  return { kind: 'reset', toldBy, words: `No program waits for it. ${delays.length === 0 ? `${say(instants)}, as an instant in UTC, when it may be otherwise.` : `${say(delays)} in how many seconds it may be otherwise, counted from when the answer came.${instant}`}` }
}

function delaysWords(delays: readonly string[]): string {
  return delays.length === 0 ? 'The answer says when.' : `${say(delays)} how many seconds, counted from when the answer came.`
}

function say(places: readonly string[]): string {
  return `${places.map((place) => `\`${place}\``).join(' and ')} ${places.length === 1 ? 'says' : 'say'}`
}
