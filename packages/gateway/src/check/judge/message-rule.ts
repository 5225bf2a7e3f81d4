/** The sentence of a refusal: one that its entry may say, and figures that agree with the details beside it. */
import { sentencesIn, type Entry, type JsonValue } from 'tollgate/contract'
import { faultOf, shown, type AnswerFault } from './answer-fault.ts'
import { alikeOnWire } from '../acceptable.ts'
import type { RefusalRule } from './judge-context.ts'

/** Marks of a value that was not there, and of a placeholder that nothing filled. */
const UNFILLED = /\bundefined\b|\bNaN\b|\bNone\b|\[object |\{\w+(?::money)?\}/

export const message: RefusalRule = ({ read, entry }, { contract }) => {
  if (contract.loss.members.includes('message') && read.message === '') return []
  const [mark] = UNFILLED.exec(read.message) ?? []
  if (mark !== undefined) return [faultOf('message', 'message', `it says ${shown(mark)}: ${shown(read.message)}`)]
  // Where the wire cannot tell entries apart, each of them may have said it.
  const readings = alikeOnWire(contract, entry).flatMap(sentencesOf).flatMap((sentence) => readSentence(sentence, read.message) ?? [])
  const faults = readings.map((figures) => [...figures].flatMap(([name, figure]) => figureFault(name, figure, read.details)))
  // A sentence with figures may be read in more than one way: one that agrees is enough.
  if (readings.length > 0) return faults.find((each) => each.length === 0) ?? faults[0] ?? []
  return [faultOf('message', 'message', `${shown(read.message)} is no sentence of ${entry.id}, which says ${shown(sentencesOf(entry)[0])}`)]
}

/** The most telling first; last what is said where a figure is missing. */
function sentencesOf(entry: Entry): readonly string[] {
  const written = sentencesIn(entry.message)
  const withoutFigures = written.map((sentence) => sentence.split(/(?<=[.!?])\s+/).filter((each) => !/\{[A-Za-z_]/.test(each)).join(' ')).filter((sentence) => sentence !== '')
  return [...written.toSorted((one, other) => other.length - one.length), ...withoutFigures, entry.description]
}

/** The figures that stand in a sentence; undefined where it is another one. */
function readSentence(sentence: string, said: string): ReadonlyMap<string, string> | undefined {
  const names: string[] = []
  const pattern = sentence
    .split(/(\{\{|\}\}|\{[A-Za-z_][\w-]*(?::money)?\})/)
    .map((part) => {
      const [, name] = /^\{([A-Za-z_][\w-]*)/.exec(part) ?? []
      if (name === undefined) return escaped(part === '{{' || part === '}}' ? part.slice(1) : part)
      names.push(name)
      return '([\\s\\S]+?)'
    })
    .join('')
    // A figure that is a sentence of its own brings its full stop.
    .replaceAll(String.raw`([\s\S]+?)\.`, String.raw`([\s\S]+?)\.?`)
  const found = new RegExp(`^${pattern}$`).exec(said)
  return found === null ? undefined : new Map(names.map((name, at) => [name, found[at + 1] ?? '']))
}

function figureFault(name: string, figure: string, details: { readonly [name: string]: JsonValue }): readonly AnswerFault[] {
  const value = Object.hasOwn(details, name) ? details[name] : undefined
  if (value === undefined || value === null || typeof value === 'object') return []
  const isSame = typeof value === 'number' ? Number(figure.replaceAll(',', '')) === value : String(value) === figure || `${figure}.` === value
  return isSame ? [] : [faultOf('message', name, `the message says ${shown(figure)} of "${name}", and the details say ${shown(value)}`)]
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
}
