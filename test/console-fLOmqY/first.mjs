import { createClient } from 'tollgate/client'
import { nexalayer } from 'tollgate/dialects'

const api = createClient({
  baseUrl: 'http://localhost:21272/v1',
  contract: nexalayer,
  credentials: { header: 'X-Api-Key', token: 'ak_123' },
})
/** The mock refuses as it is asked to. */
const asked = (what) => ({ headers: { 'Tollgate-Mock': what } })

const { data, error } = await api.result('/balance', asked('insufficientBalance'))
console.log(error.code, error.status, error.reason, error.details)
console.log('a program:', error.retry, '· a person:', error.action, '· asked', error.attempts.length, 'time')

switch (error.code) {
  case 'INSUFFICIENT_BALANCE':
    console.log(`Top up: ${error.details.required_amount} is needed, ${error.details.current_balance} is there.`)
    break
  default:
    throw error
}
