/** The whole API of the service, one line a route. */
import type { Outbound } from '@tollgate/example-parts/outbound'
import type { Route } from '@tollgate/example-parts/router'
import type { Caller } from './caller.ts'
import { ENDPOINTS_MAX, toEndpointView } from './endpoints.ts'
import type { Endpoints } from './endpoints.ts'
import { parseEndpointRequest } from './endpoint-request.ts'
import type { Avatar, Library } from './library.ts'
import { parameterError, picture, recordNotFound, success } from './reply.ts'
import type { Reply } from './reply.ts'
import { selectBy } from './select-by.ts'
import type { VideoRows } from './video-rows.ts'
import { toView } from './video.ts'
import { webhookEvents } from './webhook-event.ts'

export interface Call {
  readonly caller: Caller
  readonly query: URLSearchParams
  readonly body: string
}

export interface Desk {
  readonly wallMs: () => number
  readonly publicUrl: () => string
  readonly library: Library
  readonly outbound: Outbound
  readonly endpoints: Endpoints
  readonly rows: VideoRows
  readonly createVideo: (caller: Caller, body: string) => Promise<Reply>
}

export function createRoutes({ wallMs, publicUrl, library, outbound, endpoints, rows, createVideo }: Desk): readonly Route<Call, Reply>[] {
  const listPublicAvatars: Route<Call, Reply>['handle'] = async ({ query }) => listAvatars((await library.open()).avatars, query)

  function showVideo({ caller }: Call, id: string): Reply {
    const video = rows.find(caller.account, id)
    return video === undefined ? recordNotFound() : success(toView(video, wallMs(), publicUrl()))
  }

  function showPicture(id: string, which: 'drawing' | 'cover'): Reply {
    const state = rows.findAny(id)?.state
    return state?.status === 'completed' ? picture(state[which]) : recordNotFound()
  }

  function addEndpoint({ caller, body }: Call): Reply {
    const parsed = parseEndpointRequest(body)
    if (!parsed.ok) return parameterError(parsed)
    const refused = outbound.refuse(parsed.value.url)
    if (refused !== undefined) return parameterError({ field: 'url', issue: refused })
    const endpoint = endpoints.add(caller.account, caller.username, parsed.value)
    return endpoint === undefined ? parameterError({ issue: `there are ${ENDPOINTS_MAX} webhook endpoints already, and no more are allowed` }) : success(toEndpointView(endpoint))
  }

  function listDeliveries({ caller }: Call, id: string): Reply {
    const endpoint = endpoints.ofAccount(caller.account).find((one) => one.id === id)
    return endpoint === undefined ? recordNotFound() : success({ deliveries: endpoint.deliveries })
  }

  return [
    { method: 'POST', path: '/v2/create_video_from_avatar', handle: ({ caller, body }) => createVideo(caller, body) },
    { method: 'GET', path: '/v2/avatar_video/{id}', handle: showVideo },
    { method: 'GET', path: '/media/{id}/video.svg', handle: (_, id) => showPicture(id, 'drawing') },
    { method: 'GET', path: '/media/{id}/cover.svg', handle: (_, id) => showPicture(id, 'cover') },
    { method: 'GET', path: '/v2/avatars', handle: listPublicAvatars },
    { method: 'GET', path: '/v2/avatars/public', handle: listPublicAvatars },
    { method: 'GET', path: '/v2/avatars/custom', handle: async ({ caller, query }) => listAvatars((await library.ownedBy(caller.account)).avatars, query) },
    { method: 'GET', path: '/v2/voices', handle: async ({ query }) => success({ voices: selectBy(query, ['language', 'gender'], (await library.open()).voices) }) },
    { method: 'GET', path: '/v2/voices/custom', handle: async ({ caller }) => success({ voices: (await library.ownedBy(caller.account)).voices }) },
    { method: 'GET', path: '/v2/user/whoami', handle: ({ caller }) => success({ email: `${caller.username}@jogg.example`, username: caller.username }) },
    { method: 'GET', path: '/v2/user/remaining_quota', handle: ({ caller: { available } }) => success({ remaining_quota: available === null ? null : Number(available) }) },
    { method: 'GET', path: '/v2/events', handle: () => success({ events: webhookEvents }) },
    { method: 'POST', path: '/v2/endpoint', handle: addEndpoint },
    { method: 'GET', path: '/v2/endpoints', handle: ({ caller }) => success({ endpoints: endpoints.ofAccount(caller.account).map(toEndpointView) }) },
    { method: 'GET', path: '/v2/endpoint/{id}/deliveries', handle: listDeliveries },
    { method: 'DELETE', path: '/v2/endpoint/{id}', handle: ({ caller }, id) => (endpoints.remove(caller.account, id) ? success(null) : recordNotFound()) },
  ]
}

function listAvatars(avatars: readonly Avatar[], query: URLSearchParams): Reply {
  const selected = selectBy(query, ['aspect_ratio', 'style', 'gender', 'age'], avatars)
  return success({ avatars: selected.map(toAvatarView) })
}

function toAvatarView({ avatar_id, name, aspect_ratio, style, gender, age }: Avatar): Omit<Avatar, 'asset'> {
  return { avatar_id, name, aspect_ratio, style, gender, age }
}
