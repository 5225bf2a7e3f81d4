/** The secret beside a key, which with it is exchanged for tokens. */
import { mintKey } from 'tollgate/admission'
import { tokenDefaults } from '../config/api-shape.ts'
import type { AdminGateway } from './admin-gateway.ts'

export function mintApiSecret(api: string, { randomBytes, tokenSettings }: Pick<AdminGateway, 'randomBytes' | 'tokenSettings'>): string {
  const { secretPrefix } = tokenSettings?.(api) ?? tokenDefaults
  return mintKey({ prefix: secretPrefix, randomBytes })
}

/** Without a token credential nobody could use what the secret is exchanged for. */
export function takesTokens(apiName: string, { config }: Pick<AdminGateway, 'config'>): boolean {
  const api = config().apis.find(({ name }) => name === apiName)
  return api?.credentials?.from.some(({ token }) => token === true) ?? false
}
