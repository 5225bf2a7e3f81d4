import { readFileSync, readdirSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import type { AnySchemaObject } from 'ajv/dist/2020.js'
import { expect, test } from 'vitest'
import { parseAnalysisRequest } from './analyse-text.ts'
import { parseImageRequest } from './generate-image.ts'
import { parseTextRequest } from './generate-text.ts'
import { parseWebhookRequest } from './webhooks.ts'

const folder = new URL('../schemas/', import.meta.url)
const text = { prompt: 'Hi', model: 'gpt-4' }
const image = { prompt: 'A house', model: 'dall-e-3' }
const analysis = { text: 'Fine.', tasks: ['sentiment'] }
const webhook = { url: 'https://example.com/hook', events: ['generation.completed'] }

interface Bodies {
  readonly service: (body: string) => { readonly ok: boolean }
  readonly good: readonly unknown[]
  readonly bad: readonly unknown[]
  /** Fields that are required and null: absent, says the service; a schema can only say "wrong type". */
  readonly nulls: readonly unknown[]
}

const bodies: { readonly [schema: string]: Bodies } = {
  'generate.json': {
    service: parseTextRequest,
    good: [text, { ...text, max_tokens: 1, temperature: 0, top_p: 0, frequency_penalty: -2, presence_penalty: 2 }, { ...text, temperature: 2, top_p: 1 }, { ...text, prompt: '🙂'.repeat(32_000) }, { ...text, other: 1 }],
    bad: [
      {},
      [],
      null,
      { prompt: 'Hi' },
      { model: 'gpt-4' },
      { ...text, prompt: 5 },
      { ...text, prompt: '' },
      { ...text, prompt: ' ' },
      { ...text, prompt: 'x'.repeat(32_001) },
      { ...text, model: 'm'.repeat(65) },
      { ...text, max_tokens: 0 },
      { ...text, max_tokens: 1.5 },
      { ...text, max_tokens: '1' },
      { ...text, max_tokens: null },
      { ...text, temperature: -0.1 },
      { ...text, temperature: 2.1 },
      { ...text, temperature: null },
      { ...text, top_p: 1.1 },
      { ...text, frequency_penalty: 3 },
      { ...text, presence_penalty: '0' },
    ],
    nulls: [{ ...text, prompt: null }, { ...text, model: null }],
  },
  'generate-image.json': {
    service: parseImageRequest,
    good: [image, { ...image, size: '1x1', quality: 'hd', style: 'natural' }, { ...image, quality: 'standard', style: 'vivid' }],
    bad: [{}, { ...image, prompt: 'x'.repeat(4001) }, { ...image, size: 1024 }, { ...image, quality: 'toString' }, { ...image, quality: null }, { ...image, style: 'baroque' }],
    nulls: [{ ...image, prompt: null }, { ...image, model: null }],
  },
  'analyze.json': {
    service: parseAnalysisRequest,
    good: [analysis, { ...analysis, tasks: ['language', 'keywords', 'entities', 'sentiment'], language: 'ja' }],
    bad: [{}, { tasks: ['sentiment'] }, { ...analysis, text: 'x'.repeat(20_001) }, { ...analysis, tasks: [] }, { ...analysis, tasks: 'sentiment' }, { ...analysis, tasks: ['sentiment', 'sentiment'] }, { ...analysis, tasks: ['constructor'] }, { ...analysis, language: 'xx' }],
    nulls: [{ ...analysis, text: null }, { ...analysis, tasks: null }],
  },
  'webhook.json': {
    service: parseWebhookRequest,
    good: [webhook, { ...webhook, events: ['file.uploaded', 'generation.failed'] }],
    bad: [{}, { url: webhook.url }, { ...webhook, url: ' ' }, { ...webhook, url: 5 }, { ...webhook, url: 'x'.repeat(2049) }, { ...webhook, events: [] }, { ...webhook, events: ['shipment.created'] }, { ...webhook, events: 'file.uploaded' }],
    nulls: [{ ...webhook, url: null }, { ...webhook, events: null }],
  },
}

test('each schema is here', () => expect(readdirSync(folder).toSorted()).toEqual(Object.keys(bodies).toSorted()))

test.each(Object.entries(bodies))('%s is valid, and takes and refuses what the service does', (name, { service, good, bad, nulls }) => {
  const schema = JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as AnySchemaObject
  const accepts = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false }).compile(schema)
  const judged = (list: readonly unknown[], judge: (body: unknown) => boolean) => list.map((body) => judge(JSON.parse(JSON.stringify(body))))
  const asService = (body: unknown) => service(JSON.stringify(body)).ok
  expect([judged(good, accepts), judged(good, asService)]).toEqual([good.map(() => true), good.map(() => true)])
  expect([judged(bad, accepts), judged(bad, asService)]).toEqual([bad.map(() => false), bad.map(() => false)])
  expect([judged(nulls, accepts), nulls.map((body) => service(JSON.stringify(body)))]).toMatchObject([nulls.map(() => true), nulls.map(() => ({ refusal: { entry: 'missingField' } }))])
})
