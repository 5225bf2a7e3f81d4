/** Routes that the gateway answers by itself: tokens for key and secret. */
import type { Handler, TokenHandlers } from 'tollgate/gate'
import { tokenDefaults, type RouteShape, type TokensShape } from '../shape/api-shape.ts'

export interface TokenSettings {
  readonly expiresInSeconds: number
  readonly secretPrefix: string
  readonly overlapMs: number
}

export type TokenHandlersOf = (api: string, settings: TokenSettings) => TokenHandlers

type HandlerName = NonNullable<RouteShape['handler']>

export function toTokenSettings({ expires, secretPrefix, overlap }: TokensShape = tokenDefaults): TokenSettings {
  return { expiresInSeconds: Math.floor(expires / 1_000), secretPrefix, overlapMs: overlap }
}

/** Made at the first call: the store, in which the secrets lie, opens after the configuration is read. */
export function createHandlerOf(api: string, settings: TokenSettings, tokenHandlers: TokenHandlersOf | undefined): (name: HandlerName) => Handler {
  let made: TokenHandlers | undefined
  const handlers = (): TokenHandlers => {
    if (tokenHandlers === undefined) throw new Error('this configuration was read to be checked, not to answer calls')
    return (made ??= tokenHandlers(api, settings))
  }
  return (name) => {
    switch (name) {
      case 'issueToken':
        return async (call) => handlers().issue(call)
      case 'refreshToken':
        return async (call) => handlers().refresh(call)
      case 'rotateSecret':
        return async (call) => handlers().rotate(call)
    }
  }
}
