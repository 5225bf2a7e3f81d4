/** ChatAds in the playground. */
import { createChatadsService } from '@tollgate/example-chatads'
import { chatads as contract } from 'tollgate/catalog'
import type { Api } from '../../api.ts'
import { chatadsRecipes } from './recipes.ts'
import { CHATADS_PREFIX, chatadsSamples } from './samples.ts'
import { chatadsTraffic } from './traffic.ts'

export const chatads: Api = {
  contract,
  about: 'Finds the product that a chat message calls for.',
  prefix: CHATADS_PREFIX,
  samples: chatadsSamples,
  recipes: chatadsRecipes,
  traffic: chatadsTraffic,
  async start({ onError }) {
    const service = createChatadsService({ onError })
    const { url } = await service.listen(0)
    return { url, close: () => service.close() }
  },
}
