import { expect, it } from 'vitest'
import { graphql, jsonApi } from './dialects.ts'

it('JSON:API lists errors without codes, too: the status says what they are', () => {
  const errors = [
    { status: '403', source: { pointer: '/data/attributes/secretPowers' }, detail: 'Editing secret powers is not authorized on Sundays.' },
    { status: '422', source: { pointer: '/data/attributes/volume' }, detail: 'Volume does not, in fact, go to 11.' },
    { status: '500', source: { pointer: '/data/attributes/reputation' }, title: 'The backend responded with an error', detail: 'Reputation service not responding.' },
  ]
  const read = jsonApi.read({ status: 400, headers: { 'content-type': 'application/vnd.api+json' }, body: JSON.stringify({ errors }) })
  expect(read).toMatchObject({ reason: 'request.invalid', retry: 'never', status: 400 })
  expect(read?.errors).toHaveLength(3)
  expect(read?.issues?.map(({ field }) => field)).toEqual(['data.attributes.secretPowers', 'data.attributes.volume', 'data.attributes.reputation'])
})

it('GraphQL refuses under 200 without a code, but data with gaps is a success', () => {
  const errors = [{ message: 'Cannot query field "x" on type "Query".', locations: [{ line: 1, column: 3 }] }]
  expect(graphql.read({ status: 200, headers: {}, body: JSON.stringify({ errors }) })).toMatchObject({ message: 'Cannot query field "x" on type "Query".', retry: 'never' })
  expect(graphql.read({ status: 200, headers: {}, body: JSON.stringify({ errors, data: { hero: { name: 'R2-D2' } } }) })).toBeUndefined()
})
