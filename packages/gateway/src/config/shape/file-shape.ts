/**
 * The shape of `tollgate.yaml`. What one part says about another (a step that names a meter, an API that names an upstream) is checked in
 * `build-config.ts`; here each part is held against its own rules. The published JSON Schema for editors is made from it.
 */
import { z } from 'zod'
import { tlsVersions } from '../../tls/tls-protocol.ts'
import { logFormats, logLevels } from '../../platform/log-settings.ts'
import { apiShape } from './api-shape.ts'
import { address, host, loopback, serverUrl } from '../read/patterns.ts'
import { contractRef } from './contract-ref.ts'
import { counters, onStoreFailure, store, workers } from './engine-shapes.ts'
import { permissions } from '../permission.ts'
import { toPublished } from './published-schema.ts'
import { duration, integer, ipNetwork, name, settings, text } from '../read/scalars.ts'
import { anyOf, has, rules } from '../build/schema-rules.ts'
import { upstream } from './upstream-shape.ts'

const trust = z
  .union([z.literal('none'), integer(1, 32), z.array(ipNetwork).min(1)])
  .describe('Whose X-Forwarded-For is believed: none, the last so many hops, or these networks (CIDR).')

const tls = settings({
  certificate: text.describe('PEM: the listener’s own certificate first, then those that lead to its authority.'),
  key: text.describe('PEM: the private key of that certificate.'),
  passphrase: text.optional().describe('Of a key that is encrypted. Better a ${NAME} than written out.'),
  minVersion: z
    .union([z.enum(tlsVersions), z.literal([1.2, 1.3])])
    .transform((version) => (String(version) === '1.3' ? '1.3' : '1.2'))
    .default('1.2')
    .describe('Of the protocol, the least that is spoken. Default: 1.2.'),
})

const listen = settings({
  port: integer(0, 65_535).default(8080),
  host: text.meta({ pattern: host }).default('127.0.0.1'),
  trust: trust.default('none'),
  health: z.boolean().default(false).describe('Answer /healthz and /readyz here too, before any API.'),
  tls: tls.optional().describe('Speak TLS here. Default: plain HTTP, for a proxy in front.'),
  wire: z.enum(['plain', 'node']).default('plain').describe('Who reads requests, and answers of services: plain, strict grammars of the gateway’s own that leave all but the plain case to Node’s parser and undici; node, these alone.'),
  contract: text.meta({ pattern: contractRef }).optional().describe('Speaks where no API is concerned: a shipped contract or a file. Default: the only API’s, else problem.'),
})

const token = z.string().min(16, 'is too short to be a secret; use at least 16 characters')

const admin = settings({
  port: integer(0, 65_535).default(9090),
  host: text.meta({ pattern: address }).default('127.0.0.1'),
  hostnames: z.array(text).default([]).describe('Host names, besides localhost and IP addresses, under which the admin API may be asked for.'),
  token: token.optional().describe('Default: made at the first start and kept in a file that only its owner can read.'),
  tokens: z.record(name, token).optional().describe('Further tokens by the name that the audit log shows.'),
  may: z.record(name, z.array(z.enum(permissions)).min(1)).optional().describe('By the name of a token, all that it may: read, write (accounts, keys, sessions), money, operate. Default: everything.'),
  tls: tls.optional(),
}).meta(rules(anyOf({ properties: { host: { type: 'string', pattern: loopback } } }, has('token'), has('tokens'))))

const calls = settings({
  port: integer(0, 65_535).default(9091).describe('Fixed, since services keep the URLs of their calls over a restart.'),
  host: text.meta({ pattern: address }).default('127.0.0.1'),
  url: text.meta({ pattern: serverUrl }).optional().describe('How services reach it, if not under host and port: http://gateway.internal:9091/calls.'),
})

export const fileShape = settings({
  listen: listen.prefault({}),
  admin: admin.prefault({}),
  calls: calls.prefault({}).describe('Where services settle calls that hold money or leases. Opened only when some route has such calls.'),
  store,
  counters: counters.optional(),
  onStoreFailure: onStoreFailure.prefault({}),
  workers,
  requestLog: settings({ keep: duration(60_000).default(30 * 86_400_000) }).prefault({}),
  shutdown: settings({
    grace: duration(0).default(30_000).describe('How long requests in flight may take to end.'),
    delay: duration(0).default(0).describe('How long /readyz says 503 before connections are refused, for balancers to notice.'),
  }).prefault({}),
  log: settings({
    level: z.enum(logLevels).default('info').describe('The least that is said.'),
    format: z.enum(logFormats).default('json').describe('text: for eyes.'),
    access: z.boolean().default(false).describe('A line for each request.'),
  }).prefault({}),
  metrics: settings({
    token: token.optional().describe('Reads /metrics at the admin port, and nothing else. Operators may always.'),
    public: z.boolean().default(false).describe('Everybody who reaches the admin port may.'),
  }).prefault({}),
  upstreams: z.record(name, upstream),
  apis: z.record(name, apiShape).meta({ minProperties: 1 }),
})

export type FileShape = z.output<typeof fileShape>
/** What `tollgate.yaml` may say, as an object. */
export type FileInput = z.input<typeof fileShape>

/**
 * For editors: what a file may say.
 *
 * @example
 * typeof configJsonSchema()['properties'] // => 'object'
 */
export function configJsonSchema(): Record<string, unknown> {
  return { title: 'Tollgate configuration', ...(toPublished(z.toJSONSchema(fileShape, { io: 'input', target: 'draft-2020-12' })) as object) }
}
