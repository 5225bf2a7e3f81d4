/** `lookup: { table: products, resource: product, param: id }`: finds the row that the request names. */
import { z } from 'zod'
import { exactlyOne, rules } from '../build/schema-rules.ts'
import type { Path } from '../read/config-problem.ts'
import { name, onlyOne, settings, text } from '../read/scalars.ts'
import { suggestion } from '../read/suggestion.ts'
import { checkLeased, needsOfLeased } from './amount-needs.ts'
import { checkParam } from './path-param.ts'
import { meterNamed, type StepContext } from './step-context.ts'
import type { StepKind } from './step-kind.ts'
import { occupies } from './step-meters.ts'

const idSources = ['field', 'param', 'query', 'leased'] as const

const shape = {
  lookup: settings({
    table: text,
    resource: text.describe('What a row is, for those who name one that does not exist: product.'),
    field: text.optional().describe('Where the id stands in the JSON body, by its dotted path.'),
    param: text.optional().describe('The path parameter that is the id.'),
    query: text.optional().describe('The parameter of the query that is the id.'),
    leased: name.optional().describe('The resource of which the lease at hand occupies units.'),
  })
    .refine(onlyOne(idSources), `must have exactly one of ${idSources.join(', ')}`)
    .meta({ ...rules(exactlyOne(idSources)), description: 'Finds the row of a table that the request names. Later steps read its columns.' }),
} satisfies z.ZodRawShape

export const lookup: StepKind<'lookup', typeof shape> = {
  key: 'lookup',
  shape,
  needs: [{ what: 'lease', where: ({ lookup: { leased } }, context) => (leased === undefined ? [] : needsOfLeased(leased, ['lookup', 'leased'], context)) }],
  brings: [{ what: 'row', example: 'lookup: { table: …, resource: …, param: id }', which: ({ lookup: { table } }) => [{ name: table }] }],
  build({ lookup: { table, resource, field, param, query, leased } }, path, context) {
    const place = [...path, 'lookup']
    const { tables, report } = context
    if (!tables.includes(table)) report([...place, 'table'], `no table is called "${table}"${suggestion(table, tables)}`)
    if (param !== undefined) checkParam(param, [...place, 'param'], context)
    if (leased !== undefined) checkLeasedResource(leased, [...place, 'leased'], context)
    const by = field !== undefined ? 'field' : param !== undefined ? 'param' : query !== undefined ? 'query' : 'leased'
    return { kind: 'lookup', table, resource, by, name: field ?? param ?? query ?? leased ?? '' }
  },
}

function checkLeasedResource(meter: string, path: Path, context: StepContext): void {
  checkLeased(meter, path, context)
  const written = meterNamed(meter, context)
  if (written !== undefined && occupies(written) && written.per !== 'resource') context.report(path, `"${meter}" counts per ${written.per}, so its units belong to no resource; name a lease meter per resource`)
}
