import { Agent, createServer } from 'node:http'
import express, { type Request, type RequestHandler } from 'express'
import { rateLimit } from 'express-rate-limit'
import { createProxyMiddleware } from 'http-proxy-middleware'
import { listening, type Serve } from './serving.ts'
import { authorization, challenge, limit, mintRequestId, refusal, windowMs } from './task.ts'

const checkKey: RequestHandler = (request, response, next) => {
  const requestId = mintRequestId()
  response.setHeader('X-Request-Id', requestId)
  if (request.headers.authorization === authorization) return next()
  response.status(401).set({ 'Cache-Control': 'no-store', 'WWW-Authenticate': challenge }).json(refusal(requestId))
}

/** `limitFirst`: by address and before the key is looked at, as the limiter's own examples have it. */
export function serveExpress({ limitFirst }: { readonly limitFirst: boolean }): Serve {
  return (upstreamPort) => {
    const app = express()
    const byKey = { keyGenerator: ({ headers }: Request) => headers.authorization ?? '' }
    const limiter = rateLimit({ limit, windowMs, legacyHeaders: true, standardHeaders: false, ...(!limitFirst && byKey) })
    app.use(...(limitFirst ? [limiter, checkKey] : [checkKey, limiter]))
    app.use(createProxyMiddleware({ target: `http://127.0.0.1:${upstreamPort}`, agent: new Agent({ keepAlive: true }) }))
    return listening(createServer(app))
  }
}
