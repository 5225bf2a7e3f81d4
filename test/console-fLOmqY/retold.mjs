import { createClient } from 'tollgate/client'
import { nexalayer } from 'tollgate/dialects'

const teller = {
  name: 'teller',
  begin: ({ method }) => ({
    afterAttempt: ({ number, status, code, because, delayMs = 0 }) => console.log(method, number, status, code ?? 'fine', '→', because, delayMs >= 1000 ? 'a second or more' : ''),
    onEnd: ({ attempts }) => console.log(attempts.length, 'attempts'),
  }),
}
const api = createClient({ baseUrl: 'http://localhost:21272/v1', contract: nexalayer, extensions: [teller] })
await api.json('/products', { headers: { 'Tollgate-Mock': 'rateLimitExceeded; times=2' } })
