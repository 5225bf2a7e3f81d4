/** What entries are read by (`read`): patterns that say something, that fit what the entry says itself, and that no other entry claims too. */
import type { Entry } from '../declare/contract.ts'
import { recognisedBy } from '../read/recognition.ts'
import { parsePattern } from '../read/pattern.ts'
import { sentencesOf } from '../read/read-back.ts'
import type { ContractProblem } from './contract-error.ts'

type Report = (problem: ContractProblem) => void

/** `decodeOnly`: the entries say nothing by themselves. */
export function checkRecognition(entries: readonly Entry[], decodeOnly: boolean, report: Report): void {
  for (const entry of entries) {
    checkWords(entry, report)
    if (!decodeOnly) checkOwnWords(entry, report)
  }
  for (const [index, entry] of entries.entries()) checkRivals(entry, entries.slice(0, index), report)
  for (const entry of entries) checkOwned(entry, entries, report)
}

/** A sentence of stars would be any sentence, and then any success. */
function checkWords(entry: Entry, report: Report): void {
  for (const pattern of recognisedBy(entry).message) {
    if (!/[\p{L}\p{N}]/u.test(pattern)) report({ path: pathOf(entry, 'message'), value: pattern, problem: 'fits any sentence', mend: 'name words of it: "Max rate limit*"' })
  }
}

/** What is sent must be read; also what is said where a promised figure is missing. */
function checkOwnWords(entry: Entry, report: Report): void {
  const patterns = recognisedBy(entry).message.map(parsePattern)
  const unread = patterns.length === 0 ? undefined : sentencesOf(entry).find((sentence) => !patterns.some((pattern) => pattern.fits(sentence)))
  if (unread === undefined) return
  const [value] = recognisedBy(entry).message
  report({ path: pathOf(entry, 'message'), value, problem: `does not fit what the entry says itself: ${JSON.stringify(unread)}`, mend: 'let it fit each of its sentences (a list of patterns will do), and the description, where the last one has figures' })
}

/** Two entries with the same pattern, and nothing else to tell them apart. */
function checkRivals(entry: Entry, before: readonly Entry[], report: Report): void {
  for (const member of ['message', 'code', 'status'] as const) {
    for (const pattern of recognisedBy(entry)[member]) {
      const rival = before.find((other) => isAlike(entry, other) && recognisedBy(other)[member].some((each) => String(each) === String(pattern)) && (member === 'message' || isSameSentence(entry, other)))
      if (rival === undefined) continue
      report({ path: pathOf(entry, member), value: pattern, problem: `is claimed by "${rival.id}" too`, mend: 'let one of them have it' })
      return
    }
  }
}

/** By code and status, in whatever way, by family and attributes. */
function isAlike(one: Entry, other: Entry): boolean {
  const [a, b] = [recognisedBy(one), recognisedBy(other)]
  const hasSameCode = String(one.code) === String(other.code) || a.code.some((each) => b.code.map(String).includes(String(each)))
  const hasSameStatus = one.sentAs === other.sentAs || a.status.some((each) => b.status.includes(each))
  return hasSameCode && hasSameStatus && one.family === other.family && attributesOf(one) === attributesOf(other)
}

function isSameSentence(one: Entry, other: Entry): boolean {
  return JSON.stringify(recognisedBy(one).message.toSorted()) === JSON.stringify(recognisedBy(other).message.toSorted())
}

function attributesOf({ attributes = {} }: Entry): string {
  return JSON.stringify(Object.entries(attributes).toSorted())
}

/** A code that another entry sends is read as that one. */
function checkOwned(entry: Entry, entries: readonly Entry[], report: Report): void {
  for (const code of recognisedBy(entry).code) {
    const owner = entries.find((other) => other !== entry && String(other.code) === String(code) && String(code) !== String(entry.code))
    if (owner !== undefined) report({ path: pathOf(entry, 'code'), value: code, problem: `is the code of "${owner.id}", which is read before any pattern`, mend: 'leave it out' })
  }
}

function pathOf({ id, read }: Entry, member: 'message' | 'code' | 'status'): string {
  return typeof read === 'string' || Array.isArray(read) ? `entries.${id}.read` : `entries.${id}.read.${member}`
}
