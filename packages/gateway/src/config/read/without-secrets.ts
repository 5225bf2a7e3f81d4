/**
 * A configuration as messages may quote it. Tokens that are written out must not come back in an error, a log or a reply of the admin API,
 * whatever their type and wherever a slip has put them; nor must what an upstream gets in headers and query, and what its URL holds beside scheme, host and path.
 */
import { urlWithoutSecrets } from '../../platform/server-url.ts'
import { isGroup, type Group } from './group.ts'

export function withoutSecrets(data: unknown): unknown {
  if (!isGroup(data)) return data
  return withReplaced(data, {
    listen: (listen) => (isGroup(listen) ? withReplaced(listen, { tls: withoutPassphrase }) : listen),
    admin: (admin) => (isGroup(admin) ? withReplaced(admin, { token: hidden, tokens: hidden, tls: withoutPassphrase }) : hidden(admin)),
    metrics: (metrics) => (isGroup(metrics) ? withReplaced(metrics, { token: hidden }) : hidden(metrics)),
    store: withoutEngineSecrets,
    counters: withoutEngineSecrets,
    upstreams: (upstreams) => eachUpstream(upstreams),
    calls: (calls) => eachText(calls, urlWithoutSecrets),
  })
}

/** Of a database file the path is no address. */
function withoutEngineSecrets(settings: unknown): unknown {
  if (!isGroup(settings)) return eachText(settings, urlWithoutSecrets)
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => {
      if (name === 'sqlite' && typeof value === 'string' && !value.includes('://')) return [name, value]
      const shown = eachText(value, urlWithoutSecrets)
      return [name, isGroup(value) && isGroup(shown) ? { ...shown, ...withReplaced(pick(value, ['tls']), { tls: withoutPassphrase }) } : shown]
    }),
  )
}

function eachUpstream(upstreams: unknown): unknown {
  if (!isGroup(upstreams)) return eachText(upstreams, urlWithoutSecrets)
  return Object.fromEntries(
    Object.entries(upstreams).map(([name, upstream]) => {
      const shown = eachText(upstream, urlWithoutSecrets)
      return [name, isGroup(upstream) && isGroup(shown) ? { ...shown, ...withReplaced(pick(upstream, ['headers', 'query', 'tls']), { headers: hidden, query: hidden, tls: withoutPassphrase }) } : shown]
    }),
  )
}

function pick(group: Group, names: readonly string[]): Group {
  return Object.fromEntries(Object.entries(group).filter(([name]) => names.includes(name)))
}

function withoutPassphrase(tls: unknown): unknown {
  return isGroup(tls) ? withReplaced(tls, { passphrase: hidden }) : tls
}

/** A placeholder only names the secret. */
function hidden(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(hidden)
  if (isGroup(value)) return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, hidden(each)]))
  if (value === null || (typeof value === 'string' && /^\$\{[A-Za-z_]\w*\}$/.test(value))) return value
  return typeof value === 'string' ? '(secret)' : `(secret ${typeof value})`
}

function eachText(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value)
  if (Array.isArray(value)) return value.map((each) => eachText(each, change))
  return isGroup(value) ? Object.fromEntries(Object.entries(value).map(([name, each]) => [name, eachText(each, change)])) : value
}

function withReplaced(group: Group, changes: { readonly [name: string]: (value: unknown) => unknown }): Group {
  return Object.fromEntries(
    Object.entries(group).map(([name, value]) => {
      const change = Object.hasOwn(changes, name) ? changes[name] : undefined
      return [name, change === undefined ? value : change(value)]
    }),
  )
}
