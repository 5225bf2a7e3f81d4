import { expect, it } from 'vitest'
import { createDirectory } from 'tollgate/directory'
import { createMemoryStore } from 'tollgate/stores/memory'
import { loadConfig } from '../config/load-config.ts'
import { configuredGate } from './configured-gate.ts'
import { noTokens } from '../fixtures/no-tokens.ts'
import { paidConfig } from '../fixtures/paid-program.ts'
import { randomBytes, sha256Hex } from '../platform/secrets.ts'
import { createSystemClock } from '../platform/system-clock.ts'

it('what contradicts itself in spite of all checks is a problem of the configuration, not an exception', () => {
  const loaded = loadConfig(paidConfig(1), { environment: {} })
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems))
  const { apis, fallback } = loaded.value
  const clock = createSystemClock()
  const store = createMemoryStore({ clock })
  const setup = { apis, fallback, handlers: noTokens, store, clock, directory: createDirectory({ store, clock, sha256Hex }), randomBytes, sha256Hex }
  expect(configuredGate(setup).ok).toBe(true)
  const unpriced = apis.map((api) => ({ ...api, routes: [{ methods: ['GET'], path: '/v1/free', steps: [{ kind: 'take' as const, take: ['credit'] }] }] }))
  expect(configuredGate({ ...setup, apis: unpriced })).toEqual({
    ok: false,
    problems: [{ path: ['apis'], message: 'nexalayer, route GET /v1/free: the balance "credit" is taken without a price' }],
  })
  expect(configuredGate({ ...setup, handlers: {} })).toEqual({
    ok: false,
    problems: [{ path: ['apis'], message: 'nexalayer, route POST /v1/auth/token: no handler is called "issueToken"; there is none' }],
  })
})
