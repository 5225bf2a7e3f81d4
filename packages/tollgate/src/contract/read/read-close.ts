/**
 * Which entry the close of a WebSocket says. The close code stands in for the status: what the reason names is looked for among the entries of this code first.
 * Where the reason names none, the close code says it, if it is that of one entry, or of a primary one.
 */
import { closeCodeOf, saysNothing, statusOfCloseCode } from '../declare/close-code.ts'
import type { Entry } from '../declare/contract.ts'
import { compact } from '../values/compact.ts'
import type { WebSocketDeclaration } from '../declare/declaration.ts'
import { closeReasonParts } from '../write/web-socket-end.ts'
import { readTemplate } from './read-template.ts'
import { toFoundSlots } from './reader.ts'
import { detailOf, type AnswerReading } from './reading.ts'
import { recognitionOf } from './recognition.ts'
import { createWireEntryChoice, type EntryEvidence, type WireEntryChoice } from './wire-entry-choice.ts'

const showsCode = (): boolean => true

export type FindCloseReading = (code: number, reason: string) => AnswerReading | undefined

export function createCloseReadingFinder(form: WebSocketDeclaration, entries: ReadonlyMap<string, Entry>): FindCloseReading {
  const parts = closeReasonParts(form)
  const groups = new Map<number, Entry[]>()
  for (const entry of entries.values()) {
    const code = closeCodeOf(entry, form)
    // It has one form for all families.
    groups.set(code, [...(groups.get(code) ?? []), compact({ ...entry, family: undefined })])
  }
  const choices = new Map([...groups].map(([code, group]) => [code, createWireEntryChoice(group, showsCode, recognitionOf)]))
  const chooseAmongAll = createWireEntryChoice([...groups.values()].flat(), showsCode, recognitionOf)

  function choose(closeCode: number, evidence: EntryEvidence): ReturnType<WireEntryChoice> {
    const chosen = choices.get(closeCode)?.(evidence)
    if (chosen !== undefined || evidence.code !== undefined) return chosen ?? chooseAmongAll(evidence)
    const group = groups.get(closeCode) ?? []
    const entry = group.length === 1 ? group[0] : group.find(({ primary }) => primary)
    return entry && { entry, isNamed: true }
  }

  return (closeCode, reason) => {
    if (saysNothing(closeCode)) return undefined
    const found = readTemplate({ kind: 'text', parts }, reason) ?? toFoundSlots({})
    const chosen = choose(closeCode, { code: found.code, status: found.status, family: undefined, message: found.message, value: (name) => found.attributes.get(name) ?? detailOf(found, name) })
    const entry = chosen && entries.get(chosen.entry.id)
    // A peer that goes away has refused nothing.
    if (entry === undefined && closeCode === 1001) return undefined
    const status = entry === undefined ? statusOfCloseCode(closeCode) : undefined
    return { found, answer: { status, headers: {}, event: undefined }, entry, isNamed: chosen?.isNamed === true, retryAfterSeconds: undefined, list: undefined }
  }
}
