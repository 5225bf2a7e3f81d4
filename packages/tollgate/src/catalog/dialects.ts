/** How known APIs refuse, to be read alone: the same declarations as whole contracts are in `tollgate/catalog`. A file each. */

// Written and read
export { aiApi } from './ai-api.ts'
export { anthropic } from './anthropic.ts'
export { chatads } from './chatads.ts'
export { jogg } from './jogg.ts'
export { leaperone } from './leaperone.ts'
export { nexalayer } from './nexalayer.ts'
export { openai } from './openai.ts'
export { problem } from './problem.ts'

// Written and read, for a shape rather than an API
export { aspnet } from './aspnet.ts'
export { fastapi } from './fastapi.ts'
export { graphql } from './graphql.ts'
export { jsonApi } from './json-api.ts'
export { jsonRpc } from './json-rpc.ts'
export { s3 } from './s3.ts'
export { sms } from './sms.ts'

// Read only
export { azureOpenAi } from './azure-openai.ts'
export { cohere } from './cohere.ts'
export { elevenLabs } from './eleven-labs.ts'
export { google } from './google.ts'
export { groq } from './groq.ts'
export { huggingFace } from './hugging-face.ts'
export { mistral } from './mistral.ts'
export { openRouter } from './openrouter.ts'
export { replicate } from './replicate.ts'
export { shopify } from './shopify.ts'
export { slack } from './slack.ts'
export { stability } from './stability.ts'
