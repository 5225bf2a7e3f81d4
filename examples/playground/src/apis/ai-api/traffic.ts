/** An ordinary day of AI-Powered API: texts, images and analyses, and each way to be refused now and then. */
import type { TrafficItem } from '../../api.ts'
import { analyse, get, paint, write } from './requests.ts'
import { aiApiKeys } from './samples.ts'

const { valid, admin, lighthouse } = aiApiKeys

const prompts = ['Why is the sea so loud at night?', 'Explain the harbour to a child', 'What does a garden do in winter?', 'Describe the last train home']

export const aiApiTraffic: readonly TrafficItem[] = [
  ...prompts.map((prompt) => ({ kind: 'request' as const, weight: 12, request: write(valid, prompt) })),
  { kind: 'request', weight: 6, request: write(admin, 'Beschreibe den Hafen im Winter', { model: 'gpt-4', max_tokens: 40 }) },
  { kind: 'request', weight: 4, request: write(lighthouse, 'What is the fog for?') },
  { kind: 'request', weight: 3, request: paint(valid, 'A harbour before the rain', { model: 'stable-diffusion', size: '512x512' }) },
  { kind: 'request', weight: 10, request: analyse(valid, 'Quick delivery, kind people, but the box was broken.') },
  { kind: 'request', weight: 8, request: get(valid, '/v1/models') },
  { kind: 'recipe', weight: 2, recipe: 'upload' },
  ...[
    'missing-key', 'unknown-key', 'expired-key', 'revoked-key', 'upload-with-read-key', 'suspended-account', 'malformed-json', 'missing-model', 'top-p-too-high',
    'unknown-model', 'wrong-file-format', 'file-too-large', 'foreign-file', 'unknown-path', 'wrong-method', 'unknown-model-in-path', 'damaged-voice', 'model-asleep',
    'no-vocabulary', 'garbage', 'maintenance', 'overloaded', 'prompt-too-long', 'temperature-too-high', 'no-tokens', 'unsupported-size', 'unknown-quality',
    'prompt-violation',
  ].map((recipe) => ({ kind: 'recipe' as const, weight: 1, recipe })),
  ...['monthly-quota', 'minute-limit', 'day-limit', 'concurrent'].map((recipe) => ({ kind: 'recipe' as const, weight: 1, recipe })),
]
