/**
 * Objects as programs print them, and JSON does not know them: `{'code': None}` of Python, `{ code: undefined, headers: Headers { … } }` of JavaScript's inspector. What
 * it cannot read of a value becomes null; the rest stays. Bounded, and total: any text gives a value or undefined.
 */
import type { JsonValue } from '../contract/declare/facts.ts'
import { memberOf } from '../contract/read/value-at.ts'

/** Of a text that somebody has pasted. */
const CHARS_MAX = 1_048_576
const DEPTH_MAX = 48

export interface LooseLiteral {
  readonly value: JsonValue
  /** Where it began and what comes after it. */
  readonly start: number
  readonly end: number
}

/** Of the objects in a text the last that looks like an answer, otherwise the last that has a member: arguments and source lines come first. Undefined where none closes. */
export function findLiteral(text: string): LooseLiteral | undefined {
  const bounded = text.slice(0, CHARS_MAX)
  const found: LooseLiteral[] = []
  // What was read is skipped, and so many openings are tried at most: no text takes more than a few passes.
  for (let start = nextOpening(bounded, 0), tries = 0; start >= 0 && tries < 64; tries++) {
    const literal = readLiteral(bounded, start)
    if (literal !== undefined && hasMembers(literal.value)) found.push(literal)
    start = nextOpening(bounded, literal?.end ?? start + 1)
  }
  return found.findLast(({ value }) => isTelling(value)) ?? found.at(-1)
}

/** What answers and their dumps have. */
const telling = ['error', 'errors', 'message', 'msg', 'code', 'detail', 'status', 'statusCode', 'response', 'headers', '$metadata', 'Error', '__type', 'success', 'title']

/** Whether it looks like an answer. */
export function isTelling(value: JsonValue): boolean {
  return telling.some((name) => memberOf(value, name) !== undefined)
}

/** The object or list that begins at `start`. */
export function readLiteral(text: string, start: number): LooseLiteral | undefined {
  const reader = new Reader(text, start)
  const value = reader.value(0)
  return value === undefined || reader.isBroken ? undefined : { value, start, end: reader.at }
}

function nextOpening(text: string, from: number): number {
  const [object, list] = [text.indexOf('{', from), text.indexOf('[{', from)]
  return object < 0 ? list : list < 0 ? object : Math.min(object, list)
}

function hasMembers(value: JsonValue): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0
}

const words: { readonly [word: string]: JsonValue } = { true: true, True: true, false: false, False: false, null: null, None: null, undefined: null, NaN: null, nil: null }

class Reader {
  readonly #text: string
  at: number
  isBroken = false

  constructor(text: string, at: number) {
    this.#text = text
    this.at = at
  }

  value(depth: number): JsonValue | undefined {
    this.#space()
    const first = this.#text[this.at]
    if (depth > DEPTH_MAX) return this.#broken()
    if (first === '{') return this.#object(depth)
    if (first === '[' || first === '(') return this.#list(depth, first === '[' ? ']' : ')')
    if (first === '"' || first === "'" || first === '`') return this.#string(first)
    if (first === '<') return this.#skipped('>')
    return this.#word(depth)
  }

  #object(depth: number): JsonValue | undefined {
    const members: [string, JsonValue][] = []
    this.at += 1
    for (;;) {
      this.#space()
      if (this.#take('}')) return Object.fromEntries(members)
      if (this.at >= this.#text.length) return this.#broken()
      const key = this.#key()
      if (key === undefined) return this.#broken()
      this.#space()
      const isMember = this.#take(':') || this.#take('=>') || this.#take('=')
      const value = isMember ? this.value(depth + 1) : null
      if (value === undefined) return this.#broken()
      if (isMember && key !== '__proto__') members.push([key, value])
      this.#space()
      if (!this.#take(',') && this.#text[this.at] !== '}') return this.#broken()
    }
  }

  #list(depth: number, end: string): JsonValue | undefined {
    const items: JsonValue[] = []
    this.at += 1
    for (;;) {
      this.#space()
      if (this.#take(end)) return items
      if (this.at >= this.#text.length) return this.#broken()
      const item = this.value(depth + 1)
      if (item === undefined) return this.#broken()
      items.push(item)
      this.#space()
      // `[Object]`, `[Circular *1]`, `... 3 more items`: what the inspector leaves out.
      if (!this.#take(',') && this.#text[this.at] !== end) return this.#skipped(end)
    }
  }

  #key(): string | undefined {
    const first = this.#text[this.at]
    if (first === '"' || first === "'") return this.#string(first)
    // `[Symbol(kState)]: …`
    if (first === '[') {
      this.#skipped(']')
      return '[]'
    }
    const [key] = this.#match(/[\w$.@-]+(?: ?\([^)]*\))?/y)
    return key
  }

  #string(quote: string): string | undefined {
    let text = ''
    for (this.at += 1; this.at < this.#text.length; this.at++) {
      const character = this.#text[this.at] ?? ''
      if (character === quote) {
        this.at += 1
        return this.#joined(text)
      }
      text += character === '\\' ? this.#escape() : character
    }
    return this.#broken()
  }

  /** Long texts are printed in parts: `'one' +\n 'two'`. */
  #joined(text: string): string | undefined {
    const before = this.at
    this.#space()
    if (this.#take('+')) {
      this.#space()
      const quote = this.#text[this.at]
      if (quote === "'" || quote === '"') {
        const rest = this.#string(quote)
        return rest === undefined ? undefined : text + rest
      }
    }
    this.at = before
    return text
  }

  #escape(): string {
    this.at += 1
    const [, hex] = this.#peek(/(?:x([\da-fA-F]{2}))/y) ?? this.#peek(/u([\da-fA-F]{4})/y) ?? []
    if (hex !== undefined) {
      this.at += hex.length
      return String.fromCharCode(Number.parseInt(hex, 16))
    }
    const escaped = this.#text[this.at] ?? ''
    const controls: { readonly [letter: string]: string } = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' }
    return Object.hasOwn(controls, escaped) ? (controls[escaped] ?? '') : escaped
  }

  #word(depth: number): JsonValue | undefined {
    const [number] = this.#match(/-?\d+(?:_\d+)*(?:\.\d+)?(?:[eE][+-]?\d+)?(?=[\s,})\]n]|$)/y)
    if (number !== undefined) {
      this.#take('n')
      return Number(number.replaceAll('_', ''))
    }
    const [word] = this.#match(/[A-Za-z_$][\w$.]*(?:\(\d+\))?/y)
    if (word === undefined) return this.#bare()
    const next = this.#text[this.at]
    // `b'…'` and `u'…'`, `Headers { … }`, `Decimal('1')`, `HTTPHeaderDict({…})`.
    if ((next === "'" || next === '"') && word.length <= 2) return this.#string(next)
    if (next === '(') return this.#called(depth)
    // `Object [AxiosHeaders] {`, `Map(2) {`.
    this.#match(/\s*\[[\w: ]+\](?=\s*\{)/y)
    this.#space()
    if (this.#text[this.at] === '{') return this.#object(depth)
    return Object.hasOwn(words, word) ? words[word] : this.#bare(word)
  }

  #called(depth: number): JsonValue | undefined {
    const found = this.#list(depth, ')')
    return Array.isArray(found) ? (found[0] ?? null) : found
  }

  /** Anything else, up to what could end it: a date, a function, several words. */
  #bare(begun = ''): JsonValue {
    const [rest = ''] = this.#match(/[^,{}[\]()'"\n]*/y)
    const text = `${begun}${rest}`.trim()
    return text === '' ? null : text
  }

  #skipped(end: string): JsonValue | undefined {
    const found = this.#text.indexOf(end, this.at)
    if (found < 0) return this.#broken()
    this.at = found + 1
    return null
  }

  #broken(): undefined {
    this.isBroken = true
    return undefined
  }

  #space(): void {
    this.#match(/\s+/y)
  }

  #take(text: string): boolean {
    if (!this.#text.startsWith(text, this.at)) return false
    this.at += text.length
    return true
  }

  #match(pattern: RegExp): readonly (string | undefined)[] {
    const found = this.#peek(pattern)
    if (found !== undefined) this.at += found[0]?.length ?? 0
    return found ?? []
  }

  #peek(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.at
    return pattern.exec(this.#text) ?? undefined
  }
}
