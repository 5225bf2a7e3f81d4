/** The whole contracts of the shipped dialects. */
import { contractOf } from './contract-of.ts'
import * as dialect from './dialects.ts'
import { aiApiGuides } from './guides/ai-api-guides.ts'
import { chatadsGuides } from './guides/chatads-guides.ts'
import { joggGuides } from './guides/jogg-guides.ts'
import { leaperoneGuides } from './guides/leaperone-guides.ts'
import { nexalayerGuides } from './guides/nexalayer-guides.ts'

// Written and read

/** AI-API: texts, pictures and speech, written and read. */
export const aiApi = contractOf(dialect.aiApi, aiApiGuides)

/** Anthropic's API; written and read, also inside streams. */
export const anthropic = contractOf(dialect.anthropic)

/** ChatAds: messages analysed, with daily and monthly quotas; written and read. */
export const chatads = contractOf(dialect.chatads, chatadsGuides)

/** JoggAI v2: videos for prepaid credits, with numeric codes; written and read. */
export const jogg = contractOf(dialect.jogg, joggGuides)

/** LEAPERone: chat in OpenAI's shape, paid by credits; written and read. */
export const leaperone = contractOf(dialect.leaperone, leaperoneGuides)

/** NexaLayer: paid proxy sessions; written and read. */
export const nexalayer = contractOf(dialect.nexalayer, nexalayerGuides)

/** OpenAI and its kin; written and read, also inside streams. */
export const openai = contractOf(dialect.openai)

/**
 * Problem details (RFC 9457), one entry for each reason, so that nothing is lost; written and read.
 *
 * @example
 * problem.answer(problem.refuse('rateLimited', { limit: 5, retryAfterMs: 1_500 }), { requestId: 'r1', nowMs: 0 }).status // => 429
 */
export const problem = contractOf(dialect.problem)

// Written and read, for a shape rather than an API

/**
 * ASP.NET Core, written and read. The status tells what happened, so that of two refusals with one status the first is read.
 *
 * @example
 * aspnet.answer(aspnet.refuse('invalid', { field: 'items.0.name', issue: 'is required' }), { requestId: 't1', nowMs: 0 }).status // => 400
 */
export const aspnet = contractOf(dialect.aspnet)

/**
 * FastAPI, written and read. It has no codes: the status tells what happened, so that of two refusals with one status the first is read.
 *
 * @example
 * fastapi.answer(fastapi.refuse('rateLimited'), { requestId: 'r1', nowMs: 0 }).body // => '{"detail":"Too many requests."}'
 */
export const fastapi = contractOf(dialect.fastapi)

/**
 * GraphQL with `application/json`, written and read. What is `data` beside `errors` is not read: clients of GraphQL treat such an answer as failed.
 *
 * @example
 * graphql.answer(graphql.refuse('rateLimited'), { requestId: 'r1', nowMs: 0 }).status // => 200
 */
export const graphql = contractOf(dialect.graphql)

/**
 * JSON:API, written and read. `status` is a text there, and figures stand in `meta`.
 *
 * @example
 * jsonApi.answer(jsonApi.refuse('rateLimited'), { requestId: 'r1', nowMs: 0 }).status // => 429
 */
export const jsonApi = contractOf(dialect.jsonApi)

/**
 * JSON-RPC 2.0, written and read. The answer has the `id` of the request, and null where it has none or cannot be read. A batch is refused as a whole, with an
 * answer for each of its requests. Codes from -32000 are the server's own; -32005 for limits is what Ethereum's nodes say (EIP-1474).
 *
 * @example
 * const request = (path: string) => (path === 'id' ? 7 : undefined)
 * jsonRpc.answer(jsonRpc.refuse('forbidden'), { requestId: 'r1', nowMs: 0, request }).body // => '{"jsonrpc":"2.0","error":{"code":-32003,"message":"Not allowed."},"id":7}'
 */
export const jsonRpc = contractOf(dialect.jsonRpc)

/**
 * MCP over HTTP, written and read. The answer has the `id` of the request, and null where it has none.
 *
 * @example
 * const request = (path: string) => (path === 'id' ? 7 : undefined)
 * mcp.answer(mcp.refuse('rateLimited', { retryAfterMs: 2_000 }), { requestId: 'r1', nowMs: 0, request }).body // => '{"jsonrpc":"2.0","id":7,"error":{"code":429,"message":"Too many requests.","data":{"retry_after":2}}}'
 */
export const mcp = contractOf(dialect.mcp)

/**
 * The errors of S3, written and read. To read them a program brings a parser of XML, as the gateway does.
 *
 * @example
 * s3.answer(s3.refuse('slowDown'), { requestId: '4442587FB7D0A2F9', nowMs: 0 }).body.includes('<Error><Code>SlowDown</Code>') // => true
 */
export const s3 = contractOf(dialect.s3)

/**
 * An SMS API after the manner of the older ones, written and read. A message of which some parts went out is told as such: `succeeded`.
 *
 * @example
 * sms.read({ status: 200, headers: {}, body: '{"messages":[{"status":"0"},{"status":"1","error-text":"Throttled"}]}' })?.succeeded // => 1
 */
export const sms = contractOf(dialect.sms)

// Read only

/** AWS; read only. */
export const aws = contractOf(dialect.aws)

/** Azure (ARM, Graph, OData); read only. */
export const azure = contractOf(dialect.azure)

/** OpenAI's models on Azure; read only. */
export const azureOpenAi = contractOf(dialect.azureOpenAi)

/** Cloudflare's API; read only. */
export const cloudflare = contractOf(dialect.cloudflare)

/** Cloudflare's edge; read only. */
export const cloudflareEdge = contractOf(dialect.cloudflareEdge)

/** Cohere's API; read only. */
export const cohere = contractOf(dialect.cohere)

/** Connect; read only. */
export const connect = contractOf(dialect.connect)

/** ElevenLabs; read only. */
export const elevenLabs = contractOf(dialect.elevenLabs)

/** GitHub, REST and GraphQL; read only. */
export const github = contractOf(dialect.github)

/** Google APIs (`google.rpc.Status`); read only. */
export const google = contractOf(dialect.google)

/** Groq's API; read only. */
export const groq = contractOf(dialect.groq)

/** gRPC; read only. */
export const grpc = contractOf(dialect.grpc)

/** HeyGen; read only. */
export const heygen = contractOf(dialect.heygen)

/** Hugging Face; read only. */
export const huggingFace = contractOf(dialect.huggingFace)

/** Mistral's API; read only. */
export const mistral = contractOf(dialect.mistral)

/** OAuth 2.0; read only. */
export const oauth2 = contractOf(dialect.oauth2)

/** OpenRouter; read only. */
export const openRouter = contractOf(dialect.openRouter)

/** Replicate's API; read only. */
export const replicate = contractOf(dialect.replicate)

/** Shopify, Admin and Storefront; read only. */
export const shopify = contractOf(dialect.shopify)

/** Slack, whose errors come with status 200; read only. */
export const slack = contractOf(dialect.slack)

/** Stability AI; read only. */
export const stability = contractOf(dialect.stability)

/** Stripe; read only. */
export const stripe = contractOf(dialect.stripe)

/** Twilio; read only. */
export const twilio = contractOf(dialect.twilio)
