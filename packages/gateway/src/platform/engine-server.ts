/** How a server of an engine is reached, and by TLS where that is asked for. */
import type { ConnectionOptions } from 'node:tls'
import { compact } from 'tollgate/contract'

/** How the gateway speaks TLS to an engine: PEM, read. Undefined members are the system's. */
export interface EngineTls {
  readonly ca: string | undefined
  readonly verify: 'full' | 'authority' | 'none'
  readonly certificate: string | undefined
  readonly key: string | undefined
  readonly passphrase: string | undefined
  readonly serverName: string | undefined
}

/** What all kinds of them are reached by. */
export interface EngineServer {
  /** Of a socket: the directory that it is in. */
  readonly host: string
  readonly port: number
  readonly user: string | undefined
  readonly password: string | undefined
  readonly tls: EngineTls | undefined
  readonly connectTimeoutMs: number
  readonly timeoutMs: number
}

/** As Node's TLS takes them; the host's name is added by the client. */
export function tlsOptions({ ca, verify, certificate, key, passphrase, serverName }: EngineTls): ConnectionOptions {
  return compact({
    ca,
    cert: certificate,
    key,
    passphrase,
    servername: serverName,
    rejectUnauthorized: verify !== 'none',
    checkServerIdentity: verify === 'authority' ? () => undefined : undefined,
  })
}
