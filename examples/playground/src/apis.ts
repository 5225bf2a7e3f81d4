/** Every API of the playground, in the order in which it shows them. */
import { aiApi } from './apis/ai-api/api.ts'
import { chatads } from './apis/chatads/api.ts'
import { jogg } from './apis/jogg/api.ts'
import { leaperone } from './apis/leaperone/api.ts'
import { nexalayer } from './apis/nexalayer/api.ts'

export const apis = { chatads, nexalayer, jogg, 'ai-api': aiApi, leaperone }
