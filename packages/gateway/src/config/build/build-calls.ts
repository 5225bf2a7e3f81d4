/** The listener at which services settle what their calls hold. */
import { isIP } from 'node:net'
import { canonicalIp } from 'tollgate/gate'
import { readServerUrl } from '../../platform/server-url.ts'
import { needsCallApi } from './call-api-need.ts'
import type { FileShape } from '../shape/file-shape.ts'
import type { CallsConfig, GatewayConfig } from '../gateway-config.ts'
import type { Report } from '../read/report.ts'

const EXAMPLE = 'http://127.0.0.1:9091/calls'

/** `apis`: those in which nothing is wrong. */
export function buildCalls({ calls, listen, admin }: FileShape, { apis }: Pick<GatewayConfig, 'apis'>, report: Report): CallsConfig {
  const { port, host, url } = calls
  if (isIP(host) === 0 && host !== 'localhost') report.value(['calls', 'host'], 'must be an IP address or localhost')
  const read = url === undefined ? undefined : readServerUrl(url, { example: EXAMPLE })
  if (read?.ok === false) report.value(['calls', 'url'], read.fault)
  // A listener that is neither asked for nor needed is not opened.
  if (report.isWritten(['calls']) || needsCallApi({ apis })) {
    const other = port === 0 ? undefined : [['listen', listen.port] as const, ['admin', admin.port] as const].find(([, taken]) => taken === port)
    if (other !== undefined) report(['calls', 'port'], `${port} is the port of ${other[0]} too; they need one each`)
    if (url === undefined && isAnyAddress(host)) {
      report(['calls', 'url'], `is missing: services cannot ask for ${host}; write the address under which they reach it, such as url: http://gateway.internal:${port}/calls`)
    }
  }
  return { port, host, url: url?.replace(/\/+$/, '') }
}

function isAnyAddress(host: string): boolean {
  const address = canonicalIp(host)
  return address === '0.0.0.0' || address === '::'
}
