/** JoggAI in the playground. */
import { createJoggService } from '@tollgate/example-jogg'
import { jogg as contract } from 'tollgate/catalog'
import type { Api } from '../../api.ts'
import { joggRecipes } from './recipes.ts'
import { JOGG_PREFIX, joggSamples } from './samples.ts'
import { joggTraffic } from './traffic.ts'

export const jogg: Api = {
  contract,
  about: 'Makes videos in which an avatar speaks, for credits by their length; 20 POST a minute for each key.',
  prefix: JOGG_PREFIX,
  samples: joggSamples,
  recipes: joggRecipes,
  traffic: joggTraffic,
  async start({ clock, publicUrl, onError }) {
    const service = createJoggService({ clock, publicUrl, allowLoopback: true, onError })
    const { url } = await service.listen(0)
    return { url, close: () => service.close() }
  },
}
