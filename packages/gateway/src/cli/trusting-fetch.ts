/** `fetch` towards an admin API whose certificate no public authority has signed. */
import { X509Certificate } from 'node:crypto'
import { checkServerIdentity, rootCertificates } from 'node:tls'

export interface AdminTrust {
  /** PEM: these authorities, in place of the public ones. */
  readonly authorities?: string
  /** PEM: the certificate that the configuration at hand gives the listener. Who shows it is the gateway, whatever its name. */
  readonly listener?: string
}

export async function trustingFetch({ authorities, listener }: AdminTrust): Promise<typeof globalThis.fetch> {
  // Loaded here: most commands need none of it. Node's own fetch cannot be told whom to trust.
  const { Agent, fetch } = await import('undici')
  const known = listener === undefined ? undefined : new X509Certificate(listener).fingerprint256
  const dispatcher = new Agent({
    connect: {
      ca: authorities ?? [...rootCertificates, ...(listener === undefined ? [] : [listener])],
      // The listener's certificate is trusted by itself, though the authority that signed it may not be at hand.
      allowPartialTrustChain: authorities === undefined,
      checkServerIdentity: (name, certificate) => (certificate.fingerprint256 === known ? undefined : checkServerIdentity(name, certificate)),
    },
  })
  return ((input: Parameters<typeof fetch>[0], init: Parameters<typeof fetch>[1]) => fetch(input, { ...init, dispatcher })) as typeof globalThis.fetch
}
