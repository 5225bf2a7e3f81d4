/** Where things are kept: the store, the engine that counts beside it, how many processes share them, and what becomes of calls while one does not answer. */
import { z } from 'zod'
import { exactlyOne, rules } from '../build/schema-rules.ts'
import { postgresUrl, valkeyUrl } from '../read/patterns.ts'
import { duration, integer, onlyOne, settings, text } from '../read/scalars.ts'

const tls = settings({
  ca: text.optional().describe('PEM: the authorities that are trusted there, in place of the system’s.'),
  verify: z.enum(['full', 'authority', 'none']).default('full').describe('full: the certificate’s authority and its name; authority: not its name; none: neither, which whoever is in between can use.'),
  certificate: text.optional().describe('PEM: the gateway’s own certificate, where the server asks for one.'),
  key: text.optional().describe('PEM: the private key of that certificate.'),
  passphrase: text.optional().describe('Of a key that is encrypted. Better a ${NAME} than written out.'),
  serverName: text.optional().describe('The name that its certificate must be for. Default: the host of the URL.'),
})

const postgres = settings({
  url: text.meta({ pattern: postgresUrl }).describe('postgres://user:password@host:5432/database. Better a ${NAME} than written out.'),
  lanes: integer(1, 32).default(2).describe('Connections that write: accounts are spread over them, and each writes one group after the other.'),
  connectTimeout: duration(10).default(5_000).describe('How long a connection may take to be made.'),
  timeout: duration(10).default(5_000).describe('How long a statement may take. What was asked then counts as not answered, and its connection is closed.'),
  tls: tls.optional().describe('Speak TLS. Default: as sslmode of the URL says, else plain.'),
})

const valkey = settings({
  url: text.meta({ pattern: valkeyUrl }).describe('redis://user:password@host:6379/0, rediss:// for TLS. Better a ${NAME} than written out.'),
  prefix: text.default('tollgate:').describe('What all its keys begin with.'),
  cluster: z.boolean().default(false).describe('The URL is that of one node of a cluster.'),
  connectTimeout: duration(10).default(5_000).describe('How long a connection may take to be made.'),
  timeout: duration(10).default(2_000).describe('How long a command may take.'),
  tls: tls.optional().describe('For a rediss URL.'),
})

const engines = ['sqlite', 'postgres'] as const

export const store = z
  .union([
    z.literal('memory'),
    settings({
      sqlite: text.optional().describe('The database file, which one process owns.'),
      postgres: z
        .union([text.meta({ pattern: postgresUrl }).transform((url) => postgres.parse({ url })), postgres])
        .optional()
        .describe('A database that any number of gateways share.'),
    })
      .refine(onlyOne(engines), `must have exactly one of ${engines.join(', ')}`)
      .meta(rules(exactlyOne(engines))),
  ])
  .describe('Where accounts, keys, counters and the request log live. memory forgets all at a stop.')

export const counters = settings({
  valkey: z.union([text.meta({ pattern: valkeyUrl }).transform((url) => valkey.parse({ url })), valkey]).describe('A Valkey or Redis server, 6.2 or newer.'),
}).describe('Where windows, quotas and slots are counted, if not in the store.')

export const onStoreFailure = settings({
  credentials: z.enum(['refuse', 'allowLocally']).optional().describe('Keys, accounts and switches. allowLocally: those that this gateway knows are good for cachedFor. Default: refuse.'),
  cachedFor: duration(2_000).default(60_000).describe('With allowLocally: for how long since the store has last answered.'),
  money: z.enum(['refuse', 'allow']).optional().describe('Balances, spending, sessions, stock, idempotency keys. allow: calls cost nothing meanwhile. Default: refuse.'),
  quotas: z.enum(['refuse', 'allowLocally', 'allow']).optional().describe('Default: refuse.'),
  slots: z.enum(['refuse', 'allowLocally', 'allow']).optional().describe('Calls at once. Default: allowLocally where gateways share an engine, else refuse.'),
  windows: z.enum(['refuse', 'allowLocally', 'allow']).optional().describe('Rate limits. allowLocally: counted in this gateway, up to its share. Default: allowLocally where gateways share an engine, else refuse.'),
  patience: duration(10).default(1_000).describe('How long a count is waited for before it counts as not answered.'),
}).describe('What becomes of calls while the store does not answer, for each class of what is asked of it.')

export const workers = integer(1, 256).default(1).describe('Processes that take calls at the same addresses. More than one needs a store that they can share.')

export type StoreShape = z.output<typeof store>
export type CountersShape = z.output<typeof counters>
export type PostgresShape = z.output<typeof postgres>
export type ValkeyShape = z.output<typeof valkey>
export type EngineTlsShape = z.output<typeof tls>
export type OnStoreFailureShape = z.output<typeof onStoreFailure>
