/** One entry as pages and checks want it. */
import { entryAddress, refuse, serverReasons, type AnswerContext, type Contract, type Entry } from 'tollgate/contract'
import type { DescribedCause, DescribedEntry } from './described-contract.ts'
import { describeFacts } from './describe-facts.ts'
import { describeHeaders, exampleLimits } from './describe-headers.ts'
import { describeRetry } from './describe-retry.ts'
import { codePageAddress } from './doc-address.ts'
import type { PlacedSlot } from './envelope-places.ts'
import { exampleFacts } from './example-facts.ts'
import { relatedEntries } from './related-entries.ts'
import { actionWords, actorOf } from './words/action-words.ts'
import { reasonWords } from './words/reason-words.ts'

/** `places`: of the envelope that it is written in. `context`: of its example. */
export function describeEntry(contract: Contract, entry: Entry, places: readonly PlacedSlot[], context: AnswerContext): DescribedEntry {
  const { id, code, status, sentAs, reason, description, remedy, action } = entry
  const facts = exampleFacts(entry, context.nowMs)
  const refusal = refuse(reason, facts, { entry: id })
  const inExample = { ...context, limits: exampleLimits(contract, entry, facts) }
  const answer = contract.answer(refusal, inExample)
  const told = describeFacts(entry, contract.detailsOf(id), places, contract.render(refusal, inExample).details)
  const headers = describeHeaders(contract, entry, answer.headers)
  const { title, words, steps } = actionWords[action]
  return {
    id,
    code,
    status,
    sentAs,
    reason,
    when: whenOf(entry),
    title: titleOf(id),
    meaning: firstSentence(description),
    description,
    remedy,
    causes: causesOf(contract, entry),
    messages: messagesOf(contract, entry),
    retry: describeRetry(entry, told, headers),
    actor: actorOf(reason, action),
    action: { id: action, title, words },
    steps: [remedy ?? steps[0] ?? words, ...steps.slice(1)],
    facts: told,
    headers,
    example: { facts, answer },
    streamFrame: contract.streamFrame(refusal, inExample),
    webSocketEnd: contract.webSocketEnd(refusal, inExample),
    related: relatedEntries(contract, entry),
    address: entryAddress(id),
    codeAddress: code === '' ? undefined : codePageAddress(code),
  }
}

/** `dailyQuotaExceeded`, `daily_quota` → `Daily quota exceeded`. */
export function titleOf(id: string): string {
  const words = id.replaceAll(/[_-]+/g, ' ').replaceAll(/([a-z\d])([A-Z])/g, (_, before: string, after: string) => `${before} ${after.toLowerCase()}`).trim()
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`
}

/** A full stop ends it where a capital, or nothing, follows. */
function firstSentence(text: string): string {
  return /^.+?[.!?](?=\s+[\p{Lu}\p{N}`]|\s*$)/su.exec(text)?.[0] ?? text
}

function whenOf({ when = {} }: Entry): readonly string[] {
  return Object.entries(when).map(([fact, wanted]) => `${fact} is ${[wanted].flat().map((value) => JSON.stringify(value)).join(' or ')}`)
}

/** Reasons of keys that no caller can send say nothing. */
function causesOf(contract: Contract, entry: Entry): readonly DescribedCause[] {
  const takesKeys = contract.declaration.idempotencyKey !== undefined
  const others = serverReasons.filter((reason) => reason !== entry.reason && (takesKeys || !reason.startsWith('idempotency.')) && contract.entryFor(reason, {}).id === entry.id)
  return [entry.reason, ...others].map((reason) => ({ reason, title: reasonWords[reason].title, words: reasonWords[reason].cause }))
}

function messagesOf({ languages }: Contract, { message }: Entry): DescribedEntry['messages'] {
  const list = (sentences: string | readonly string[]): readonly string[] => (typeof sentences === 'string' ? [sentences] : sentences)
  if (typeof message === 'string' || Array.isArray(message)) return { [languages[0] ?? '']: list(message) }
  return Object.fromEntries(Object.entries(message).map(([language, sentences]) => [language, list(sentences)]))
}

