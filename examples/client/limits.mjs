// Two refusals with the same status at ChatAds, 429: what is gone for today is not waited for, and a rate is, as long as it is told, if that is not too long.
// npm start, and in a second terminal: node examples/client/limits.mjs
import { createClient } from 'tollgate/client'
import { chatads } from 'tollgate/dialects'

const baseUrl = `${process.env.PLAYGROUND ?? 'http://localhost:8080'}/chatads/v1/chatads`
const at = (token) => createClient({ baseUrl, contract: chatads, credentials: { header: 'X-Api-Key', token }, waitMaxMs: 1_000 })

// Of the playground's sample accounts.
const accounts = { 'busy today': 'cak_PlaygroundDaily000000000000000004dbKY0', 'one a minute': 'cak_PlaygroundBurst00000000000000000343LBh' }
for (const [name, key] of Object.entries(accounts)) {
  const api = at(key)
  for (let n = 1; n <= 2; n++) {
    const { ok, error } = await api.result('/messages', { method: 'POST', json: { message: 'hello there' } })
    if (ok) console.log(`${name}: fine`)
    else console.log(`${name}: ${error.code}, asked ${error.attempts.length} time, not again since "${error.because}"; ${error.retryAt > new Date() ? 'it says when' : 'it does not say when'}`)
  }
}
