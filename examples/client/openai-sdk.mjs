// OpenAI's own client for JavaScript at LEAPERone, an API in OpenAI's shapes with limits and codes of its own: its retries are off, the wrapped fetch does them by the contract.
// npm start, and in a second terminal: node examples/client/openai-sdk.mjs
import OpenAI from 'openai'
import { isApiError, refusalOf, wrapFetch } from 'tollgate/client'
import { leaperone } from 'tollgate/dialects'

const careful = wrapFetch(fetch, { contract: leaperone, timeoutMs: 60_000 })
const client = new OpenAI({
  apiKey: 'sk-PlaygroundValid000000000000000002okRlt',
  baseURL: `${process.env.PLAYGROUND ?? 'http://localhost:8080'}/leaperone/v1`,
  maxRetries: 0,
  // What it answers with can be asked what it means, beyond what the SDK makes of it.
  fetch: async (input, init) => {
    const response = await careful(input, init)
    const refusal = refusalOf(response)
    if (isApiError(refusal, leaperone)) console.log(`${refusal.code}: ${refusal.reason}, ${refusal.action}, asked ${refusal.attempts.length} time`)
    return response
  },
})

const completion = await client.chat.completions.create({ model: 'auto', messages: [{ role: 'user', content: 'Tell me of the sea' }] })
console.log(completion.object, completion.choices[0].finish_reason)
const error = await client.chat.completions.create({ model: 'gpt-2', messages: [{ role: 'user', content: 'Hello' }] }).catch((thrown) => thrown)
console.log(error.constructor.name, error.status)
