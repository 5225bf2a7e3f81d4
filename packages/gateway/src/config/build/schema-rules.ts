/** What settings of one group say about each other, as a JSON Schema says it: the same that the refinements beside it say in words. */

export interface JsonRule {
  readonly [keyword: string]: unknown
}

const has = (setting: string): JsonRule => ({ properties: { [setting]: true }, required: [setting] })

export const rules = (...allOf: readonly JsonRule[]): JsonRule => ({ allOf })

export const exactlyOne = (settings: readonly string[]): JsonRule => ({ oneOf: settings.map(has) })

/** Where it is written, one of these is too. */
export const needs = (setting: string, ...others: readonly string[]): JsonRule => ({ dependentSchemas: { [setting]: { anyOf: others.map(has) } } })

/** Where it is written, none of these is. */
export const excludes = (setting: string, ...others: readonly string[]): JsonRule => ({ dependentSchemas: { [setting]: { properties: Object.fromEntries(others.map((other) => [other, false])) } } })

/** Where a setting has this value, the group keeps to the rule. */
export const where = (setting: string, value: string | boolean, rule: JsonRule): JsonRule => implies({ properties: { [setting]: { const: value } }, required: [setting] }, rule)

/** Where the condition holds, so does the rule. */
export const implies = (condition: JsonRule, rule: JsonRule): JsonRule => ({ anyOf: [{ not: condition }, rule] })

/** One of the rules holds. */
export const anyOf = (...choices: readonly JsonRule[]): JsonRule => ({ anyOf: choices })

export { has }
