/** What an answer must say to be read as an entry: `read` of the entry, beside its own code and status. */
import type { Entry } from '../declare/contract.ts'
import type { EntryDeclaration, ReadDeclaration, StatusRange } from '../declare/declaration.ts'
import { parsePattern, type Pattern } from './pattern.ts'

export interface Recognition {
  /** How well a code fits: Infinity is the entry's own, 0 none; between them a pattern, the better the more it names. */
  fitOfCode(code: string | number): number
  /** 3: the one that it is sent with. 2: the one that it means. 1: one of `read`. 0: none of these. */
  fitOfStatus(status: number): number
  /** Above 0 a sentence of `read`, the better the more it names. 0: it asks for none. Below 0: it asks for another. */
  fitOfSentence(message: string | undefined): number
  /** Whether `read` takes other codes than its own. */
  readonly hasCodes: boolean
  /** Whether `read` says under which statuses: then a code that is not its own is read under no other. */
  readonly hasStatus: boolean
}

export function recognitionOf(entry: Entry): Recognition {
  const { message, code, status } = recognisedBy(entry)
  const [codes, sentences] = [code.map((each) => parsePattern(String(each))), message.map(parsePattern)]
  const own = String(entry.code)
  return {
    fitOfCode: (said) => (String(said) === own ? Infinity : Math.max(0, ...weightsOf(codes, String(said)).map((weight) => Math.min(weight + A_LITTLE, Number.MAX_VALUE)))),
    fitOfStatus: (said) => (said === entry.sentAs ? 3 : said === entry.status ? 2 : status.some((each) => isWithin(said, each)) ? 1 : 0),
    fitOfSentence: (said) => (sentences.length === 0 ? 0 : Math.max(-1, ...weightsOf(sentences, said ?? ''))),
    hasCodes: code.length > 0,
    hasStatus: status.length > 0,
  }
}

/** An entry that is known by its sentence is said with no other. */
export function sayingOf(entry: Pick<EntryDeclaration, 'read'>): (sentence: string) => boolean {
  const sentences = recognisedBy(entry).message.map(parsePattern)
  return (sentence) => sentences.length === 0 || sentences.some((pattern) => pattern.fits(sentence))
}

/** The codes that an entry may have on the wire beside its own: those that its `read` takes. Undefined: it has one alone. */
export function otherCodesOf(entry: Pick<EntryDeclaration, 'read'>): ((code: string | number) => boolean) | undefined {
  const codes = recognisedBy(entry).code.map((each) => parsePattern(String(each)))
  return codes.length === 0 ? undefined : (code) => String(code).length <= CODE_CHARS_MAX && codes.some((pattern) => pattern.fits(String(code)))
}

/** A longer one is no code that a service would want to be said again. */
const CODE_CHARS_MAX = 128

/** A star alone fits as well, though it names nothing. */
const A_LITTLE = 0.5

/** `read` in its long form: nothing but lists. A text is a sentence. */
export function recognisedBy({ read = {} }: Pick<EntryDeclaration, 'read'>): { readonly message: readonly string[]; readonly code: readonly (string | number)[]; readonly status: readonly (number | StatusRange)[] } {
  const { message = [], code = [], status = [] }: ReadDeclaration = typeof read === 'string' || isList(read) ? { message: read } : read
  return { message: [message].flat(), code: [code].flat(), status: [status].flat() }
}

function isList(read: NonNullable<EntryDeclaration['read']>): read is readonly string[] {
  return Array.isArray(read)
}

function weightsOf(patterns: readonly Pattern[], said: string): readonly number[] {
  return patterns.filter((pattern) => pattern.fits(said)).map(({ weight }) => weight)
}

/** `5xx`: 500 to 599. */
function isWithin(status: number, asked: number | StatusRange): boolean {
  return typeof asked === 'number' ? asked === status : Math.floor(status / 100) === Number(asked[0])
}
