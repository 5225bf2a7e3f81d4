// Orders at NexaLayer: a short-lived token got for key and secret, one idempotency key for the order through all its attempts, and one error to tell apart.
// npm start, and in a second terminal: node examples/client/order.mjs
import { createClient } from 'tollgate/client'
import { nexalayer } from 'tollgate/dialects'

const baseUrl = `${process.env.PLAYGROUND ?? 'http://localhost:8080'}/nexalayer/v1`
// Of the playground's sample accounts.
const key = { api_key: 'ak_PlaygroundTokens00000000000000002KHWKV', api_secret: 'as_PlaygroundTokens000000000000000032Dvpd' }

const entrance = createClient({ baseUrl, contract: nexalayer })
const api = createClient({
  baseUrl,
  contract: nexalayer,
  credentials: {
    refresh: async ({ signal }) => {
      const { data } = await entrance.json('/auth/token', { method: 'POST', json: key, signal })
      return { token: data.token, expiresAtMs: Date.now() + data.expires_in * 1_000 }
    },
  },
})

const orders = {
  'a gigabyte': { type: 'dynamic', config: { product_no: 'DYN-RES-01', traffic_gb: 1, country: 'DE' } },
  'fifty addresses': { type: 'static', config: { product_no: 'STA-ISP-01', quantity: 50, duration_days: 30, country: 'DE' } },
}
for (const [name, json] of Object.entries(orders)) {
  const { data, error } = await api.result('/sessions', { method: 'POST', json })
  switch (error?.code) {
    case undefined:
      console.log(`${name}: bought, the session is ${data.data.status}`)
      break
    case 'PRODUCT_OUT_OF_STOCK':
      console.log(`${name}: not bought, ${error.details.available} are there; asked ${error.attempts.length} time`)
      break
    default:
      console.log(`${name}: ${error.reason}; a person should ${error.action}, and tell support ${error.requestId}`)
  }
}
