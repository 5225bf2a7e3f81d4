import { expect, it } from 'vitest'
import { refusal } from './answer.ts'

it('a refusal is a problem that names its entry, with its details', () => {
  const { status, headers, body } = refusal('productNotFound', { product_no: 'P-9' }, 404)
  expect([status, headers]).toEqual([404, { 'Content-Type': 'application/problem+json' }])
  expect(JSON.parse(body)).toEqual({ status: 404, entry: 'productNotFound', product_no: 'P-9' })
})

it('no detail takes the place of the entry or the status', () => {
  const details: Record<string, unknown> = { entry: 'other', status: 200 }
  expect(JSON.parse(refusal('tooLong', details).body)).toEqual({ status: 400, entry: 'tooLong' })
})
