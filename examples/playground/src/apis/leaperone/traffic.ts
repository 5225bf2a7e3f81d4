/** An ordinary day of LEAPERone: chats, now and then an image or a recording, and each way to be refused. */
import type { TrafficItem } from '../../api.ts'
import { chat, get, order, tone, transcribe } from './requests.ts'
import { leaperoneKeys } from './samples.ts'

const { valid, colleague } = leaperoneKeys

const questions = [
  'Why is the sea so loud at night?',
  'Explain the harbour to a child',
  'What does a garden do in winter?',
  'Describe the last train home',
  'Write something short about the city',
]

export const leaperoneTraffic: readonly TrafficItem[] = [
  ...questions.map((question) => ({ kind: 'request' as const, weight: 8, request: chat(valid, question) })),
  ...questions.map((question) => ({ kind: 'request' as const, weight: 6, request: chat(colleague, question, { model: 'gpt-5-mini', stream: true }) })),
  { kind: 'request', weight: 3, request: order(colleague, 'A harbour before the rain', { number: 2 }) },
  { kind: 'request', weight: 5, request: transcribe(colleague, tone(1_600)) },
  { kind: 'request', weight: 6, request: get(colleague, '/v1/cli/credits/balance') },
  { kind: 'recipe', weight: 4, recipe: 'models' },
  ...[
    'malformed-json', 'max-tokens-too-high', 'private-callback', 'not-a-recording', 'missing-messages', 'unknown-model', 'missing-key', 'wrong-scheme', 'unknown-key',
    'revoked-key', 'expired-key', 'suspended-account', 'not-in-plan', 'unknown-path', 'wrong-method', 'unknown-task', 'foreign-expired-task', 'expired-task',
    'damaged-record', 'model-fails', 'model-fails-mid-stream', 'chat-limit', 'image-limit', 'key-limit',
  ].map((recipe) => ({ kind: 'recipe' as const, weight: 1, recipe })),
  ...['chat-beyond-balance', 'image-beyond-balance'].map((recipe) => ({ kind: 'recipe' as const, weight: 2, recipe })),
]
