/** What is asked of a value of any kind. */
import { isSameJson } from '../equality.ts'
import type { Keyword } from '../keyword.ts'
import { faultAt } from '../schema-node.ts'

const types: { readonly [name: string]: (value: unknown) => boolean } = {
  null: (value) => value === null,
  boolean: (value) => typeof value === 'boolean',
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  integer: (value) => Number.isInteger(value),
  array: Array.isArray,
  object: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
}

export const valueKeywords: { readonly [keyword: string]: Keyword } = {
  type(value, { node, fail }) {
    const names: readonly unknown[] = Array.isArray(value) ? value : [value]
    const tests = names.map((name) => (typeof name === 'string' && Object.hasOwn(types, name) ? types[name] : undefined))
    const unknown = tests.indexOf(undefined)
    if (unknown !== -1 || tests.length === 0) return fail(`type must be one of ${Object.keys(types).join(', ')}, not ${JSON.stringify(names[unknown] ?? value)}`)
    node.types = names.map(String)
    const asked = node.allowsNull ? [...names, 'null'] : names
    return (tested, at, faults) => {
      if (!tests.some((test) => test?.(tested) === true)) faults.push(faultAt(at, 'type', asked))
    }
  },
  enum(value, { node, fail }) {
    if (!Array.isArray(value)) return fail('enum must be a list of values')
    const allowed = node.allowsNull && !value.includes(null) ? [...(value as readonly unknown[]), null] : (value as readonly unknown[])
    node.allowed = allowed
    return (tested, at, faults) => {
      if (!allowed.some((each) => isSameJson(each, tested))) faults.push(faultAt(at, 'enum', allowed))
    }
  },
  const(value, { node }) {
    node.allowed ??= [value]
    return (tested, at, faults) => {
      if (!isSameJson(value, tested)) faults.push(faultAt(at, 'const', value))
    }
  },
}
