/** The whole API of the service, one line a route. */
import type { IncomingMessage } from 'node:http'
import type { Outbound } from '@tollgate/example-parts/outbound'
import type { Route } from '@tollgate/example-parts/router'
import type { Caller } from './caller.ts'
import { toFileView } from './files.ts'
import type { Files } from './files.ts'
import type { Images } from './images.ts'
import { toModelView } from './models.ts'
import type { Models } from './models.ts'
import { refuse, refuseField } from './refusal.ts'
import type { Refusal } from './refusal.ts'
import { bare, created, success } from './reply.ts'
import type { Reply } from './reply.ts'
import { parseWebhookRequest, toWebhookView, WEBHOOKS_MAX } from './webhooks.ts'
import type { Webhooks } from './webhooks.ts'

export interface Call {
  readonly caller: Caller
  /** Empty where the handler reads the request itself. */
  readonly body: string
  readonly request: IncomingMessage
  /** Aborts when the caller has gone. */
  readonly signal: AbortSignal
}

export interface Desk {
  readonly models: Models
  readonly images: Images
  readonly files: Files
  readonly webhooks: Webhooks
  readonly outbound: Outbound
  readonly generateText: (caller: Caller, body: string, signal: AbortSignal) => Promise<Reply>
  readonly generateImage: (caller: Caller, body: string) => Promise<Reply>
  readonly analyse: (caller: Caller, body: string) => Promise<Reply>
  readonly uploadFile: (caller: Caller, request: IncomingMessage) => Promise<Reply>
}

export function createRoutes({ models, images, files, webhooks, outbound, generateText, generateImage, analyse, uploadFile }: Desk): readonly Route<Call, Reply>[] {
  function showModel(id: string): Reply {
    const model = models.find(id)
    return model === undefined ? refuse('modelNotFound', { resource: 'model', id }) : success(toModelView(model))
  }

  function showImage(id: string): Reply {
    const bytes = images.find(id)
    return bytes === undefined ? notFound('image', id) : { kind: 'content', type: 'image/png', bytes }
  }

  function showFile({ caller }: Call, id: string): Reply {
    const file = files.find(caller.account, id)
    return file === undefined ? notFound('file', id) : success(toFileView(file))
  }

  function sendFile({ caller }: Call, id: string): Reply {
    const file = files.find(caller.account, id)
    return file === undefined ? notFound('file', id) : { kind: 'content', type: file.format, bytes: file.bytes }
  }

  function addWebhook({ caller, body }: Call): Reply {
    const parsed = parseWebhookRequest(body)
    if (!parsed.ok) return parsed.refusal
    const issue = outbound.refuse(parsed.value.url)
    if (issue !== undefined) return refuseField('invalidField', 'url', issue)
    const webhook = webhooks.add(caller.account, parsed.value)
    if (webhook === undefined) return refuse('invalidRequest', { issue: `there are ${WEBHOOKS_MAX} webhooks already, and no more are allowed: delete one first` })
    return created({ ...toWebhookView(webhook), secret: webhook.secret })
  }

  function showWebhook({ caller }: Call, id: string): Reply {
    const webhook = webhooks.find(caller.account, id)
    return webhook === undefined ? notFound('webhook', id) : success({ ...toWebhookView(webhook), deliveries: webhook.deliveries })
  }

  return [
    { method: 'POST', path: '/v1/generate', handle: ({ caller, body, signal }) => generateText(caller, body, signal) },
    { method: 'POST', path: '/v1/generate/image', handle: ({ caller, body }) => generateImage(caller, body) },
    { method: 'POST', path: '/v1/analyze', handle: ({ caller, body }) => analyse(caller, body) },
    { method: 'GET', path: '/v1/models', handle: () => success(models.all.map(toModelView)) },
    { method: 'GET', path: '/v1/models/{id}', handle: (_, id) => showModel(id) },
    { method: 'GET', path: '/images/{id}.png', handle: (_, id) => showImage(id) },
    { method: 'POST', path: '/v1/files', streams: true, handle: ({ caller, request }) => uploadFile(caller, request) },
    { method: 'GET', path: '/v1/files', handle: ({ caller }) => success(files.ofAccount(caller.account).map(toFileView)) },
    { method: 'GET', path: '/v1/files/{id}', handle: showFile },
    { method: 'GET', path: '/v1/files/{id}/content', handle: sendFile },
    { method: 'DELETE', path: '/v1/files/{id}', handle: ({ caller }, id) => removed(files.remove(caller.account, id), 'file', id) },
    { method: 'POST', path: '/v1/webhooks', handle: addWebhook },
    { method: 'GET', path: '/v1/webhooks', handle: ({ caller }) => success(webhooks.ofAccount(caller.account).map(toWebhookView)) },
    { method: 'GET', path: '/v1/webhooks/{id}', handle: showWebhook },
    { method: 'DELETE', path: '/v1/webhooks/{id}', handle: ({ caller }, id) => removed(webhooks.remove(caller.account, id), 'webhook', id) },
  ]
}

function removed(wasThere: boolean, resource: string, id: string): Reply {
  return wasThere ? success({ id, deleted: true }) : notFound(resource, id)
}

/** What belongs to another account is not there either. */
function notFound(resource: string, id: string): Refusal {
  return refuse('resourceNotFound', { resource, id })
}

export function unknownRoute(allow: readonly string[]): Reply {
  return allow.length === 0 ? bare(404) : bare(405, { Allow: allow.join(', ') })
}
