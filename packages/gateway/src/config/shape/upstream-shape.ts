/** One upstream of `tollgate.yaml`: where it is, what it speaks, and with what the gateway proves itself there. */
import { z } from 'zod'
import { serverUrl } from '../read/patterns.ts'
import { spokenRef } from './contract-ref.ts'
import { headerName, integer, settings, text } from '../read/scalars.ts'

const secret = z.union([
  text.describe('Better a ${NAME} than written out.'),
  settings({
    file: text.describe('What the file says, without line breaks at its end.'),
    scheme: text.optional().describe('What stands before it: Bearer.'),
  }),
])

const tls = settings({
  ca: text.optional().describe('PEM: the authorities that are trusted there, in place of the system’s.'),
  certificate: text.optional().describe('PEM: the gateway’s own certificate first, then those that lead to its authority.'),
  key: text.optional().describe('PEM: the private key of that certificate.'),
  passphrase: text.optional().describe('Of a key that is encrypted. Better a ${NAME} than written out.'),
  serverName: text.optional().describe('The name that its certificate must be for. Default: the host of the URL.'),
})

const full = settings({
  url: text.meta({ pattern: serverUrl }),
  preserveHost: z.boolean().default(false).describe('Send the caller’s Host instead of the upstream’s own.'),
  connections: integer(1, 10_000).optional().describe('Connections kept to it at most.'),
  speaks: text.meta({ pattern: spokenRef }).optional().describe('The contract in which it refuses, if not that of the API: a shipped contract or a file. What it says is translated.'),
  idempotent: z.boolean().default(false).describe('It knows an idempotency key again: a call whose outcome is unknown may be sent to it once more.'),
  headers: z.record(headerName, secret).optional().describe('Sent with every request, in place of the caller’s own of these names: a provider’s key.'),
  query: z.record(text, secret).optional().describe('Parameters of every request, in place of the caller’s own of these names.'),
  tls: tls.optional().describe('For an https URL.'),
  context: z.boolean().default(true).describe('Tell it who calls: Tollgate-* and X-Forwarded-* headers.'),
})

export const upstream = z.union([text.meta({ pattern: serverUrl }).transform((url) => full.parse({ url })), full])

export type UpstreamShape = z.output<typeof upstream>
export type SecretShape = z.output<typeof secret>
