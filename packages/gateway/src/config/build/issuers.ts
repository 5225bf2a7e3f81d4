/** The identity providers of an API: what they say held against its plans, their keys read where they are a file. */
import { compact } from 'tollgate/contract'
import { readServerUrl } from '../../platform/server-url.ts'
import type { ClaimPath, IssuerKeys, IssuerOptions } from '../../tokens/issuer-options.ts'
import { isLoopback } from '../read/addresses.ts'
import type { ApiShape } from '../shape/api-shape.ts'
import type { Files } from '../read/files.ts'
import { isGroup } from '../read/group.ts'
import { algorithms as publicKeyAlgorithms, type IssuerShape } from '../shape/issuer-shape.ts'
import { suggestion } from '../read/suggestion.ts'
import type { Path } from '../read/config-problem.ts'
import type { Report } from '../read/report.ts'

/** The `iss` of the tokens that the gateway signs itself. */
const OWN_ISSUER = 'tollgate'

export function buildIssuers({ tokens, plans }: ApiShape, path: Path, files: Files, report: Report): readonly IssuerOptions[] {
  const issuers = tokens?.issuers ?? []
  return issuers.flatMap((shape, at) => {
    const place = [...path, 'tokens', 'issuers', at]
    const first = issuers.findIndex(({ issuer }) => issuer === shape.issuer)
    if (shape.issuer === OWN_ISSUER) report.value([...place, 'issuer'], 'is the name of this gateway in its own tokens')
    else if (first !== at) report.value([...place, 'issuer'], `stands at issuers[${first}] already`)
    const plan = shape.createAccounts?.plan
    if (plan !== undefined && !Object.hasOwn(plans, plan)) report([...place, 'createAccounts', 'plan'], `no plan is called ${JSON.stringify(plan)}${suggestion(plan, Object.keys(plans))}`)
    const keys = readKeys(shape.jwks, [...place, 'jwks'], files, report)
    return keys === undefined ? [] : [toIssuer(shape, keys)]
  })
}

function toIssuer({ issuer, audience, algorithms = [...publicKeyAlgorithms], account, user, scopes, plan, accountPrefix, createAccounts, skew }: IssuerShape, keys: IssuerKeys): IssuerOptions {
  return {
    issuer,
    keys,
    audiences: [audience].flat(),
    algorithms,
    claims: compact({ account: toPath(account), user: toPath(user), scopes: toPath(scopes), plan: plan === undefined ? undefined : toPath(plan) }),
    accountPrefix,
    skewSeconds: Math.floor(skew / 1_000),
    newAccounts: createAccounts,
  }
}

function toPath(claim: IssuerShape['account']): ClaimPath {
  return [claim].flat()
}

/** What looks like an address is one: `keys.json` is a file, `http://keys.example` is an address with a slip. */
function readKeys(jwks: string, path: Path, files: Files, report: Report): IssuerKeys | undefined {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(jwks)) {
    const fault = faultOfAddress(jwks)
    if (fault === undefined) return { kind: 'url', url: jwks }
    report.value(path, fault)
    return undefined
  }
  const read = files.read(jwks)
  if (!read.ok) {
    report(path, read.message)
    return undefined
  }
  const found = keysOf(read.source.data)
  if (found.ok) return { kind: 'file', keys: { keys: found.keys } }
  report(path, `${jwks} ${found.fault}`)
  return undefined
}

function faultOfAddress(text: string): string | undefined {
  const read = readServerUrl(text, { example: 'https://id.example.com/.well-known/jwks.json, or a file', mayHaveQuery: true })
  if (!read.ok) return read.fault
  return read.url.protocol === 'https:' || isLoopback(read.url.hostname) ? undefined : 'must begin with https:// (keys that come over plain HTTP are anybody\'s)'
}

interface PublicKey {
  readonly kty: string
  readonly [member: string]: unknown
}

type KeysRead = { readonly ok: true; readonly keys: PublicKey[] } | { readonly ok: false; readonly fault: string }

/** RFC 7517 section 5. */
function keysOf(value: unknown): KeysRead {
  const keys: unknown = isGroup(value) ? value['keys'] : undefined
  if (!Array.isArray(keys) || !keys.every(isKey)) return { ok: false, fault: 'is no JSON Web Key Set; it looks like {"keys":[{"kty":"RSA","kid":"…","n":"…","e":"AQAB"}]}' }
  if (keys.length === 0) return { ok: false, fault: 'has no keys, so no token could be verified' }
  const secret = keys.findIndex((key) => key.kty === 'oct' || Object.hasOwn(key, 'd'))
  return secret === -1 ? { ok: true, keys } : { ok: false, fault: `holds a secret: keys[${secret}] is not only the public half` }
}

function isKey(value: unknown): value is PublicKey {
  return isGroup(value) && typeof value['kty'] === 'string'
}
