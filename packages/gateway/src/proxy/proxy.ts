/** The proxy: carries admitted calls to their upstreams and back. */
import type { Clock } from 'tollgate/engine'
import type { Carrier } from '../http/carrier.ts'
import type { Wire } from '../http/front.ts'
import { outsideHeaders } from './mounted-paths.ts'
import { passageOf, type Passages } from './passage.ts'
import { ProxiedCall } from './proxied-call.ts'
import { createUpstreams, type UpstreamOptions, type Upstreams } from './upstream.ts'

export interface ProxyOptions {
  readonly upstreams: { readonly [name: string]: UpstreamOptions }
  /** Of the same configuration as the gate's APIs. */
  readonly passages: Passages
  /** Who reads the plain form of answers: a grammar of our own (the default), or undici, which reads whatever else there is in any case. */
  readonly wire?: Wire
}

export interface Proxy extends Carrier {
  readonly upstreams: Upstreams
}

/** `before`: whose connections are kept as far as upstreams did not change. Throws when an upstream's URL is none, naming it. */
export function createProxy({ upstreams: declared, passages, wire = 'plain' }: ProxyOptions, clock: Clock, before?: Pick<Proxy, 'upstreams'>): Proxy {
  const upstreams = createUpstreams(declared, clock, wire, before?.upstreams)
  return {
    upstreams,
    carry(caller, admitted) {
      const passage = passageOf(passages, admitted)
      const upstream = passage && upstreams.get(passage.upstream)
      return new ProxiedCall(caller, admitted, passage, upstream)
    },
    asOutside(caller, headers, of) {
      const passage = passageOf(passages, of)
      return outsideHeaders(caller, headers, of, passage?.rewrites ?? [], passage && upstreams.get(passage.upstream))
    },
    async close() {
      for (const upstream of upstreams.values()) upstream.destroy()
    },
  }
}
