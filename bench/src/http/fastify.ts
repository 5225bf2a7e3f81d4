import proxy from '@fastify/http-proxy'
import rateLimit from '@fastify/rate-limit'
import fastify from 'fastify'
import type { Serve } from './serving.ts'
import { authorization, challenge, limit, mintRequestId, refusal, windowMs } from './task.ts'

export const serveFastify: Serve = async (upstreamPort) => {
  const app = fastify({ genReqId: mintRequestId })
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('X-Request-Id', request.id)
    if (request.headers.authorization === authorization) return done()
    reply.code(401).headers({ 'Cache-Control': 'no-store', 'WWW-Authenticate': challenge }).send(refusal(request.id))
  })
  await app.register(rateLimit, { max: limit, timeWindow: windowMs, keyGenerator: ({ headers }) => headers.authorization ?? '' })
  await app.register(proxy, { upstream: `http://127.0.0.1:${upstreamPort}` })
  const { port } = new URL(await app.listen({ port: 0, host: '127.0.0.1' }))
  return { port: Number(port), close: () => app.close() }
}
