/** What a broken rule of a JSON Schema is called towards a person: `must be at most 5000 characters`. */
import type { Fault } from './fault.ts'

/** Of many allowed values the first ones are named. */
export const NAMED_MAX = 20

export function issueText({ keyword, asked }: Pick<Fault, 'keyword' | 'asked'>): string {
  const limit = Number(asked)
  switch (keyword) {
    case 'required':
      return 'is required'
    case 'dependentRequired':
      return `is required when ${String(asked)} is present`
    case 'additionalProperties':
    case 'unevaluatedProperties':
      return 'is not a known field'
    case 'propertyNames':
      return 'is not an allowed name'
    case 'type':
      return `must be ${typeNames([asked].flat().map(String))}`
    case 'enum':
      return `must be one of ${shown(asked)}`
    case 'const':
      return `must be ${shown([asked])}`
    case 'minLength':
      return limit === 1 ? 'must not be empty' : `must be at least ${count(limit, 'character')}`
    case 'maxLength':
      return `must be at most ${count(limit, 'character')}`
    case 'pattern':
      return asked === String.raw`\S` ? 'must not be blank' : `must match the pattern ${String(asked)}`
    case 'format':
      return `must be ${formatName(String(asked))}`
    case 'minimum':
      return `must be at least ${limit}`
    case 'maximum':
      return `must be at most ${limit}`
    case 'exclusiveMinimum':
      return `must be more than ${limit}`
    case 'exclusiveMaximum':
      return `must be less than ${limit}`
    case 'multipleOf':
      return `must be a multiple of ${limit}`
    case 'minItems':
      return limit === 1 ? 'must not be empty' : `must have at least ${count(limit, 'item')}`
    case 'maxItems':
      return `must have at most ${count(limit, 'item')}`
    case 'uniqueItems':
      return 'must not hold the same item twice'
    case 'minProperties':
      return limit === 1 ? 'must not be empty' : `must have at least ${count(limit, 'field')}`
    case 'maxProperties':
      return `must have at most ${count(limit, 'field')}`
    case 'contains':
      return 'lacks an item of the required kind'
    case 'minContains':
      return `must have at least ${count(limit, 'item')} of the required kind`
    case 'maxContains':
      return `must have at most ${count(limit, 'item')} of the required kind`
    case 'not':
    case 'false schema':
      return 'is not allowed'
    case 'anyOf':
      return 'has none of the allowed forms'
    case 'oneOf':
      return asked === undefined ? 'has none of the allowed forms' : `has ${limit} of the allowed forms at once, and may have one`
    default:
      return 'is not valid'
  }
}

/** `a string or null`, `an integer`. */
function typeNames(types: readonly string[]): string {
  const names = types.map((type) => (type === 'null' ? 'null' : /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`))
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`
}

function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? '' : 's'}`
}

/** The schema's own values, which are public; cut where there are many. */
function shown(values: unknown): string {
  const all = Array.isArray(values) ? (values as readonly unknown[]).map((value) => (typeof value === 'string' ? value : JSON.stringify(value))) : []
  return all.length <= NAMED_MAX ? all.join(', ') : `${all.slice(0, NAMED_MAX).join(', ')}, …`
}

function formatName(format: string): string {
  const names: { readonly [format: string]: string } = {
    email: 'an e-mail address',
    uri: 'a URI',
    url: 'a URL',
    uuid: 'a UUID',
    date: 'a date such as 2026-01-31',
    time: 'a time such as 12:30:00Z',
    'date-time': 'an instant such as 2026-01-31T12:30:00Z',
    ipv4: 'an IPv4 address',
    ipv6: 'an IPv6 address',
    hostname: 'a host name',
    'idn-hostname': 'a host name',
    'idn-email': 'an e-mail address',
    iri: 'an IRI',
    byte: 'in Base64',
    int32: 'an integer of 32 bits',
    int64: 'an integer of 64 bits',
    decimal: 'a decimal such as 12.50',
    'unix-time': 'a time in whole seconds since 1970',
  }
  return Object.hasOwn(names, format) ? (names[format] ?? format) : `in the format ${format}`
}
