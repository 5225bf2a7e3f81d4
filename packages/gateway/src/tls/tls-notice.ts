import type { TlsMaterial } from './tls-material.ts'

const DAY_MS = 86_400_000
/** Who renews by itself does so 30 days before: that this is still the old one means that the renewal does not work. */
const SOON_MS = 14 * DAY_MS

export interface TlsNotice {
  readonly kind: 'not_yet_valid' | 'expired' | 'expires_soon'
  readonly message: string
}

/** What an operator should know of a certificate that can be served all the same: callers decide whether they take it. */
export function tlsNotice({ settings, validFromMs, expiresAtMs }: TlsMaterial, nowMs: number): TlsNotice | undefined {
  const { certificate } = settings
  const at = (ms: number): string => new Date(ms).toISOString()
  if (expiresAtMs <= nowMs) return { kind: 'expired', message: `the certificate in ${certificate} expired at ${at(expiresAtMs)}; callers refuse it: renew it` }
  if (validFromMs > nowMs) return { kind: 'not_yet_valid', message: `the certificate in ${certificate} is valid from ${at(validFromMs)} on only; is the clock right?` }
  if (expiresAtMs - nowMs < SOON_MS) return { kind: 'expires_soon', message: `the certificate in ${certificate} expires at ${at(expiresAtMs)}; renew it` }
  return undefined
}
