import { expect, it } from 'vitest'
import type { Account, ApiKey } from '../../directory/account.ts'
import type { CallInProgress } from '../call/call-in-progress.ts'
import type { ApiOptions } from '../gate-options.ts'
import { prepareTakes } from './prepared-takes.ts'
import type { StageOptions } from './step-options.ts'

const api = {
  name: 'ads',
  meters: { burst: { meter: { kind: 'window', windowMs: 60_000 }, per: 'account' }, address: { meter: { kind: 'window', windowMs: 60_000 }, per: 'ip', limit: 3 } },
  plans: { free: { limits: { burst: 5 } }, pro: { limits: { burst: 50 } } },
} as unknown as ApiOptions
const key = { id: 'key_1', scopes: [] } as unknown as ApiKey
const account = { id: 'acme', plan: 'free' } as Account

function taking(stage: StageOptions) {
  const takesOf = prepareTakes(api, stage)
  return async (principal: { readonly key: ApiKey; readonly account: Account }, remoteAddress = '203.0.113.7') => {
    const found = await takesOf({ api, call: { target: '/', remoteAddress }, log: { principal } } as unknown as CallInProgress)
    return found.kind === 'found' ? found.takes : []
  }
}

it('the takes of a caller are worked out once, and anew as soon as its account or its key is another row', async () => {
  const takesOf = taking({ take: ['burst'] })
  const first = await takesOf({ key, account })
  expect(first).toMatchObject([{ subject: 'account:acme', limit: 5, cost: 1 }])
  expect(await takesOf({ key, account })).toBe(first)
  expect(await takesOf({ key, account: { ...account, plan: 'pro' } })).toMatchObject([{ limit: 50 }])
  expect(await takesOf({ key: { ...key, limits: { burst: 7 } }, account })).toMatchObject([{ limit: 7 }])
  expect(await takesOf({ key, account })).toMatchObject([{ limit: 5 }])
})

it('what depends on the request is worked out for each', async () => {
  const takesOf = taking({ take: ['burst', 'address'] })
  const subjects = async (address: string): Promise<readonly string[]> => (await takesOf({ key, account }, address)).map(({ subject }) => subject)
  expect([await subjects('203.0.113.7'), await subjects('203.0.113.8')]).toEqual([
    ['account:acme', 'ip:ads:203.0.113.7'],
    ['account:acme', 'ip:ads:203.0.113.8'],
  ])
})
