/** Settings that hold until the process ends: a reload that would change one is refused. */
import { engineName } from '../engine-config.ts'
import type { GatewayConfig } from '../gateway-config.ts'
import type { ConfigProblem } from '../read/config-problem.ts'

export function fixedChanges(before: GatewayConfig, after: GatewayConfig): readonly ConfigProblem[] {
  const next = fixedSettings(after)
  return fixedSettings(before).flatMap(([path, value], at) => {
    const wanted = next[at]?.[1]
    return wanted === value ? [] : [{ path, message: `is ${value} and cannot become ${wanted} while running; restart for that` }]
  })
}

function fixedSettings({ listen, admin, calls, store, counters, onStoreFailure, workers }: GatewayConfig) {
  return [
    [['listen', 'port'], listen.port],
    [['listen', 'host'], listen.host],
    [['listen', 'tls'], spoken(listen.tls)],
    [['listen', 'wire'], listen.wire],
    [['admin', 'port'], admin.port],
    [['admin', 'host'], admin.host],
    [['admin', 'tls'], spoken(admin.tls)],
    [['calls', 'port'], calls.port],
    [['calls', 'host'], calls.host],
    // Services keep the URLs of their calls.
    [['calls', 'url'], calls.url ?? 'not set'],
    [['store'], engineName(store)],
    [['counters'], counters === undefined ? 'not set' : engineName(counters)],
    [['onStoreFailure', 'credentials'], onStoreFailure.credentials],
    [['workers'], workers],
  ] as const
}

/** Which files the certificate comes from may change; who calls by plain HTTP must not be met by TLS. */
function spoken(tls: unknown): string {
  return tls === undefined ? 'not set' : 'set'
}
