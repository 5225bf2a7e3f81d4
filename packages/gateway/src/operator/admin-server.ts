/**
 * The admin API over HTTP: its own port, loopback unless configured otherwise, a bearer token for everything, errors as problem+json, even
 * towards what is no HTTP.
 *
 * A page in the operator's browser must not reach it through DNS rebinding: only IP addresses, localhost and configured names are answered to.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { isIP, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { StoreUnavailableError } from 'tollgate/engine'
import { problem } from 'tollgate/catalog'
import { BODY_DEPTH_MAX, isTooDeep, refuse, toBoundedText, type Answer, type Refusal, type TextAnswer } from 'tollgate/contract'
import type { Log } from '../platform/log.ts'
import { formatLastAnswer, writeAnswer } from '../http/answer.ts'
import { NodeAnswer } from '../http/answer-sink.ts'
import { Connection } from '../http/connection.ts'
import { defaultLimits } from '../http/limits.ts'
import { checkHead, faultOfParser } from '../http/request-fault.ts'
import { headFromNode } from '../http/request-head.ts'
import { createWebServer, type WebServer } from '../tls/web-server.ts'
import type { TlsMaterial } from '../tls/tls-material.ts'
import type { Permission } from '../config/permission.ts'
import type { AdminGateway } from './admin-gateway.ts'
import type { AdminTokens } from './admin-token.ts'
import { findOperation, type FoundOperation } from './find-operation.ts'
import { OPEN_API_PATH, openApiOf, type OpenApiDocument } from './open-api.ts'
import { operations } from './operations.ts'
import { metricsAnswer, probe, type Probes } from './probes.ts'
import { readInput } from './read-input.ts'
import { refused, type OrRefused, type Reply } from './reply.ts'

const BODY_BYTES_MAX = 65_536

export interface AdminServerOptions {
  readonly gateway: AdminGateway
  readonly tokens: AdminTokens
  readonly log: Log
  /** Default: plain HTTP. */
  readonly tls?: TlsMaterial | undefined
  /** For supervisors, balancers and Prometheus. */
  readonly probes?: Probes
}

interface Served {
  readonly answer: Answer
  readonly close: boolean
}

export function createAdminServer({ gateway, tokens, log, tls, probes }: AdminServerOptions): WebServer {
  const web = createWebServer({ headersTimeout: 10_000, requestTimeout: 30_000, maxHeaderSize: defaultLimits.headBytesMax, requireHostHeader: false }, tls)
  const { server } = web
  let openApi: OpenApiDocument | undefined
  server.maxHeadersCount = 0
  // Node would answer each of these by itself, in words of its own.
  server.on('request', serve).on('checkExpectation', serve)
  server.on('connect', (_, socket) => endWith(socket, refuse('method.not_allowed', { method: 'CONNECT', allow: [], issue: 'CONNECT is not allowed here' })))
  server.on('clientError', (error, socket) => {
    const fault = faultOfParser(error, defaultLimits)
    if (fault === undefined || !web.isReady(socket)) socket.destroy()
    else endWith(socket, refuse(fault.reason, fault.facts, { source: 'client' }))
  })

  function serve(request: IncomingMessage, response: ServerResponse): void {
    answer(request, response).catch((error: unknown) => {
      log.error('the admin API failed', { error: String(error) })
      response.destroy()
    })
  }

  /** For a socket that Node has given up or away. */
  function endWith(socket: Duplex, refusal: Refusal): void {
    socket.on('error', () => socket.destroy())
    if (socket instanceof Socket) new Connection(socket).end(() => formatLastAnswer(answerOf(refusal), false, gateway.clock.wallMs()))
    else socket.destroy()
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const served = await serveOrFail(request)
    writeAnswer(new NodeAnswer(response), served.answer, { withoutBody: request.method === 'HEAD', close: served.close })
  }

  async function serveOrFail(request: IncomingMessage): Promise<Served> {
    try {
      return await handle(request)
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      log.error('an admin request failed', { method: request.method, error: message })
      // Who asks here is an operator: what the store says is theirs to mend.
      if (!(error instanceof StoreUnavailableError)) return refusing(refuse('internal', {}, { cause: error }))
      const issue = error.applied === 'unknown' ? `${message}; what was asked may have been done or not: look before asking again` : message
      return refusing(refuse('upstream.unavailable', { issue }, { cause: error }))
    }
  }

  async function handle(request: IncomingMessage): Promise<Served> {
    const method = request.method ?? 'GET'
    const checked = checkHead(headFromNode(request), defaultLimits)
    if (checked.kind === 'fault') return refusing(refuse(checked.fault.reason, checked.fault.facts, { source: 'client' }))
    if (!isOwnHost(request.headers.host ?? '', gateway.config().admin.hostnames)) {
      return refusing(refuse('permission.denied', { issue: 'the admin API is not served under this host name; see admin.hostnames' }))
    }
    const target = parseTarget(checked.target)
    if (target === undefined) return refusing(refused('request.invalid', { issue: 'the request target is not valid' }).refusal)
    const toMachine = (said: Answer): Served => ({ answer: said, close: method !== 'GET' })
    const probed = probes && probe(probes, method, target.pathname, bearerOf(request.headers.authorization))
    if (probed?.kind === 'answer') return toMachine(probed.answer)
    if (probes !== undefined && probed?.allowed === true) return toMachine(await metricsAnswer(probes))
    const who = authenticate(request.headers.authorization)
    if (!who.ok) return refusing(who.refusal)
    if (probes !== undefined && probed !== undefined) {
      const mayRead = allowed(who.value, 'read')
      return mayRead.ok ? toMachine(await metricsAnswer(probes)) : refusing(mayRead.refusal)
    }
    if (target.pathname === OPEN_API_PATH && method === 'GET') return { answer: jsonAnswer(200, (openApi ??= openApiOf(operations, gateway.version))), close: false }
    const found = findOperation(method, target.pathname)
    const reply = found.ok ? await perform(found.value, target, request, who.value) : found
    return reply.ok ? { answer: jsonAnswer(reply.status, reply.value), close: false } : refusing(reply.refusal)
  }

  async function perform({ operation, params }: FoundOperation, target: URL, request: IncomingMessage, who: string): Promise<Reply<unknown>> {
    const may = allowed(who, operation.may)
    if (!may.ok) return may
    const body = operation.method === 'GET' ? { ok: true as const, value: undefined } : await readBody(request)
    if (!body.ok) return body
    const input = readInput(operation, { params, query: Object.fromEntries(target.searchParams), body: body.value })
    return input.ok ? operation.handle({ ...input.value, who }, gateway) : input
  }

  /** The name of the token. */
  function authenticate(header: string | undefined): OrRefused<string> {
    if ((header ?? '').trim() === '') return refused('credential.missing', { header: 'authorization' })
    const secret = bearerOf(header)
    const owner = secret === undefined ? undefined : tokens.ownerOf(secret, gateway.config().admin)
    return owner === undefined ? refused('credential.invalid', { header: 'authorization' }) : { ok: true, value: owner }
  }

  /** Asked before anything is read of a body. */
  function allowed(who: string, asked: Permission): OrRefused<undefined> {
    const { may } = gateway.config().admin
    const granted = Object.hasOwn(may, who) ? may[who] : undefined
    if (granted === undefined || granted.includes(asked)) return { ok: true, value: undefined }
    return refused('permission.denied', { required: asked, granted: granted.join(' '), issue: `the token ${who} may ${granted.join(', ')}, and this takes ${asked}; see admin.may` })
  }

  /** What is left of a body that was not read would be taken for the next request. */
  function refusing(refusal: Refusal): Served {
    return { answer: answerOf(refusal), close: true }
  }

  function answerOf(refusal: Refusal): TextAnswer {
    return problem.answer(refusal, { requestId: problem.mintRequestId(gateway.randomBytes(16)), nowMs: gateway.clock.wallMs() })
  }

  return web
}

function bearerOf(header: string | undefined): string | undefined {
  return /^bearer +(\S+)$/i.exec(header ?? '')?.[1]
}

function parseTarget(target: string): URL | undefined {
  try {
    return new URL(target, 'http://admin')
  } catch {
    return undefined
  }
}

function jsonAnswer(status: number, value: unknown): TextAnswer {
  return { status, headers: ['Content-Type', 'application/json', 'Cache-Control', 'no-store'], body: `${JSON.stringify(value)}\n` }
}

function isOwnHost(host: string, hostnames: readonly string[]): boolean {
  const name = host.replace(/:\d*$/, '').replace(/^\[(.*)\]$/, '$1').toLowerCase()
  return name === 'localhost' || isIP(name) !== 0 || hostnames.includes(name)
}

async function readBody(request: IncomingMessage): Promise<OrRefused<unknown>> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > BODY_BYTES_MAX) return refused('request.too_large', { bytesMax: BODY_BYTES_MAX, issue: `the body is larger than ${BODY_BYTES_MAX} bytes` })
    chunks.push(chunk)
  }
  if (bytes === 0) return { ok: true, value: undefined }
  const type = request.headers['content-type'] ?? ''
  if (!/^application\/(?:json|[\w.+-]+\+json)\s*(?:;|$)/i.test(type)) {
    return refused('request.unsupported_media', { issue: 'the content type must be application/json' })
  }
  const text = toBoundedText(Buffer.concat(chunks))
  if (text !== undefined && isTooDeep(text)) return refused('request.invalid', { issue: `the body is nested deeper than ${BODY_DEPTH_MAX} levels` })
  try {
    if (text !== undefined) return { ok: true, value: JSON.parse(text) }
  } catch {
    // As what is no UTF-8.
  }
  return refused('request.invalid', { issue: 'the body is not valid JSON' })
}
