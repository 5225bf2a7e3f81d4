/** LEAPERone in the playground. */
import { createLeaperoneService } from '@tollgate/example-leaperone'
import { leaperone as contract } from 'tollgate/catalog'
import type { Api } from '../../api.ts'
import { leaperoneRecipes } from './recipes.ts'
import { LEAPERONE_PREFIX, leaperoneSamples } from './samples.ts'
import { leaperoneTraffic } from './traffic.ts'

export const leaperone: Api = {
  contract,
  about: 'Chat that streams, images as tasks, transcriptions: OpenAI’s API, paid by prepaid credits.',
  // The page lists statuses; of the codes it names one.
  counts: 'status',
  prefix: LEAPERONE_PREFIX,
  samples: leaperoneSamples,
  recipes: leaperoneRecipes,
  traffic: leaperoneTraffic,
  async start({ clock, publicUrl, onError }) {
    const service = createLeaperoneService({ clock, publicUrl, allowLoopback: true, onError })
    const { url } = await service.listen(0)
    return { url, close: () => service.close() }
  },
}
