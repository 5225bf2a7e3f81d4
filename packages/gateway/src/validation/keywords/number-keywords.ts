import { isMultiple } from '../decimal-multiple.ts'
import type { Keyword } from '../keyword.ts'
import { faultAt } from '../schema-node.ts'

type Holds = (value: number, bound: number) => boolean

function bounded(keyword: string, holds: Holds): Keyword {
  return (bound, { fail }) => {
    if (typeof bound !== 'number') return fail(`${keyword} must be a number`)
    return (value, at, faults) => {
      if (typeof value === 'number' && !holds(value, bound)) faults.push(faultAt(at, keyword, bound))
    }
  }
}

/** OpenAPI 3.0 has the bounds of draft-04, where `exclusiveMinimum: true` stands beside `minimum`. */
function inclusiveUnless(other: string, inclusive: Keyword, otherwise: Keyword): Keyword {
  return (bound, context) => (context.schema[other] === true ? otherwise : inclusive)(bound, context)
}

function exclusive(keyword: string, holds: Holds): Keyword {
  const check = bounded(keyword, holds)
  return (bound, context) => (typeof bound === 'boolean' && context.dialect === 'openapi-3.0' ? undefined : check(bound, context))
}

const isAbove: Holds = (value, bound) => value > bound
const isBelow: Holds = (value, bound) => value < bound

export const numberKeywords: { readonly [keyword: string]: Keyword } = {
  minimum: inclusiveUnless('exclusiveMinimum', bounded('minimum', (value, bound) => value >= bound), bounded('exclusiveMinimum', isAbove)),
  maximum: inclusiveUnless('exclusiveMaximum', bounded('maximum', (value, bound) => value <= bound), bounded('exclusiveMaximum', isBelow)),
  exclusiveMinimum: exclusive('exclusiveMinimum', isAbove),
  exclusiveMaximum: exclusive('exclusiveMaximum', isBelow),
  multipleOf(of, { fail }) {
    if (typeof of !== 'number' || !(of > 0) || !Number.isFinite(of)) return fail('multipleOf must be a number above 0')
    return (value, at, faults) => {
      if (typeof value === 'number' && !isMultiple(value, of)) faults.push(faultAt(at, 'multipleOf', of))
    }
  },
}
