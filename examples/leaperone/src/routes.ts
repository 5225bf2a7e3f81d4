/** The whole API of the service, one line a route. */
import type { IncomingMessage } from 'node:http'
import type { Route } from '@tollgate/example-parts/router'
import { readWholeBody } from '@tollgate/example-parts/whole-body'
import type { Caller } from './caller.ts'
import type { Chat } from './chat.ts'
import type { Images } from './images.ts'
import { toModelView } from './models.ts'
import type { Models } from './models.ts'
import { bare, notFound, success } from './reply.ts'
import type { Reply, WholeReply } from './reply.ts'

export interface Call {
  readonly caller: Caller
  readonly request: IncomingMessage
  /** Aborted when the caller has hung up. */
  readonly gone: AbortSignal
}

export interface Desk {
  readonly models: Models
  readonly chat: Chat
  readonly images: Images
  readonly transcribe: (request: IncomingMessage) => Promise<WholeReply>
}

const JSON_BYTES_MAX = 1024 * 1024

export function createRoutes({ models, chat, images, transcribe }: Desk): readonly Route<Call, Reply>[] {
  async function withBody({ request }: Call, answer: (body: string) => Reply | Promise<Reply>): Promise<Reply> {
    const body = await readWholeBody(request, JSON_BYTES_MAX)
    return body === undefined ? bare(413) : answer(body)
  }

  function showModel(id: string): Reply {
    const model = models.find(id)
    return model === undefined ? notFound() : success(toModelView(model))
  }

  function showBalance({ balance }: Caller): Reply {
    return success({ object: 'credits.balance', balance: balance?.available ?? null, held: balance?.held ?? null })
  }

  return [
    { method: 'POST', path: '/v1/chat/completions', handle: (call) => withBody(call, (body) => chat(body, call.gone)) },
    { method: 'POST', path: '/v1/images/generations', handle: (call) => withBody(call, (body) => images.order(call.caller, body)) },
    { method: 'GET', path: '/v1/images/generations/{id}', handle: ({ caller }, id) => images.show(caller, id) },
    { method: 'GET', path: '/media/{id}/image.svg', handle: (_, id) => images.draw(id) },
    { method: 'POST', path: '/v1/audio/transcriptions', handle: ({ request }) => transcribe(request) },
    { method: 'GET', path: '/v1/models', handle: () => success({ object: 'list', data: models.all.map(toModelView) }) },
    { method: 'GET', path: '/v1/models/{id}', handle: (_, id) => showModel(id) },
    { method: 'GET', path: '/v1/cli/credits/balance', handle: ({ caller }) => showBalance(caller) },
  ]
}
