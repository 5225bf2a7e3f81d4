/** The contenders that run in a process of ours, each loaded only where it runs. */
import type { Serve } from './serving.ts'

export const servers: { readonly [name: string]: Serve } = {
  tollgate: async (port) => (await import('./tollgate.ts')).serveTollgate('sqlite')(port),
  'tollgate, memory store': async (port) => (await import('./tollgate.ts')).serveTollgate('memory')(port),
  'tollgate, priced by events': async (port) => (await import('./tollgate.ts')).serveTollgate('sqlite')(port),
  'node:http': async (port) => (await import('./node.ts')).serveNode(port),
  fastify: async (port) => (await import('./fastify.ts')).serveFastify(port),
  express: async (port) => (await import('./express.ts')).serveExpress({ limitFirst: false })(port),
  'express, limit first': async (port) => (await import('./express.ts')).serveExpress({ limitFirst: true })(port),
}
