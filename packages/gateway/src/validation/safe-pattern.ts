/**
 * Patterns that users write run on RE2: time linear in the text, whatever the pattern. What RE2 cannot do (lookaround, backreferences) is
 * refused when the schema is loaded.
 */
import { RE2JS } from 're2js'

export interface SafePattern {
  test(text: string): boolean
  /** The pattern as written. The validator tells patterns apart by it. */
  toString(): string
}

/** Patterns are JavaScript's (ECMA-262), as JSON Schema asks. Throws an Error that says what cannot be used. */
export function compileSafePattern(pattern: string): SafePattern {
  let compiled: RE2JS
  try {
    compiled = RE2JS.compile(RE2JS.translateRegExp(withShortProperties(withUnicodeSpace(pattern))))
  } catch (error) {
    throw new Error(`the pattern ${pattern} cannot be used: ${reasonOf(pattern, error)}`, { cause: error })
  }
  return { test: (text) => compiled.test(text), toString: () => pattern }
}

function reasonOf(pattern: string, error: unknown): string {
  if (/\(\?(?:<?[=!])/.test(pattern)) return 'lookahead and lookbehind can take exponential time; write it without'
  if (/\\[1-9]|\\k</.test(pattern)) return 'backreferences can take exponential time; write it without'
  return error instanceof Error ? error.message.replace(/^error parsing regexp: /, '') : String(error)
}

/** `\s` of JavaScript, which RE2 takes for ASCII only, and everything else. */
const SPACE = String.raw`\t-\r \x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}\x{feff}`
const NOT_SPACE = String.raw`\x{0}-\x{8}\x{e}-\x{1f}!-\x{9f}\x{a1}-\x{167f}\x{1681}-\x{1fff}\x{200b}-\x{2027}\x{202a}-\x{202e}\x{2030}-\x{205e}\x{2060}-\x{2fff}\x{3001}-\x{fefe}\x{ff00}-\x{10ffff}`

function withUnicodeSpace(pattern: string): string {
  let inClass = false
  return pattern.replaceAll(/\\[\s\S]|[[\]]/g, (token) => {
    if (token === '[' || token === ']') {
      inClass = token === '['
      return token
    }
    if (token !== String.raw`\s` && token !== String.raw`\S`) return token
    const ranges = token === String.raw`\s` ? SPACE : NOT_SPACE
    return inClass ? ranges : `[${ranges}]`
  })
}

/** The long names of Unicode's categories and scripts, of which RE2 knows the short ones. */
function withShortProperties(pattern: string): string {
  return pattern.replaceAll(/\\\\|\\([pP])\{(?:(?:General_Category|gc|Script|sc)=)?(\w+)\}/g, (token, sign: string | undefined, name: string) =>
    sign === undefined ? token : `\\${sign}{${Object.hasOwn(categories, name) ? categories[name] : name}}`,
  )
}

const categories: { readonly [name: string]: string } = {
  Letter: 'L',
  Cased_Letter: 'LC',
  Uppercase_Letter: 'Lu',
  Lowercase_Letter: 'Ll',
  Titlecase_Letter: 'Lt',
  Modifier_Letter: 'Lm',
  Other_Letter: 'Lo',
  Mark: 'M',
  Nonspacing_Mark: 'Mn',
  Spacing_Mark: 'Mc',
  Enclosing_Mark: 'Me',
  Number: 'N',
  Decimal_Number: 'Nd',
  digit: 'Nd',
  Letter_Number: 'Nl',
  Other_Number: 'No',
  Punctuation: 'P',
  punct: 'P',
  Symbol: 'S',
  Math_Symbol: 'Sm',
  Currency_Symbol: 'Sc',
  Separator: 'Z',
  Space_Separator: 'Zs',
  Control: 'Cc',
}
