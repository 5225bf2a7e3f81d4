/** Why the admin API could not be asked, with the mend. */
import { codeOf } from '../platform/error-code.ts'

/** What to say to who finds nobody there. */
export interface DownAdvice {
  /** Where nothing listens. */
  readonly refused: string
  readonly mend: string
  /** Where there is a configuration whose gateway has never been started. */
  readonly neverStarted: string
}

export const startIt: DownAdvice = {
  refused: 'it is not up yet, or it does not run',
  mend: 'start the gateway with "tollgate serve", or say where it is with --admin URL',
  neverStarted: 'start it with "tollgate serve", or say where another one is with --admin URL and --token',
}

export function faultOfConnection(error: unknown, url: string, { refused, mend }: DownAdvice): { readonly code: string; readonly message: string } {
  const code = codeOfCause(error)
  const silence = `the admin API at ${url} does not answer (${code})${code === 'ECONNREFUSED' ? `: ${refused}` : ''}; ${mend}`
  return { code, message: tlsFault(code, url) ?? (isCutOff(code, url) ? `${silence}; if it speaks TLS, write https://` : silence) }
}

/** fetch fails with an error of its own around that of the connection. */
function codeOfCause(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  return codeOf(cause) || (cause instanceof Error ? cause.message : String(cause))
}

/** As a listener that speaks TLS ends who does not. */
function isCutOff(code: string, url: string): boolean {
  return url.startsWith('http:') && (code === 'ECONNRESET' || code === 'UND_ERR_SOCKET')
}

/** What stands in the way of TLS; undefined if that is not what failed. */
function tlsFault(code: string, url: string): string | undefined {
  if (/^ERR_TLS_CERT_ALTNAME_INVALID$/.test(code)) return `the certificate of the admin API at ${url} is for another name; ask for it under a name of the certificate: --admin https://NAME:PORT`
  if (code === 'CERT_HAS_EXPIRED') return `the certificate of the admin API at ${url} has expired; renew it, the gateway takes the new one by itself`
  if (/^(?:DEPTH_ZERO_)?SELF_SIGNED_CERT|^UNABLE_TO_(?:VERIFY|GET)|^CERT_/.test(code)) {
    return `the certificate of the admin API at ${url} is not trusted (${code}); name who signed it: --ca FILE or TOLLGATE_ADMIN_CA`
  }
  if (code === 'ERR_SSL_WRONG_VERSION_NUMBER' || code === 'ERR_SSL_PACKET_LENGTH_TOO_LONG') return `what answers at ${url} does not speak TLS; write http:// if it is meant to be plain`
  return undefined
}
