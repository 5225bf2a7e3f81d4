/** Who calls and what they have left, out of the headers that the gateway adds. Callers cannot set them: the gateway drops what they send. */

/** `Headers` of fetch, or the header object of `node:http`. */
export type CallHeaders = { get(name: string): string | null } | { readonly [name: string]: string | readonly string[] | undefined }

/** Alone, without a gateway in front, a service sees nothing of this: everything is undefined or empty. */
export interface CallContext {
  readonly requestId: string | undefined
  readonly account: string | undefined
  readonly user: string | undefined
  readonly key: string | undefined
  readonly plan: string | undefined
  readonly scopes: readonly string[]
  readonly usage: Usage
  /** The money among it: a call is paid from one balance. Where a route shows several, the first. */
  readonly balance: MoneyUsage | undefined
  /** How the session stands that the path names. */
  readonly lease: 'active' | 'terminated' | undefined
  /** The caller's, without quotes, on routes that take one in `Idempotency-Key`. The same key means the same work. */
  readonly idempotencyKey: string | undefined
  /** Where the call is settled; worth keeping with work that ends later. Undefined where the route holds no money and takes no lease. */
  readonly url: string | undefined
}

/** By meter, as it stands with this call counted. */
export interface Usage {
  readonly [meter: string]: CountUsage | MoneyUsage | undefined
}

/** A window, a quota or a lease meter. Limit and remaining are null where nothing limits. */
export interface CountUsage {
  readonly kind: 'count'
  readonly limit: number | null
  readonly used: number
  readonly remaining: number | null
  /** An instant: `2026-11-22T00:00:00.000Z`. */
  readonly reset: string
}

/** A balance, in decimals: `{"available":"12.50","held":"1.00","scale":2}`. */
export interface MoneyUsage {
  readonly kind: 'money'
  readonly available: string
  readonly held: string
  readonly scale: number
  /** Of a balance that renews: what each period brings, and the instant of the next one. */
  readonly allowance?: string
  readonly reset?: string
}

export function contextOf(headers: CallHeaders): CallContext {
  const one = readerOf(headers)
  const lease = one('tollgate-lease')
  const usage = parseUsage(one('tollgate-usage'))
  return {
    requestId: one('tollgate-request-id'),
    account: one('tollgate-account'),
    user: one('tollgate-user'),
    key: one('tollgate-key'),
    plan: one('tollgate-plan'),
    scopes: one('tollgate-scopes')?.split(' ') ?? [],
    usage,
    balance: Object.values(usage).find((meter) => meter?.kind === 'money'),
    lease: lease === 'active' || lease === 'terminated' ? lease : undefined,
    idempotencyKey: one('idempotency-key'),
    url: one('tollgate-call'),
  }
}

function readerOf(headers: CallHeaders): (name: string) => string | undefined {
  if (isFetchHeaders(headers)) return (name) => headers.get(name) ?? undefined
  return (name) => headers[name]?.toString()
}

function isFetchHeaders(headers: CallHeaders): headers is { get(name: string): string | null } {
  return typeof headers['get'] === 'function'
}

/** Nothing where it cannot be read: without a gateway in front anyone may have written it. */
function parseUsage(text: string | undefined): Usage {
  // Without a prototype, so that there is no meter "constructor" unless the gateway names one.
  const usage = Object.create(null) as { [meter: string]: CountUsage | MoneyUsage }
  for (const [meter, said] of Object.entries(parsed(text) ?? {})) {
    if (typeof said === 'object' && said !== null) usage[meter] = { ...said, kind: Object.hasOwn(said, 'available') ? 'money' : 'count' }
  }
  return usage
}

function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '{}')
  } catch {
    return undefined
  }
}
