import { describe, expect, it } from 'vitest'
import type { FileInput } from '../shape/file-shape.ts'
import { loadConfig } from '../load-config.ts'
import { formatProblem } from '../read/config-problem.ts'

function loaded(cors: unknown) {
  const api = { mount: '/', cors, routes: [{ on: 'GET /a', public: true }] }
  return loadConfig({ store: 'memory', upstreams: { a: 'http://127.0.0.1:1' }, apis: { a: api } } as unknown as FileInput, { environment: { PAGE: 'https://app.example.com', SLASH: 'https://a.example/' }, baseDir: '/srv' })
}

function problemsOf(cors: unknown): readonly string[] {
  const config = loaded(cors)
  return config.ok ? [] : config.problems.map(formatProblem)
}

function corsOf(cors: unknown) {
  const config = loaded(cors)
  return config.ok ? config.value.apis[0]?.cors : config.problems.map(formatProblem)
}

describe('the list of origins', () => {
  it.each<[unknown, readonly string[]]>([
    [{ origins: ['https://app.example.com/'] }, ['apis.a.cors.origins[0]: "https://app.example.com/" can never match: browsers send scheme, host and port alone, in lower case; write https://app.example.com']],
    [{ origins: ['*', 'app.example.com'] }, ['apis.a.cors.origins[1]: "app.example.com" can never match: an origin begins with its scheme; write https://app.example.com', 'apis.a.cors.origins: "*" lets everybody in, so the others say nothing; take one or the other away']],
    [{ origins: ['https://app-*.example.com'] }, ['apis.a.cors.origins[0]: "https://app-*.example.com" can never match: a wildcard stands for one whole label at the beginning of the host; write https://*.example.com']],
    [{ origins: ['${SLASH}'] }, ['apis.a.cors.origins[0]: "${SLASH}" can never match: browsers send scheme, host and port alone, in lower case; write https://a.example']],
    [{ origins: ['*'], credentials: true }, ['apis.a.cors.origins: browsers accept no "*" together with credentials: true; name the origins, or take credentials away']],
    [{ origins: ['https://a.example'], credentials: true, exposeHeaders: ['*'] }, ['apis.a.cors.exposeHeaders[0]: "*" is no wildcard together with credentials: true; name the headers']],
    [{ origins: ['https://a.example'], exposeHeaders: ['x total'] }, ['apis.a.cors.exposeHeaders[0]: "x total" is not a header name']],
    [{ origins: ['https://a.example'], exposedHeaders: ['a'] }, ['apis.a.cors.exposedHeaders: there is no setting "exposedHeaders" here; did you mean "exposeHeaders"?']],
  ])('%j is refused with the mend', (cors, problems) => expect(problemsOf(cors)).toEqual(problems))

  it('reaches the pipeline', () => {
    expect(corsOf({ origins: ['${PAGE}', 'https://*.example.com'], exposeHeaders: ['x-total'], credentials: true, privateNetwork: true, maxAge: '5s' })).toEqual({
      origins: ['https://app.example.com', 'https://*.example.com'],
      allowHeaders: [],
      exposeHeaders: ['x-total'],
      credentials: true,
      privateNetwork: true,
      maxAgeSeconds: 5,
    })
  })
})
