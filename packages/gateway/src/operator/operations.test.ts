/** The table of operations is complete, so that what derives from it is. */
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { findOperation } from './find-operation.ts'
import { operations } from './operations.ts'

const all = operations.map((each) => ({ ...each, on: `${each.method} ${each.path}` }))

interface Schema {
  readonly description?: string
  readonly properties?: { readonly [name: string]: Schema }
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
}

/** The paths of the fields that say nothing of themselves. */
function wordless({ properties = {}, items, anyOf = [], oneOf = [] }: Schema, path = ''): readonly string[] {
  const fields = Object.entries(properties).flatMap(([name, field]) => {
    const at = `${path}.${name}`
    return [...(field.description === undefined ? [at] : []), ...wordless(field, at)]
  })
  return [...fields, ...[...anyOf, ...oneOf].flatMap((each) => wordless(each, path)), ...(items === undefined ? [] : wordless(items, `${path}[]`))]
}

const schemaOf = (shape: z.ZodType, io: 'input' | 'output'): Schema => z.toJSONSchema(shape, { io, unrepresentable: 'any' }) as Schema

/** A transform or a default would make of the reply something else than what was sent. */
function changers({ def }: z.ZodType): readonly string[] {
  const below = Object.values(def as object).flatMap((value): readonly z.ZodType[] =>
    value instanceof z.ZodType ? [value] : typeof value === 'object' && value !== null ? Object.values(value as object).filter((each) => each instanceof z.ZodType) : [],
  )
  return [...(['transform', 'pipe', 'default', 'prefault', 'catch', 'readonly', 'custom'].includes(def.type) ? [def.type] : []), ...below.flatMap(changers)]
}

describe('the operations of the admin API', () => {
  it('have a name and a path of their own', () => {
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length)
    expect(new Set(all.map(({ on }) => on)).size).toBe(all.length)
    for (const { name } of all) expect(name).toMatch(/^[a-z]+\.[a-z]+(?:-[a-z]+)*$/)
  })

  it.each(all)('$name is found under its own path and under none before it', ({ name, method, path }) => {
    expect(findOperation(method, path.replaceAll(/[{}]/g, ''))).toMatchObject({ ok: true, value: { operation: { name } } })
  })

  it.each(all)('$name declares the parameters of its path, and no others', ({ path, input }) => {
    const declared = Object.keys((input as { readonly params?: z.ZodObject }).params?.shape ?? {})
    expect(declared.toSorted()).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, param]) => param).toSorted())
  })

  it.each(all)('$name has words for itself and for each field', ({ words, input, output }) => {
    expect(words).toMatch(/^[a-z].{5,}[^.]$/s)
    expect(Object.values(input).flatMap((shape: z.ZodType) => wordless(schemaOf(shape, 'input')))).toEqual([])
    expect(wordless(schemaOf(output, 'output'))).toEqual([])
  })

  it.each(all)('$name answers what it declares, unchanged', ({ output }) => {
    expect(changers(output)).toEqual([])
  })

  it.each(all)('$name may be asked by who may only read if it changes nothing', ({ method, may, input }) => {
    expect(may === 'read').toBe(method === 'GET')
    const parts = { GET: ['params', 'query'], DELETE: ['params', 'query'], POST: ['params', 'body'], PUT: ['params', 'body'], PATCH: ['params', 'body'] }
    expect(parts[method]).toEqual(expect.arrayContaining(Object.keys(input)))
  })
})
