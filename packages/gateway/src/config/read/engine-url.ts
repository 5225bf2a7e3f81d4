/** The addresses of engines: `postgres://user:password@host:5432/database`, `rediss://host:6379/0`. What is wrong is said without any of their secrets. */
import type { EngineTls } from '../../platform/engine-server.ts'

export interface EngineUrl {
  readonly server: { readonly host: string; readonly port: number; readonly user: string | undefined; readonly password: string | undefined }
  /** The database. */
  readonly path: string | undefined
  /** Undefined: plain. */
  readonly tls: EngineTls['verify'] | undefined
}

export type ReadEngineUrl = { readonly ok: true; readonly value: EngineUrl } | { readonly ok: false; readonly fault: string }

interface Rules {
  readonly schemes: readonly string[]
  readonly example: string
  readonly port: number
  readonly parameters: readonly string[]
}

const engines: { readonly [engine in 'postgres' | 'valkey']: Rules } = {
  postgres: { schemes: ['postgres:', 'postgresql:'], example: 'postgres://tollgate@127.0.0.1:5432/tollgate', port: 5432, parameters: ['sslmode', 'host'] },
  valkey: { schemes: ['redis:', 'rediss:', 'valkey:', 'valkeys:'], example: 'redis://127.0.0.1:6379/0', port: 6379, parameters: [] },
}

/** As libpq reads them: `require` encrypts, and trusts whoever answers. */
const sslModes: { readonly [mode: string]: EngineTls['verify'] | 'plain' } = { disable: 'plain', allow: 'plain', prefer: 'plain', require: 'none', 'verify-ca': 'authority', 'verify-full': 'full' }

/** `fault` goes on after what was written. */
export function readEngineUrl(engine: 'postgres' | 'valkey', text: string): ReadEngineUrl {
  const { schemes, example, port, parameters } = engines[engine]
  const failed = (fault: string): ReadEngineUrl => ({ ok: false, fault })
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !schemes.includes(url.protocol)) return failed(`must be a URL such as ${example}`)
  if (url.hash !== '') return failed('must not have a fragment: a # in a password is written %23')
  // Not quoted: behind a ? that nobody has escaped there may be the rest of a password.
  if ([...url.searchParams.keys()].some((name) => !parameters.includes(name))) {
    return failed(`has a parameter that is not known here; ${parameters.length === 0 ? 'there is none' : `there are ${parameters.join(' and ')}`}, and settings beside the URL (a ? in a password is written %3F)`)
  }
  const mode = url.searchParams.get('sslmode')
  const ssl = mode === null ? undefined : Object.hasOwn(sslModes, mode) ? sslModes[mode] : 'unknown'
  if (ssl === 'unknown') return failed(`has an sslmode that there is not; it is one of ${Object.keys(sslModes).join(', ')}`)
  const pieces = [url.username, url.password, url.pathname.replace(/^\//, '')].map(decoded)
  if (pieces.includes(undefined)) return failed('has a % that stands for nothing: a plain one is written %25')
  const [user, password, path] = pieces
  if (engine === 'valkey' && path !== '' && !/^\d{1,5}$/.test(path ?? '')) return failed('must name its database by number: /0')
  const host = url.searchParams.get('host') ?? decoded(url.hostname.replace(/^\[(.*)\]$/, '$1'))
  if (host === undefined || host === '') return failed(`names no host; write one, as in ${example}`)
  const tls = url.protocol === 'rediss:' || url.protocol === 'valkeys:' ? 'full' : ssl === 'plain' ? undefined : ssl
  return { ok: true, value: { server: { host, port: url.port === '' ? port : Number(url.port), user: someOf(user), password: someOf(password) }, path: someOf(path), tls } }
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

function someOf(text: string | undefined): string | undefined {
  return text === '' ? undefined : text
}
