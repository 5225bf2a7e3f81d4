/** The secret beside a key, which with it is exchanged for tokens. */
import { mintKey } from 'tollgate/directory'
import { toTokenSettings, type TokenSettings } from '../config/build/token-routes.ts'
import type { AdminGateway } from './admin-gateway.ts'

/** As the API's configuration says, so that an operator's secrets are like those that the API itself gives. */
export function tokenSettingsOf(api: string, { config }: Pick<AdminGateway, 'config'>): TokenSettings {
  const { tokenSettings } = config()
  return (Object.hasOwn(tokenSettings, api) ? tokenSettings[api] : undefined) ?? toTokenSettings()
}

export function mintApiSecret(api: string, gateway: Pick<AdminGateway, 'config' | 'randomBytes'>): string {
  return mintKey({ prefix: tokenSettingsOf(api, gateway).secretPrefix, randomBytes: gateway.randomBytes })
}

/** Without a token credential nobody could use what the secret is exchanged for. */
export function takesTokens(apiName: string, { config }: Pick<AdminGateway, 'config'>): boolean {
  const api = config().apis.find(({ name }) => name === apiName)
  return api?.credentials?.from.some(({ token }) => token === true) ?? false
}
