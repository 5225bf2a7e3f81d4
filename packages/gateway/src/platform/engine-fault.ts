/**
 * What the failure of an engine means to its operator, and what mends it. The words of servers and clients are not passed on where they could hold what was sent:
 * a server repeats users and databases, and some clients whole addresses.
 */
import { redactedText } from './redaction.ts'
import { codeOf } from './error-code.ts'

export interface EngineAddress {
  /** As it is shown: no user, no password. */
  readonly name: string
  readonly user: string | undefined
  readonly password: string | undefined
  readonly database: string | undefined
}

type Sentence = (about: EngineAddress) => string

/** Of the system, by its codes. */
const ofSystem: { readonly [code: string]: Sentence } = {
  ECONNREFUSED: () => 'nothing listens at this address; start the server, or mend the address',
  ENOTFOUND: () => 'there is no host of this name; mend the address',
  EAI_AGAIN: () => 'the name of its host cannot be looked up at the moment',
  ETIMEDOUT: () => 'it does not answer; is the address right, and does a firewall let this machine through?',
  EHOSTUNREACH: () => 'its host cannot be reached',
  ENETUNREACH: () => 'its network cannot be reached',
  ECONNRESET: () => 'it closed the connection',
  EPIPE: () => 'it closed the connection',
  ENOENT: () => 'there is no such socket; mend the address',
  EACCES: () => 'this user may not open its socket',
  DEPTH_ZERO_SELF_SIGNED_CERT: () => 'its certificate is signed by itself; give it in tls.ca',
  SELF_SIGNED_CERT_IN_CHAIN: () => 'its certificate is signed by an authority that is not known; give that in tls.ca',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: () => 'its certificate is signed by an authority that is not known; give that in tls.ca',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: () => 'its certificate is signed by an authority that is not known; give that in tls.ca',
  ERR_TLS_CERT_ALTNAME_INVALID: () => 'its certificate is for another name; give the name in tls.serverName, or mend the address',
  CERT_HAS_EXPIRED: () => 'its certificate has expired',
  EPROTO: () => 'it does not speak TLS as it is spoken here',
}

/** Of Postgres: SQLSTATE. */
const ofPostgres: { readonly [code: string]: Sentence } = {
  '28P01': ({ user }) => `the password${ofUser(user)} is wrong`,
  '28000': ({ user }) => `the server does not let the user${user === undefined ? '' : ` ${user}`} in from here (pg_hba.conf says who may, and whether by TLS)`,
  '3D000': ({ database }) => `there is no database ${database ?? ''}; create it (createdb), or mend the address`,
  '42501': ({ user }) => `the user${user === undefined ? '' : ` ${user}`} may not do what is needed: it must own the schema tollgate, or may create one (GRANT CREATE ON DATABASE)`,
  '53300': () => 'it has no connection left; raise max_connections, or lower lanes or workers',
  '57P01': () => 'it was told to stop, or this connection was ended by hand',
  '57P02': () => 'it crashed, and starts again',
  '57P03': () => 'it is starting up, or shutting down',
  '25006': () => 'it is a standby, which takes no writes; give the address of the primary',
  '53100': () => 'its disk is full',
  '57014': () => 'a statement took too long',
}

/** Of Valkey and Redis: the first word of what they say. */
const ofValkey: { readonly [word: string]: Sentence } = {
  WRONGPASS: ({ user }) => `the password${ofUser(user)} is wrong, or there is no such user`,
  NOAUTH: () => 'it asks for a password; give one in the address',
  NOPERM: ({ user }) => `the user${user === undefined ? '' : ` ${user}`} may not do what is needed: commands of scripts, strings, hashes and sorted sets, on keys that begin with the prefix`,
  LOADING: () => 'it is still reading its data',
  READONLY: () => 'it is a replica, which takes no writes; give the address of the primary',
  OOM: () => 'it has no memory left',
  MISCONF: () => 'it cannot write its data to its disk, and takes no writes',
  CLUSTERDOWN: () => 'its cluster is down',
  ERR: () => 'it does not take what it was asked',
}

function ofUser(user: string | undefined): string {
  return user === undefined ? '' : ` of ${user}`
}

/** `postgres db:5432/app: the password of tollgate is wrong`. */
export function engineFault(error: unknown, about: EngineAddress): string {
  return `${about.name}: ${sentenceOf(error, about)}`
}

function sentenceOf(error: unknown, about: EngineAddress): string {
  // Several addresses of one name were tried.
  const inner = error instanceof AggregateError && error.errors.length > 0 ? (error.errors[0] as unknown) : error
  const code = codeOf(inner)
  const message = inner instanceof Error ? inner.message : String(inner)
  const word = /^[A-Z]+\b/.exec(message)?.[0] ?? ''
  for (const [table, key] of [[ofSystem, code], [ofPostgres, code], [ofValkey, word]] as const) {
    const sentence = Object.hasOwn(table, key) ? table[key] : undefined
    if (sentence !== undefined) return sentence(about)
  }
  if (/does not support SSL/i.test(message)) return 'it does not speak TLS; take tls (or sslmode) away, or switch it on there'
  if (/time(?:d )?-?out/i.test(message)) return ofSystem['ETIMEDOUT']?.(about) ?? message
  if (/password must be a string|no password/i.test(message)) return 'it asks for a password; give one in the address'
  return withoutSecret(message, about)
}

/** What is not known above is said as it is. */
function withoutSecret(message: string, { password }: EngineAddress): string {
  const shown = message.replaceAll(/\b(\w+:\/\/)[^\s@]*@/g, `$1${redactedText}@`)
  return password === undefined || password.length < 3 ? shown : shown.replaceAll(password, redactedText)
}
