/**
 * JSON as a text that each order of members gives, and each spelling of a text or a number; what differs in anything else has another. It is made from the text
 * and not from what it was parsed to, where 1e400 is Infinity and 9007199254740993 an even number: a service that keeps decimals reads them apart.
 *
 * `text`: JSON that a parser has taken. Its nesting is bounded by whoever parsed it.
 *
 * @example
 * canonicalJson('{ "b": 2.0, "a": "\\u00e9" }') // => '{"a":"é","b":2}'
 */
export function canonicalJson(text: string): string {
  let at = 0

  function next(): string {
    while (isSpace(text.charCodeAt(at))) at += 1
    return text[at] ?? ''
  }

  /** What stands between two brackets, item by item. */
  function items<T>(closing: string, read: () => T): T[] {
    const found: T[] = []
    at += 1
    while (next() !== closing) {
      if (text[at] === ',') at += 1
      else if (text[at] === undefined) throw new SyntaxError('the JSON breaks off')
      else found.push(read())
    }
    at += 1
    return found
  }

  function quoted(): string {
    const from = at
    for (at += 1; text[at] !== '"'; at += 1) if (text[at] === '\\') at += 1
    at += 1
    return text.slice(from, at)
  }

  function object(): string {
    const members = items('}', () => {
      const name = JSON.parse(quoted()) as string
      next()
      at += 1
      return { name, member: `${JSON.stringify(name)}:${value()}` }
    })
    return `{${members.toSorted((one, other) => (one.name < other.name ? -1 : 1)).map(({ member }) => member).join(',')}}`
  }

  function value(): string {
    const first = next()
    if (first === '{') return object()
    if (first === '[') return `[${items(']', value).join(',')}]`
    if (first === '"') return JSON.stringify(JSON.parse(quoted()))
    const from = at
    while (isOfWord(text.charCodeAt(at))) at += 1
    const word = text.slice(from, at)
    return first === '-' || isDigit(text.charCodeAt(from)) ? canonicalNumber(word) : word
  }

  return value()
}

/** As JSON writes it where that is the same decimal; otherwise as a whole number and its power of ten. */
function canonicalNumber(word: string): string {
  const exact = decimalOf(word)
  const usual = JSON.stringify(Number(word))
  return usual !== 'null' && decimalOf(usual) === exact ? usual : exact
}

/** More digits are no number that could be worked with: such a one is the same as its own text alone. */
const EXPONENT_DIGITS_MAX = 15

/** The same text for each spelling of a decimal: `-12e-3`. The sign of 0 stays: some languages keep it. */
function decimalOf(word: string): string {
  const [mantissa = '', exponent = '0'] = word.toLowerCase().split('e')
  const sign = mantissa.startsWith('-') ? '-' : ''
  const [whole = '', fraction = ''] = mantissa.slice(sign.length).split('.')
  const digits = `${whole}${fraction}`
  let from = 0
  while (digits[from] === '0') from += 1
  if (from === digits.length) return `${sign}0`
  let to = digits.length
  while (digits[to - 1] === '0') to -= 1
  if (exponent.length > EXPONENT_DIGITS_MAX) return word
  return `${sign}${digits.slice(from, to)}e${Number(exponent) - fraction.length + digits.length - to}`
}

const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39
const isSpace = (code: number): boolean => code === 0x20 || (code >= 0x09 && code <= 0x0d)
/** Of a number, `true`, `false` or `null`. */
const isOfWord = (code: number): boolean => isDigit(code) || (code >= 0x61 && code <= 0x7a) || code === 0x45 /* E */ || code === 0x2b /* + */ || code === 0x2d /* - */ || code === 0x2e /* . */
