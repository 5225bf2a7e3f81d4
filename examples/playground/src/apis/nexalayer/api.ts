/** NexaLayer in the playground. */
import { createNexalayerService } from '@tollgate/example-nexalayer'
import { nexalayer as contract } from 'tollgate/catalog'
import type { Api } from '../../api.ts'
import { nexalayerRecipes } from './recipes.ts'
import { token } from './requests.ts'
import { NEXALAYER_PREFIX, nexalayerKeys, nexalayerSamples, nexalayerSecrets } from './samples.ts'
import { nexalayerTraffic } from './traffic.ts'

/** Shorter than a backend would need, so that nobody waits long for it to say nothing. */
const BACKEND_DEADLINE_MS = 3_000

export const nexalayer: Api = {
  contract,
  about: 'Proxy sessions for agents: bought, renewed, rotated, terminated, and paid from a balance.',
  prefix: NEXALAYER_PREFIX,
  samples: nexalayerSamples,
  // A token lasts an hour.
  past: [{ agoMs: 2 * 3_600_000, request: token(nexalayerKeys.tokens, nexalayerSecrets.tokens), capture: { expiredToken: 'token' } }],
  recipes: nexalayerRecipes,
  traffic: nexalayerTraffic,
  async start({ clock, onError, grant }) {
    const service = createNexalayerService({
      clock,
      backendDeadlineMs: BACKEND_DEADLINE_MS,
      credit: ({ rechargeId, account, amount }) => grant({ id: rechargeId, account, meter: 'credit', amount, reason: 'recharge' }),
      onError,
    })
    const { url } = await service.listen(0)
    return { url, close: () => service.close() }
  },
}
