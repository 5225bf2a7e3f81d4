/** A table of rows by id: the products that a route sells, with their prices and stock. */
import { z } from 'zod'
import { onlyOne, settings, text } from '../read/scalars.ts'
import { exactlyOne, needs, rules } from '../build/schema-rules.ts'

const sources = ['file', 'rows'] as const

export const table = settings({
  file: text.optional().describe('YAML or JSON: a list of rows with a key column, or a map from id to row.'),
  key: text.optional().describe('The column of a list that holds the id.'),
  rows: z.record(text, z.looseObject({})).optional().describe('The rows in place, by id.'),
})
  .refine(onlyOne(sources), `must have exactly one of ${sources.join(', ')}`)
  .refine(({ rows, key }) => rows === undefined || key === undefined, { path: ['key'], error: 'belongs to a file; rows in place are named by their id' })
  .meta(rules(exactlyOne(sources), needs('key', 'file')))

export type TableShape = z.output<typeof table>
