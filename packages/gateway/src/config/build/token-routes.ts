/** How routes that the gateway answers by itself give tokens for key and secret. */
import { tokenDefaults, type TokensShape } from '../shape/api-shape.ts'

export interface TokenSettings {
  readonly expiresInSeconds: number
  readonly secretPrefix: string
  readonly overlapMs: number
}

export function toTokenSettings({ expires, secretPrefix, overlap }: TokensShape = tokenDefaults): TokenSettings {
  return { expiresInSeconds: Math.floor(expires / 1_000), secretPrefix, overlapMs: overlap }
}
