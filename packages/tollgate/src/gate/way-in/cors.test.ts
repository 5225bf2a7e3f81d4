import { describe, expect, it } from 'vitest'
import { problem } from '../../catalog/contracts.ts'
import { defineContract } from '../../contract/declare/define-contract.ts'
import { createCors, corsOutside } from './cors.ts'
import { faultsOfCors } from './cors-faults.ts'
import type { ApiOptions, CorsOptions, RouteOptions, CredentialOptions } from '../gate-options.ts'

const api = (cors: Partial<CorsOptions>, more: Partial<ApiOptions> = {}): ApiOptions =>
  ({
    routes: [{ methods: ['POST'], path: '/a', steps: [] }, { methods: ['GET', 'POST'], path: '/b', steps: [] }],
    contract: problem,
    cors: { origins: ['https://app.example'], allowHeaders: [], maxAgeSeconds: 600, ...cors },
    ...more,
  }) as ApiOptions

const from = (origin: string) => ['Origin', origin]
const preflight = (origin = 'https://app.example', method = 'POST', ...more: string[]) => [...from(origin), 'Access-Control-Request-Method', method, ...more]
const valueOf = (headers: readonly string[] | undefined, name: string) => headers?.[(headers?.findIndex((each, at) => at % 2 === 0 && each.toLowerCase() === name) ?? -1) + 1]
const namesOf = (headers: readonly string[] | undefined) => headers?.filter((_, at) => at % 2 === 0)

describe('cross-origin answers', () => {
  it('let a listed origin read them, with what a script needs to obey a refusal', () => {
    expect(createCors(api({})).headers(from('https://app.example'))).toEqual([
      'Access-Control-Allow-Origin', 'https://app.example',
      'Access-Control-Expose-Headers', 'Retry-After, x-request-id, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, WWW-Authenticate, Allow',
      'Vary', 'Origin',
    ])
  })

  it('depend on the origin whoever asks, so that no shared cache gives one page what was for another', () => {
    for (const headers of [[], from('https://evil.example'), from('null'), [...from('https://app.example'), ...from('https://app.example')]]) {
      expect(createCors(api({})).headers(headers)).toEqual(['Vary', 'Origin'])
    }
  })

  it('are the same for everybody where everybody may read them', () => {
    const cors = createCors(api({ origins: ['*'] }))
    expect(cors.headers([])).toEqual(cors.headers(from('https://anybody.example')))
    expect(valueOf(cors.headers([]), 'access-control-allow-origin')).toBe('*')
    expect(namesOf(cors.headers([]))).not.toContain('Vary')
  })

  it('show the headers that entries and the contract declare, those of a replay, and what is named', () => {
    const { declaration } = problem
    const [first = ''] = Object.keys(declaration.entries)
    const contract = defineContract({
      ...declaration,
      headers: { 'X-Code': '$code' },
      entries: { ...declaration.entries, [first]: { ...declaration.entries[first as keyof typeof declaration.entries], headers: { 'X-Doc': 'here' } } },
    } as never)
    const routes: RouteOptions[] = [{ methods: ['POST'], path: '/a', steps: [{ kind: 'idempotency', header: 'Idempotency-Key' }] }]
    const cors = createCors(api({ exposeHeaders: ['x-total', 'RETRY-after'] }, { contract, routes }))
    expect(valueOf(cors.headers(from('https://app.example')), 'access-control-expose-headers')).toBe(
      'Retry-After, x-request-id, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, WWW-Authenticate, Allow, Idempotent-Replayed, X-Code, X-Doc, x-total',
    )
  })

  it('allow cookies only where that is said', () => {
    const headers = createCors(api({ credentials: true })).headers(from('https://app.example'))
    expect(valueOf(headers, 'access-control-allow-credentials')).toBe('true')
    expect(namesOf(createCors(api({})).headers(from('https://app.example')))).not.toContain('Access-Control-Allow-Credentials')
  })

  it('lose what a service says of it by itself, whatever it is', () => {
    const { drops } = createCors(api({}))
    expect(['access-control-allow-origin', 'access-control-allow-credentials', 'access-control-max-age', 'access-control-anything-new'].every(drops)).toBe(true)
    expect(['access-control-expose-headers', 'vary', 'content-type'].some(drops)).toBe(false)
    expect(createCors({ ...api({}), cors: undefined } as unknown as ApiOptions).drops('access-control-allow-origin')).toBe(false)
  })
})

describe('a preflight', () => {
  it('is answered with the methods of the API, before any key is asked for', () => {
    const answer = createCors(api({})).preflight('OPTIONS', preflight())
    expect(answer?.status).toBe(204)
    expect(valueOf(answer?.headers, 'access-control-allow-methods')).toBe('POST, GET')
    expect(valueOf(answer?.headers, 'vary')).toBe('Origin, Access-Control-Request-Method, Access-Control-Request-Headers')
  })

  it('for a method that no route has is answered too: the page is to read the refusal', () => {
    const methodsFor = (method: string) => valueOf(createCors(api({})).preflight('OPTIONS', preflight(undefined, method))?.headers, 'access-control-allow-methods')
    expect(methodsFor('DELETE')).toBe('POST, GET, DELETE')
    expect(methodsFor('a b')).toBe('POST, GET')
  })

  it('allows what the API itself asks for, beside what is named', () => {
    const credentials: CredentialOptions = { from: [{ in: 'header', name: 'X-API-Key' }, { in: 'header', name: 'authorization' }], prefix: '' }
    const routes: RouteOptions[] = [{ methods: ['POST'], path: '/a', steps: [{ kind: 'idempotency', header: 'Idempotency-Key' }] }]
    const { preflight: ask } = createCors(api({ allowHeaders: ['x-mine', 'x-api-key'] }, { credentials, routes }))
    expect(valueOf(ask('OPTIONS', preflight())?.headers, 'access-control-allow-headers')).toBe('x-mine, x-api-key, authorization, Idempotency-Key, content-type')
  })

  it('allows whatever is asked for where "*" is named, and nothing that is no name', () => {
    const asked = preflight(undefined, undefined, 'Access-Control-Request-Headers', 'x-b,authorization', 'Access-Control-Request-Headers', 'x b, ')
    expect(valueOf(createCors(api({ allowHeaders: ['*'] })).preflight('OPTIONS', asked)?.headers, 'access-control-allow-headers')).toBe('x-b, authorization')
  })

  it('of a private network is answered where that is said', () => {
    const asked = preflight(undefined, undefined, 'Access-Control-Request-Private-Network', 'true')
    expect(valueOf(createCors(api({ privateNetwork: true })).preflight('OPTIONS', asked)?.headers, 'access-control-allow-private-network')).toBe('true')
    expect(namesOf(createCors(api({ privateNetwork: true })).preflight('OPTIONS', preflight())?.headers)).not.toContain('Access-Control-Allow-Private-Network')
    expect(namesOf(createCors(api({})).preflight('OPTIONS', asked)?.headers)).not.toContain('Access-Control-Allow-Private-Network')
  })

  it('is none without a method that is asked for, of another method, or from an origin that is not listed', () => {
    const { preflight: ask } = createCors(api({}))
    expect(ask('OPTIONS', from('https://app.example'))).toBeUndefined()
    expect(ask('POST', preflight())).toBeUndefined()
    expect(ask('OPTIONS', preflight('https://other.example'))).toBeUndefined()
  })
})

describe('where no API is meant', () => {
  it('whoever may read one of them may read the refusal', () => {
    const cors = corsOutside([createCors({ routes: [] } as unknown as ApiOptions), createCors(api({})), createCors(api({ origins: ['https://b.example'] }))])
    expect(valueOf(cors.headers(from('https://b.example')), 'access-control-allow-origin')).toBe('https://b.example')
    expect(cors.headers(from('https://c.example'))).toEqual(['Vary', 'Origin'])
    expect(cors.preflight('OPTIONS', preflight('https://b.example'))?.status).toBe(204)
    expect(corsOutside([]).headers(from('https://b.example'))).toEqual([])
  })
})

describe('settings', () => {
  const faults = (cors: Partial<CorsOptions>) => faultsOfCors({ origins: ['https://a.example'], allowHeaders: [], maxAgeSeconds: 1, ...cors }).map(({ setting, at }) => `${setting} ${at}`)

  it('that contradict each other are faults', () => {
    expect(faults({})).toEqual([])
    expect(faults({ origins: ['*'] })).toEqual([])
    expect(faults({ origins: ['https://a.example', 'a.example'] })).toEqual(['origins 1'])
    expect(faults({ origins: ['*', 'https://a.example'] })).toEqual(['origins undefined'])
    expect(faults({ origins: ['*'], credentials: true })).toEqual(['origins undefined'])
    expect(faults({ exposeHeaders: ['a', '*'], credentials: true })).toEqual(['exposeHeaders 1'])
    expect(faults({ exposeHeaders: ['*'] })).toEqual([])
  })
})
