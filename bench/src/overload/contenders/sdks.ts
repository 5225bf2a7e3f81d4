/** Official SDKs, at their defaults but for the timeout of an attempt. */
import { peer, type Contender } from '../contender.ts'
import type { World } from '../world.ts'
import { sendWithin } from './http-clients.ts'

const fetchOf = ({ network }: World): { readonly fetch?: typeof globalThis.fetch } => (network.kind === 'memory' ? { fetch: network.fetch } : {})

type Create = (body: object, options: object) => Promise<unknown>

interface OpenAiClient {
  readonly chat: { readonly completions: { create: Create } }
}

export const openai: Contender = {
  name: 'openai',
  from: 'openai',
  dialect: 'openai',
  async create(world) {
    const { default: OpenAI } = await peer<{ readonly default: new (options: object) => OpenAiClient }>('openai')
    const client = new OpenAI({ apiKey: 'k', baseURL: `${world.baseUrl}/v1`, timeout: world.attemptTimeoutMs, ...fetchOf(world) })
    return ({ signal }) => client.chat.completions.create({ model: 'm', messages: [{ role: 'user', content: 'hi' }] }, { signal })
  },
}

interface AnthropicClient {
  readonly messages: { create: Create }
}

export const anthropic: Contender = {
  name: '@anthropic-ai/sdk',
  from: '@anthropic-ai/sdk',
  dialect: 'anthropic',
  async create(world) {
    const { default: Anthropic } = await peer<{ readonly default: new (options: object) => AnthropicClient }>('@anthropic-ai/sdk')
    const client = new Anthropic({ apiKey: 'k', baseURL: world.baseUrl, timeout: world.attemptTimeoutMs, ...fetchOf(world) })
    return ({ signal }) => client.messages.create({ model: 'm', max_tokens: 9, messages: [{ role: 'user', content: 'hi' }] }, { signal })
  },
}

interface StripeClass {
  new (key: string, options: object): { readonly customers: { create(body: object): Promise<unknown> } }
  createFetchHttpClient(fetch: typeof globalThis.fetch): object
}

export const stripe: Contender = {
  name: 'stripe',
  from: 'stripe',
  note: 'takes no signal',
  dialect: 'stripe',
  async create(world) {
    const { default: Stripe } = await peer<{ readonly default: StripeClass }>('stripe')
    const { protocol, hostname, port } = new URL(world.baseUrl)
    const { fetch } = fetchOf(world)
    const client = new Stripe('sk_test_k', {
      protocol: protocol.slice(0, -1),
      host: hostname,
      port: port === '' ? '80' : port,
      timeout: world.attemptTimeoutMs,
      telemetry: false,
      ...(fetch === undefined ? {} : { httpClient: Stripe.createFetchHttpClient(fetch) }),
    })
    return ({ signal }) => (signal === undefined ? client.customers.create({ name: 'a' }) : Promise.reject(new Error('it takes no signal')))
  },
}

interface GenAiClient {
  readonly models: { generateContent(request: object): Promise<unknown> }
}

export const genai: Contender = {
  name: '@google/genai',
  from: '@google/genai',
  note: 'retryOptions: {}; without it nothing is retried',
  dialect: 'gemini',
  async create({ baseUrl, attemptTimeoutMs, network }) {
    const { GoogleGenAI } = await peer<{ readonly GoogleGenAI: new (options: object) => GenAiClient }>('@google/genai')
    // It takes no fetch of one's own.
    if (network.kind === 'memory') globalThis.fetch = network.fetch
    const client = new GoogleGenAI({ apiKey: 'k', httpOptions: { baseUrl, timeout: attemptTimeoutMs, retryOptions: {} } })
    return ({ signal }) => client.models.generateContent({ model: 'm', contents: 'hi', config: { abortSignal: signal } })
  },
}

interface Dynamo {
  readonly DynamoDBClient: new (options: object) => { send(command: object, options: object): Promise<unknown> }
  readonly GetItemCommand: new (input: object) => object
  readonly PutItemCommand: new (input: object) => object
}

interface SmithyRequest {
  readonly method: string
  readonly path: string
  readonly headers: { readonly [name: string]: string }
}

export const aws: Contender = {
  name: 'AWS SDK',
  from: '@aws-sdk/client-dynamodb',
  note: 'DynamoDB: GetItem, PutItem',
  dialect: 'aws',
  async create(world) {
    const { DynamoDBClient, GetItemCommand, PutItemCommand } = await peer<Dynamo>('@aws-sdk/client-dynamodb')
    const send = sendWithin(world, () => Object.assign(new Error('the request took too long'), { name: 'TimeoutError' }))
    const memoryHandler = {
      async handle({ method, path, headers }: SmithyRequest, { abortSignal }: { readonly abortSignal?: AbortSignal } = {}): Promise<unknown> {
        const answer = await send({ method, path, headers }, abortSignal)
        return { response: { statusCode: answer.status, headers: answer.headers, body: Uint8Array.from(Buffer.from(answer.body)) } }
      },
      destroy() {},
      metadata: { handlerProtocol: 'http/1.1' },
    }
    const client = new DynamoDBClient({
      region: 'eu-north-1',
      endpoint: world.baseUrl,
      credentials: { accessKeyId: 'a', secretAccessKey: 's' },
      requestHandler: world.network.kind === 'memory' ? memoryHandler : { requestTimeout: world.attemptTimeoutMs, throwOnRequestTimeout: true },
    })
    const key = { id: { S: '1' } }
    return ({ kind, signal }) =>
      client.send(kind === 'read' ? new GetItemCommand({ TableName: 't', Key: key }) : new PutItemCommand({ TableName: 't', Item: key }), signal === undefined ? {} : { abortSignal: signal })
  },
}
