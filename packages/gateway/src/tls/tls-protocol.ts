/** What is spoken: TLS 1.2 with forward secrecy and authenticated encryption only, and 1.3 (RFC 9325; Mozilla's "intermediate"). */

import type { TlsOptions } from 'node:tls'

export const tlsVersions = ['1.2', '1.3'] as const
export type TlsVersion = (typeof tlsVersions)[number]

const CIPHERS = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
].join(':')

/** HTTP/2 is not spoken. Node bounds renegotiation, by which a caller of TLS 1.2 could make us work for nothing. */
export function protocolOptions(minVersion: TlsVersion): Pick<TlsOptions, 'minVersion' | 'maxVersion' | 'ciphers' | 'ALPNProtocols'> {
  return { minVersion: `TLSv${minVersion}`, maxVersion: 'TLSv1.3', ciphers: CIPHERS, ALPNProtocols: ['http/1.1', 'http/1.0'] }
}
