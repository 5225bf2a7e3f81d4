import type { JsonValue } from '../../../contract/declare/facts.ts'
import { matchExamples } from '../example-match.ts'
import type { Rule } from '../rule.ts'

export const notFoundInBody: Rule = {
  id: 'not-found-in-body',
  severity: 'note',
  topic: 'contradiction',
  title: 'A 404 for what the body names',
  why: 'The resource of the request is there: what is missing is something that its body refers to. Clients and people look for a fault in the address, and monitoring counts a broken link.',
  source: 'RFC 9110 section 15.5.5: no representation of the target resource',
  fix: 'Use 400 or 422 with the field, or say in the description that 404 is also for ids in a body.',
  find: (literal) =>
    matchExamples(literal).flatMap(({ example, details, entry }) => {
      const isMissing = (example.status ?? entry?.status) === 404
      const named = new Set(valuesIn(example.requestBody ?? null))
      const place = details.find(({ value }) => (typeof value === 'string' || typeof value === 'number') && named.has(value) && example.request?.includes(String(value)) !== true)
      return isMissing && place !== undefined ? [{ path: place.path, value: place.value, problem: `stands in the body of ${example.request ?? 'the request'}, and 404 says that the address is not there`, mend: 'use 400 or 422, or say it in the description' }] : []
    }),
  bad: { declaration: { envelope: { error: { code: '$code', details: '$details' } }, examples: [{ request: 'POST /v1/orders', requestBody: { product: 'p9' }, status: 404, body: { code: 'NO_PRODUCT', details: { product: 'p9' } } }], entries: { noProduct: { code: 'NO_PRODUCT', status: 404, reason: 'resource.not_found', details: { product: 'string? from id' } } } }, paths: ['examples[0].body.details.product'] },
  good: { declaration: { envelope: { error: { code: '$code', details: '$details' } }, examples: [{ request: 'GET /v1/products/p9', status: 404, body: { code: 'NO_PRODUCT', details: { product: 'p9' } } }], entries: { noProduct: { code: 'NO_PRODUCT', status: 404, reason: 'resource.not_found', details: { product: 'string? from id' } } } } },
}

function valuesIn(value: JsonValue): readonly JsonValue[] {
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap((inner) => valuesIn(inner as JsonValue)) : [value]
}
