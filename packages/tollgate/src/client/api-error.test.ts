import { runInNewContext } from 'node:vm'
import { expect, expectTypeOf, it } from 'vitest'
import { chatads } from '../catalog/chatads.ts'
import { defineDialect, type Dialect } from '../contract/read/dialect.ts'
import { ApiError, isApiError, type ApiErrorOf, type UnknownCode } from './api-error.ts'

const init = { reason: 'rate.limited', message: 'Too fast.', source: 'api', retry: 'wait', action: 'wait' } as const

it('an error of another copy or realm is known, and nothing else is', () => {
  const elsewhere = runInNewContext("const e = new Error('x'); e[Symbol.for('tollgate.api-error')] = true; e.reason = 'internal'; e") as Error
  expect(elsewhere instanceof Error).toBe(false)
  expect(isApiError(elsewhere)).toBe(true)
  expect(isApiError(new ApiError(init))).toBe(true)
  for (const other of [undefined, null, 'x', 5, {}, new Error('x'), { reason: 'rate.limited' }]) expect(isApiError(other)).toBe(false)
})

it('with a contract it is one of its errors, or had no answer', () => {
  expect(isApiError(new ApiError({ ...init, dialect: 'chatads' }), chatads)).toBe(true)
  expect(isApiError(new ApiError({ ...init, dialect: 'jogg' }), chatads)).toBe(false)
  expect(isApiError(new ApiError({ ...init, reason: 'network.timeout' }), chatads)).toBe(true)
})

it('an aborted call is found by programs that know no ApiError', () => {
  expect(new ApiError({ ...init, reason: 'aborted' }).name).toBe('AbortError')
  expect(new ApiError(init).name).toBe('ApiError')
})

it('tells the tightest limit, and when to come again as a date', () => {
  const error = new ApiError({ ...init, retryAtMs: 5_000, limits: [{ limit: 9, remaining: 3 }, { of: 'tokens', limit: 100, remaining: 0 }] })
  expect(error.meter).toEqual({ of: 'tokens', limit: 100, remaining: 0 })
  expect(error.retryAt).toEqual(new Date(5_000))
})

it('a switch over the codes is exhaustive, and each case knows its details', () => {
  const tell = (error: ApiErrorOf<typeof chatads>): string => {
    switch (error.code) {
      case 'DAILY_QUOTA_EXCEEDED':
        expectTypeOf(error.entry).toEqualTypeOf<'dailyQuotaExceeded'>()
        expectTypeOf(error.details.daily_limit).toEqualTypeOf<number | undefined>()
        return `${error.details.daily_limit} a day`
      case 'RATE_LIMIT_EXCEEDED':
        return error.entry
      default:
        // Not every code has a case: what is left is not only what the contract does not know.
        expectTypeOf(error.code).not.toEqualTypeOf<UnknownCode | undefined>()
        return error.message
    }
  }
  expect(tell(new ApiError({ ...init, dialect: 'chatads', entry: 'dailyQuotaExceeded', code: 'DAILY_QUOTA_EXCEEDED', details: { daily_limit: 5 } }) as ApiErrorOf<typeof chatads>)).toBe('5 a day')

  const small = defineDialect({
    name: 'small',
    title: 'Small',
    envelope: { error: { code: '$code' } },
    entries: { a: { code: 'A', status: 500, reason: 'internal', message: 'A', description: 'A' }, b: { code: 7, status: 400, reason: 'request.invalid', message: 'B', description: 'B' } },
  })
  const unknown = (error: ApiErrorOf<typeof small>): UnknownCode | undefined => {
    switch (error.code) {
      case 'A':
      case 7:
        return undefined
      default:
        return error.code
    }
  }
  expect(unknown(new ApiError(init) as ApiErrorOf<typeof small>)).toBeUndefined()
  expectTypeOf<ApiErrorOf<Dialect>>().toEqualTypeOf<ApiError>()
})
