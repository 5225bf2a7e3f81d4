import { readFileSync, readdirSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import type { AnySchemaObject } from 'ajv/dist/2020.js'
import { expect, test } from 'vitest'
import { script, videoBody } from '../test/world.ts'
import { parseEndpointRequest } from './endpoint-request.ts'
import { parseVideoRequest } from './video-request.ts'

const folder = new URL('../schemas/', import.meta.url)
const short = { avatar_id: 81, voice_id: 'v', script, aspect_ratio: 'square', screen_style: 3 }
const endpoint = { url: 'https://example.com/hook', events: ['generated_avatar_video_success'] }

interface Bodies {
  readonly service: (body: string) => boolean
  readonly good: readonly unknown[]
  readonly bad: readonly unknown[]
  /** What no schema can say: fields that exclude each other. */
  readonly beyond: readonly unknown[]
}

const bodies: { readonly [schema: string]: Bodies } = {
  'create-video-from-avatar.json': {
    service: (body) => parseVideoRequest(body).ok,
    good: [
      videoBody(),
      videoBody({ caption: false, webhook_url: 'https://example.com/', video_name: 'Mine' }),
      videoBody({ voice: { type: 'audio', audio_url: 'https://example.com/a.wav' } }),
      videoBody({ avatar: { avatar_id: 9001, avatar_type: 1 } }),
      short,
      { ...short, avatar_id: undefined, avatar: { avatar_id: 81 } },
    ],
    bad: [
      {},
      [],
      null,
      videoBody({ avatar: undefined }),
      videoBody({ avatar: {} }),
      videoBody({ avatar: 81 }),
      videoBody({ avatar: { avatar_id: '81' } }),
      videoBody({ avatar: { avatar_id: 0 } }),
      videoBody({ avatar: { avatar_id: 1.5 } }),
      videoBody({ avatar: { avatar_type: 2, avatar_id: 81 } }),
      videoBody({ voice: undefined }),
      videoBody({ voice: 'Jenny' }),
      videoBody({ voice: { voice_id: 'v' } }),
      videoBody({ voice: { script } }),
      videoBody({ voice: { voice_id: 'v', script: ' \n' } }),
      videoBody({ voice: { voice_id: 'v', script: 'x'.repeat(6001) } }),
      videoBody({ voice: { voice_id: 'v', script, type: 'song' } }),
      videoBody({ voice: { audio_url: '' } }),
      videoBody({ aspect_ratio: undefined }),
      videoBody({ aspect_ratio: 'constructor' }),
      videoBody({ screen_style: '1' }),
      videoBody({ caption: 'yes' }),
      videoBody({ caption: null }),
      videoBody({ webhook_url: 5 }),
      videoBody({ video_name: '' }),
    ],
    beyond: [
      videoBody({ voice: { voice_id: 'v', script, audio_url: 'https://example.com/a.wav' } }),
      videoBody({ voice: { type: 'script', audio_url: 'https://example.com/a.wav' } }),
      videoBody({ voice: { type: 'audio', voice_id: 'v', script } }),
      videoBody({ avatar_id: 127 }),
    ],
  },
  'endpoint.json': {
    service: (body) => parseEndpointRequest(body).ok,
    good: [endpoint, { ...endpoint, status: 'disabled', events: ['generated_avatar_video_failed', 'generated_avatar_video_success'] }],
    bad: [
      {},
      { url: endpoint.url },
      { ...endpoint, url: '' },
      { ...endpoint, url: 5 },
      { ...endpoint, status: 'on' },
      { ...endpoint, events: [] },
      { ...endpoint, events: ['toString'] },
      { ...endpoint, events: [...endpoint.events, ...endpoint.events] },
      { ...endpoint, events: 'generated_avatar_video_success' },
    ],
    beyond: [],
  },
}

function compile(name: string) {
  const schema = JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as AnySchemaObject
  // As the gateway compiles it: a condition may require a field that stands elsewhere in the schema.
  return new Ajv2020({ strict: true, strictTypes: false, strictRequired: false, allErrors: true }).compile(schema)
}

test('each schema is here', () => expect(readdirSync(folder).toSorted()).toEqual(Object.keys(bodies).toSorted()))

test.each(Object.entries(bodies))('%s is valid, and takes and refuses what the service does', (name, { service, good, bad, beyond }) => {
  const accepts = compile(name)
  const judged = (list: readonly unknown[], judge: (body: unknown) => boolean) => list.map((body) => judge(JSON.parse(JSON.stringify(body))))
  const asService = (body: unknown) => service(JSON.stringify(body))
  expect([judged(good, accepts), judged(good, asService)]).toEqual([good.map(() => true), good.map(() => true)])
  expect([judged(bad, accepts), judged(bad, asService)]).toEqual([bad.map(() => false), bad.map(() => false)])
  expect([judged(beyond, accepts), judged(beyond, asService)]).toEqual([beyond.map(() => true), beyond.map(() => false)])
})

test('a field that is missing goes by its own name, as in the documentation: avatar_id is required', () => {
  const accepts = compile('create-video-from-avatar.json')
  accepts({})
  const missing = accepts.errors?.flatMap(({ keyword, instancePath, params }) => (keyword === 'required' ? [`${instancePath}${String(params['missingProperty'])}`] : []))
  expect(missing?.toSorted()).toEqual(['aspect_ratio', 'avatar_id', 'screen_style', 'script', 'voice_id'])
  expect(parseVideoRequest('{}')).toEqual({ ok: false, field: 'avatar_id', issue: 'is required' })
})
