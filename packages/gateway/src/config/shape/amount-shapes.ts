/** Money and quantities as a route names them: decimals in the balance's own unit, whole numbers, columns of a row, figures of the request. */
import { parseFigurePath } from 'tollgate/gate'
import { z } from 'zod'
import { decimalText } from '../read/decimal.ts'
import { decimalNumber } from '../read/patterns.ts'
import { integer, name, onlyOne, settings, text } from '../read/scalars.ts'
import { exactlyOne, needs, rules } from '../build/schema-rules.ts'

const fieldPlaces = z.union([text, z.tuple([text], text)])
const columnName = text.describe('Of the row that the last lookup found.')

/** As a text without exponent. A number is read as it is written: 0.1 is a tenth. */
export const decimal = z
  .union([z.number(), z.string()])
  .transform((value, context) => {
    const written = decimalText(value)
    if (written !== undefined) return written
    context.addIssue('must be a decimal from 0, such as 0.25 or "0.25"')
    return z.NEVER
  })
  .meta({ anyOf: [{ type: 'number', minimum: 0 }, { type: 'string', pattern: decimalNumber }] })

const column = settings({ column: columnName })

const quantityForms = ['column', 'field', 'length', 'query', 'leased'] as const

export const quantity = z.union([
  integer(0),
  settings({
    column: columnName.optional(),
    field: fieldPlaces.optional().describe('A whole number of the JSON body, by its dotted path: config.quantity. Of several paths, the first that is there.'),
    length: fieldPlaces.optional().describe('The characters of a text of the JSON body, by its dotted path. Of several paths, the first that is there.'),
    query: text.optional().describe('A whole number of the query, by the name of its parameter: limit.'),
    leased: name.optional().describe('The units of this lease meter that the lease at hand occupies.'),
    per: integer(1).optional().describe('Counted in started units of so many.'),
    default: integer(0).optional().describe('Where the field or parameter is absent. Without it, it is required.'),
  })
    .refine(onlyOne(quantityForms), `must have exactly one of ${quantityForms.join(', ')}`)
    .refine(({ field, length, query, per }) => per === undefined || field !== undefined || length !== undefined || query !== undefined, { path: ['per'], error: 'belongs to a field, a length or a query' })
    .refine((value) => value.default === undefined || value.field !== undefined || value.length !== undefined || value.query !== undefined, { path: ['default'], error: 'belongs to a field, a length or a query' })
    .meta(rules(exactlyOne(quantityForms), needs('per', 'field', 'length', 'query'), needs('default', 'field', 'length', 'query'))),
])

const priceForms = ['amount', 'column'] as const

export const price = z.union([
  decimal,
  settings({
    amount: decimal.optional(),
    column: columnName.optional(),
    times: z.array(quantity).min(1).optional().describe('What the amount is multiplied by.'),
  })
    .refine(onlyOne(priceForms), `must have exactly one of ${priceForms.join(', ')}`)
    .meta(rules(exactlyOne(priceForms))),
])

const figurePath = z
  .string()
  .refine((path) => parseFigurePath(path) !== undefined, 'must be the path of a figure, such as usage.total_tokens or tokens[kind=audio].count')
  .meta({ pattern: String.raw`^[^.[\]]+(\[[^[\]=]+=[^[\]]+\])?(\.[^.[\]]+(\[[^[\]=]+=[^[\]]+\])?)*$` })

/** Each level of parts is written out: deeper than this no service goes. */
const figureWith = <Parts extends z.ZodRawShape>(parts: Parts) =>
  z.union([
    decimal,
    settings({
      amount: decimal.optional(),
      column: columnName.optional(),
      also: z.union([figurePath, z.array(figurePath).min(1)]).optional().describe('Other places of the same figure, in answers or events of another shape; the first that is there counts.'),
      ...parts,
    })
      .refine(onlyOne(priceForms), `must have exactly one of ${priceForms.join(', ')}`)
      .meta(rules(exactlyOne(priceForms))),
  ])

const partsOf = <Figure extends z.ZodType>(figure: Figure) => ({
  parts: z.record(figurePath, figure).optional().describe('Figures that this one contains, at prices of their own; the rest of it costs its own price.'),
})

const figure = figureWith(partsOf(figureWith(partsOf(figureWith(partsOf(figureWith({})))))))

export interface FigureSettings {
  readonly amount?: string | undefined
  readonly column?: string | undefined
  readonly also?: string | readonly string[] | undefined
  readonly parts?: { readonly [path: string]: FigureShape } | undefined
}

export type FigureShape = string | FigureSettings

export const usage = settings({
  per: integer(1).default(1).describe('Amounts are for so many: 1000000.'),
  amounts: z
    .record(figurePath, figure)
    .refine((amounts) => Object.keys(amounts).length > 0, 'must name at least one figure of the answer, such as usage.total_tokens: 0.15')
    .describe('What per units of a figure of the JSON answer cost, by its dotted path.')
    .meta({ minProperties: 1 }),
  perEvent: z.union([decimal, column]).optional().describe('What an event of a stream costs that ended before it said any figure.'),
})

/** Of a take. */
export const takeLimit = z.union([integer(0), column])

export type PriceShape = z.output<typeof price>
export type QuantityShape = z.output<typeof quantity>
export type UsageShape = z.output<typeof usage>
export type LimitShape = z.output<typeof takeLimit>
