/**
 * What the published JSON Schema can say of a text: as near to what `check` refuses as a pattern comes, and never nearer. Each lets through all that is right;
 * `published-schema.ts` lets placeholders through.
 */
import { BYTES_PER_UNIT, MS_PER_UNIT } from './units.ts'

export const digits = String.raw`^\d{1,16}$`
export const decimalNumber = String.raw`^\d{1,22}(?:\.\d{1,30})?$`
export const mountPath = String.raw`^/(?!(?:.*/)?\.{1,2}(?:/|$))(?:[A-Za-z0-9._~-]+(?:/[A-Za-z0-9._~-]+)*)?$`

const bits = { v4: '(?:3[0-2]|[12]?[0-9])', v6: '(?:12[0-8]|1[01][0-9]|[1-9]?[0-9])' } as const
const byte = '(?:25[0-5]|2[0-4][0-9]|1?[0-9]{1,2})'
const ipv4 = String.raw`${byte}(?:\.${byte}){3}`
const ipv6WithoutZone = '[0-9A-Fa-f]*:[0-9A-Fa-f:.]*'
const ipv6 = String.raw`${ipv6WithoutZone}(?:%\S+)?`
const hostName = '(?:[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?\\.)*[A-Za-z](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?'

export const network = `^(?:${ipv4}(?:/${bits.v4})?|${ipv6WithoutZone}(?:/${bits.v6})?)$`
export const host = `^(?:${ipv4}|${ipv6}|${hostName})$`
export const address = `^(?:${ipv4}|${ipv6}|localhost)$`
export const loopback = String.raw`^(?:localhost|127\.\S+|${ipv6})$`
/** Without user, query and fragment. */
export const serverUrl = String.raw`^\s*[hH][tT][tT][pP][sS]?:[/\\]*@?[^/?#@\s]+(?:/[^?#]*)?\??#?$`

/** Of engines: what stands behind the scheme is read by `engine-url.ts`. */
export const postgresUrl = String.raw`^\s*[pP][oO][sS][tT][gG][rR][eE][sS](?:[qQ][lL])?:`
export const valkeyUrl = String.raw`^\s*(?:[rR][eE][dD][iI][sS]|[vV][aA][lL][kK][eE][yY])[sS]?:`

/** Of an identity provider's keys: an address that nobody in between can change, or a file. */
export const keysRef = String.raw`^(?:[hH][tT][tT][pP][sS]://[^/?#@\s]+(?:[/?#].*)?|[hH][tT][tT][pP]://(?:localhost|127\.[0-9.]+|\[::1\])(?:[:/?#].*)?|(?![A-Za-z][A-Za-z0-9+.-]*://).+)$`

const methods = '(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)'
const parameter = '[A-Za-z_][A-Za-z0-9_]*'
const segment = String.raw`/(?!\.{1,2}(?:/|\s*$))(?:\{${parameter}(?::encoded)?\}|[^/{}*?#%\\;\s]+)`
const namedTwice = String.raw`.*\{(${parameter})(?::encoded|\.\.\.)?\}.*\{\1(?::encoded|\.\.\.)?\}`
export const routeOn = String.raw`^(?!${namedTwice})\s*(?:\*|${methods}(?:\s*[,|]\s*${methods})*)\s+(?=/)(?:${segment})*(?:/(?:\{${parameter}\.\.\.\})?)?\s*$`

const label = "[a-z0-9_~!$&'()+,;=-]+"
const webHost = String.raw`(?:\[[0-9a-f:.]+\]|${label}(?:\.${label})*\.?)(?::[0-9]{1,5})?`
const wildHost = String.raw`\*\.(?:localhost|${label}(?:\.${label})+)(?::[0-9]{1,5})?`
export const origin = String.raw`^(?!https://[^/]*:443$|http://[^/]*:80$)(?:\*|https?://(?:${wildHost}|${webHost})|(?!https?:|file:)[a-z][a-z0-9+.-]*://(?:\*\.)?[^/?#@\s*]+)$`

/** `leastMs` as each unit says it: a minute is `60000ms`, `60s`, `1m`. */
export const durationFrom = (leastMs: number): string => quantityFrom(leastMs, MS_PER_UNIT)
export const sizeFrom = (leastBytes: number): string => quantityFrom(leastBytes, BYTES_PER_UNIT)

function quantityFrom(least: number, units: { readonly [unit: string]: number }): string {
  const forms = Object.entries(units).map(([unit, size]) => `${numberFrom(least / size)} ?${unit}`)
  return String.raw`^\s*(?:${forms.join('|')})\s*$`
}

/** Decimals from here on; below one, any but zero. */
function numberFrom(least: number): string {
  if (least <= 0) return String.raw`[0-9]{1,12}(?:\.[0-9]{1,6})?`
  if (least < 1) return String.raw`(?=[0-9.]*[1-9])[0-9]{1,12}(?:\.[0-9]{1,6})?`
  const figures = [...String(Math.floor(least))]
  const larger = figures.flatMap((figure, at) => (figure === '9' ? [] : [`${figures.slice(0, at).join('')}[${Number(figure) + 1}-9]${more(figures.length - at - 1)}`]))
  return String.raw`0*(?:${[figures.join(''), ...larger, `[1-9][0-9]{${figures.length},11}`].join('|')})(?:\.[0-9]{1,6})?`
}

function more(count: number): string {
  return count === 0 ? '' : `[0-9]{${count}}`
}

/** This word, in whatever case. */
export function anyCase(word: string): string {
  return `^${[...word].map((letter) => (/[a-z]/.test(letter) ? `[${letter}${letter.toUpperCase()}]` : letter)).join('')}$`
}
