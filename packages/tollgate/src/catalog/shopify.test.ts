import { describe, expect, it } from 'vitest'
import { shopify } from './contracts.ts'

const read = (status: number, body: unknown, headers: Record<string, string> = {}) => shopify.read({ status, headers, body: JSON.stringify(body) })

describe('Shopify', () => {
  it('REST names fields, or says one sentence', () => {
    expect(read(422, { errors: { title: ["can't be blank"], price: 'is wrong' } })).toMatchObject({
      reason: 'field.invalid', fields: { title: ["can't be blank"], price: ['is wrong'] },
    })
    expect(read(429, { errors: 'Exceeded 2 calls per second' }, { 'retry-after': '2.0' })).toMatchObject({
      reason: 'rate.limited', retry: 'wait', retryAfterSeconds: 2, message: 'Exceeded 2 calls per second',
    })
  })

  it('GraphQL refuses inside 200, but data with gaps is a success', () => {
    const errors = [{ message: 'Access denied', extensions: { code: 'ACCESS_DENIED' } }]
    expect(read(200, { errors })).toMatchObject({ reason: 'permission.denied', retry: 'never', status: 403 })
    expect(read(200, { errors, data: { shop: null } })).toMatchObject({ reason: 'permission.denied', status: 403 })
    expect(read(200, { errors, data: { shop: {}, products: null } })).toBeUndefined()
    expect(read(200, { data: { shop: {} } })).toBeUndefined()
    expect(read(200, { data: { productUpdate: { userErrors: [] } } })).toBeUndefined()
  })

  it('tells no wait from costs that make none', () => {
    const cost = { requestedQueryCost: 10, throttleStatus: { currentlyAvailable: 1, restoreRate: -0.5 } }
    const throttled = read(200, { errors: [{ message: 'Throttled', extensions: { code: 'THROTTLED' } }], extensions: { cost } })
    expect(throttled).toMatchObject({ reason: 'rate.limited', retry: 'wait', details: {} })
    expect(throttled?.retryAfterSeconds).toBeUndefined()
  })

  it('mutations name the path of each field', () => {
    const userErrors = [{ field: ['input', 'variants', 0, 'price'], message: 'is wrong' }, { field: null, message: 'No.' }]
    expect(read(200, { data: { productUpdate: { product: null, userErrors } } })).toMatchObject({
      reason: 'field.invalid', message: 'is wrong', fields: { 'input.variants.0.price': ['is wrong'], '': ['No.'] },
    })
  })
})
