import { createClient } from 'tollgate/client'
import { nexalayer } from 'tollgate/dialects'

const api = createClient({
  baseUrl: `${process.env.TOLLGATE_MOCK_URL}/v1`,
  contract: nexalayer,
  credentials: { token: 'expired', refresh: async () => 'fresh' },
  attempts: 6,
})

const response = await api('/sessions', { method: 'POST', body: '{"type":"dynamic"}', headers: { 'content-type': 'application/json' } })
console.log(response.status)
