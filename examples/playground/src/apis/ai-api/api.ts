/** AI-Powered API in the playground. */
import { createAiApiService } from '@tollgate/example-ai-api'
import { aiApi as contract } from 'tollgate/catalog'
import type { Api } from '../../api.ts'
import { aiApiRecipes } from './recipes.ts'
import { essay, upload } from './requests.ts'
import { AI_API_PREFIX, aiApiKeys, aiApiSamples } from './samples.ts'
import { aiApiTraffic } from './traffic.ts'

export const aiApi: Api = {
  contract,
  about: 'Writes texts, paints pictures, analyses what it is given; keeps files and tells webhooks.',
  prefix: AI_API_PREFIX,
  samples: aiApiSamples,
  // The same service once more, at a mount of its own: this one is being worked on.
  switches: { 'ai-api-maintenance': { maintenance: { on: true } } },
  past: [{ agoMs: 3_600_000, request: upload(aiApiKeys.valid, essay), capture: { file: 'id' } }],
  recipes: aiApiRecipes,
  traffic: aiApiTraffic,
  async start({ clock, publicUrl, onError }) {
    const service = createAiApiService({ clock, publicUrl, allowLoopback: true, onError })
    const { url } = await service.listen(0)
    return { url, close: () => service.close() }
  },
}
