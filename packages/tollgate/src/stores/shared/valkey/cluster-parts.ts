/**
 * On a cluster a script call reaches one node: questions are split by whose they are. An account's are whole or not at all; a stage that also counts for an address or a
 * resource of all accounts cannot be, and is refused: such a meter stands in a stage of its own.
 *
 * A call that is extended or ends names no account, so this process remembers where it took slots for it. What it has forgotten comes free at its deadline. An owner's
 * heart beats wherever it has slots.
 */
import type { Reading } from '../../../engine/meters/meter.ts'
import { tagOf } from './counter-keys.ts'
import type { CounterAnswer } from './script-answers.ts'
import type { CounterQuestion } from './script-operations.ts'

/** A question, or its share for one account. */
interface Share {
  readonly question: CounterQuestion
  /** Puts its answer where it belongs. */
  readonly answered: (answer: CounterAnswer) => void
}

export interface ClusterParts {
  /** Asks each account's node its share, and gives the answers in the order of the questions. */
  ask(questions: readonly CounterQuestion[], askNode: (questions: readonly CounterQuestion[], tag: string) => Promise<readonly CounterAnswer[]>): Promise<readonly CounterAnswer[]>
}

interface Whereabouts {
  readonly tag: string
  readonly owner: string | undefined
}

/** Those that were never ended, the oldest, are forgotten beyond so many. */
const CALLS_MAX = 100_000

/** `latestMs`: the time of the node that has answered last. */
export function createClusterParts(latestMs: () => number): ClusterParts {
  const calls = new Map<string, Whereabouts>()
  const livesUntilMs = new Map<string, number>()

  function remember(callId: string, where: Whereabouts): void {
    calls.set(callId, where)
    if (calls.size <= CALLS_MAX) return
    const [oldest] = calls.keys()
    if (oldest !== undefined) calls.delete(oldest)
  }

  /** Puts the answer at the place. Where no node is to be asked it stands there already: a call without slots, a heart without any. */
  function share(question: CounterQuestion, answers: CounterAnswer[], place: number): readonly (readonly [tag: string, share: Share])[] {
    const answered = (answer: CounterAnswer): void => void (answers[place] = answer)
    const whole = { question, answered }
    switch (question.kind) {
      case 'beat': {
        const { owner, ttlMs } = question
        const heard = (): void => {
          answered({})
          livesUntilMs.set(owner, Math.max(latestMs() + ttlMs, livesUntilMs.get(owner) ?? 0))
        }
        // One node of its own, from which it knows the time; and wherever it has slots.
        const tags = new Set([`owner ${owner}`, ...[...calls.values()].flatMap((where) => (where.owner === owner ? [where.tag] : []))])
        return [...tags].map((tag) => [tag, { question, answered: heard }])
      }
      case 'lives':
        return []
      case 'extend':
      case 'free': {
        answered(question.kind === 'extend' ? { extended: false } : { freed: false })
        const where = calls.get(question.callId)
        if (question.kind === 'free') calls.delete(question.callId)
        return where === undefined ? [] : [[where.tag, whole]]
      }
      case 'peek': {
        const readings: Reading[] = []
        answered(readings)
        return byTag(question.takes, question.accountId).map(([tag, takes, at]) => [tag, { question: { ...question, takes }, answered: (own) => spread(own as readonly Reading[], at, readings) }])
      }
      case 'uncount': {
        const readings: Reading[] = []
        answered({ readings })
        return byTag(question.receipts, question.accountId).map(([tag, receipts, at]) => [tag, { question: { ...question, receipts }, answered: (own) => spread((own as { readonly readings: readonly Reading[] }).readings, at, readings) }])
      }
      case 'return':
        return [[oneTag(question.takes, question.accountId), whole]]
      case 'admit': {
        const { takes, call, owner } = question
        const tag = oneTag(takes, call?.accountId ?? question.accountId)
        if (call !== undefined) remember(call.id, { tag, owner })
        const untilMs = owner === undefined ? undefined : livesUntilMs.get(owner)
        // Where it has slots it must be known that it lives.
        return owner === undefined || untilMs === undefined ? [[tag, whole]] : [[tag, { question: { kind: 'lives', owner, untilMs }, answered: () => undefined }], [tag, whole]]
      }
    }
  }

  return {
    async ask(questions, askNode) {
      const answers: CounterAnswer[] = []
      const parts = new Map<string, Share[]>()
      for (const [place, question] of questions.entries()) {
        for (const [tag, each] of share(question, answers, place)) parts.set(tag, [...(parts.get(tag) ?? []), each])
      }
      await Promise.all(
        [...parts].map(async ([tag, shares]) => {
          const told = await askNode(shares.map(({ question }) => question), tag)
          for (const [at, { answered }] of shares.entries()) answered(told[at] ?? {})
        }),
      )
      return answers
    },
  }
}

function spread(own: readonly Reading[], places: readonly number[], readings: Reading[]): void {
  for (const [at, reading] of own.entries()) readings[places[at] ?? 0] = reading
}

/** What is read or given back need not be one. */
function byTag<T extends Named>(counted: readonly T[], accountId: string | undefined): readonly (readonly [tag: string, counted: readonly T[], places: readonly number[]])[] {
  const parts = new Map<string, { readonly counted: T[]; readonly places: number[] }>()
  for (const [place, each] of counted.entries()) {
    const tag = knownTag(each, accountId)
    const part = parts.get(tag) ?? { counted: [], places: [] }
    parts.set(tag, part)
    part.counted.push(each)
    part.places.push(place)
  }
  return [...parts].map(([tag, part]) => [tag, part.counted, part.places])
}

interface Named {
  readonly subject: string
  readonly name: string
}

function knownTag({ subject, name }: Named, accountId: string | undefined): string {
  const tag = tagOf(subject, accountId)
  if (tag === undefined) throw new TypeError(`meter ${name} of ${subject}: on a cluster the command must say whose key it is`)
  return tag
}

function oneTag(counted: readonly Named[], accountId: string | undefined): string {
  const [tag = 'nobody', ...others] = byTag(counted, accountId).map(([each]) => each)
  if (others.length > 0) throw new TypeError(`the meters of ${[tag, ...others].join(' and of ')} stand in one stage: on a cluster what is not of one account stands in a stage of its own`)
  return tag
}
