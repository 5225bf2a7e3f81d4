import { expect, it } from 'vitest'
import type { FileInput } from '../shape/file-shape.ts'
import { loadConfig } from '../load-config.ts'
import { formatProblem } from '../read/config-problem.ts'

function told(change: object): unknown {
  const api = { mount: '/', routes: [{ on: 'GET /a', public: true }], ...change }
  const config = loadConfig({ store: 'memory', upstreams: { a: 'http://127.0.0.1:1' }, apis: { a: api } } as unknown as FileInput, { environment: {}, baseDir: '/srv' })
  if (!config.ok) return config.problems.map(formatProblem)
  const { inFlightMax, inFlightUnauthenticatedMax, bodyBytesMax, bodyPace } = config.value.apis[0] ?? {}
  return { inFlightMax, inFlightUnauthenticatedMax, bodyBytesMax, bodyPace }
}

const credentials = { from: [{ header: 'x-api-key' }], prefix: 'ak_' }
const none = { inFlightMax: undefined, inFlightUnauthenticatedMax: undefined, bodyBytesMax: 1_048_576, bodyPace: undefined }

it.each([
  [{}, none],
  [{ inFlight: { max: 8 }, credentials }, { ...none, inFlightMax: 8, inFlightUnauthenticatedMax: 4 }],
  [{ inFlight: { max: 1 }, credentials }, { ...none, inFlightMax: 1, inFlightUnauthenticatedMax: 1 }],
  [{ inFlight: { max: 8, unauthenticated: 2 }, credentials }, { ...none, inFlightMax: 8, inFlightUnauthenticatedMax: 2 }],
  [{ inFlight: { max: 8 } }, { ...none, inFlightMax: 8 }],
  [{ body: { within: '5m' } }, { ...none, bodyPace: { withinMs: 300_000 } }],
  [{ body: { max: '2KiB', minRate: '0B' } }, { ...none, bodyBytesMax: 2_048, bodyPace: { bytesPerSecondMin: 0 } }],
  [{ inFlight: { max: 8, unauthenticated: 9 }, credentials }, ['apis.a.inFlight.unauthenticated: 9 is more than max, which is 8']],
  [{ inFlight: { max: 8, unauthenticated: 2 } }, ['apis.a.inFlight.unauthenticated: says nothing where there are no credentials: nobody is known; take it away']],
])('%j', (change, expected) => expect(told(change)).toEqual(expected))
