import { expect, test } from 'vitest'
import { script, videoBody } from '../test/world.ts'
import { parseVideoRequest } from './video-request.ts'

const parse = (fields: Record<string, unknown>) => parseVideoRequest(JSON.stringify(videoBody(fields)))
const audio = 'https://example.com/a.wav'

test('what is not said has its default', () => {
  expect(parse({ voice: { voice_id: 'v', script } })).toEqual({
    ok: true,
    value: {
      avatar: { own: false, id: 81 },
      speech: { from: 'script', voiceId: 'v', script, field: 'voice.script' },
      look: { aspectRatio: 'portrait', screenStyle: 1, caption: true },
      webhookUrl: null,
      name: null,
    },
  })
})

test('the short form says the same as the groups', () => {
  const grouped = parse({ avatar: { avatar_type: 1, avatar_id: 7 }, voice: { audio_url: audio } })
  const short = parse({ avatar: undefined, avatar_type: 1, avatar_id: 7, voice: undefined, audio_url: audio })
  expect(short).toEqual({ ok: true, value: { ...(grouped.ok && grouped.value), speech: { from: 'audio', audioUrl: audio, field: 'audio_url' } } })
})

test.each([
  [{ voice: { voice_id: 'v', script, audio_url: audio } }, 'voice.audio_url', 'must not be given beside voice.script: choose one of them'],
  [{ audio_url: audio }, 'audio_url', 'must not be given beside voice.script: choose one of them'],
  [{ voice: { type: 'audio', voice_id: 'v', script } }, 'audio_url', 'is required'],
  [{ voice: { type: 'script', audio_url: audio } }, 'voice_id', 'is required'],
  [{ avatar_id: 81 }, 'avatar_id', 'must not be given beside avatar.avatar_id'],
  [{ voice: { voice_id: 'v', script: '  ' } }, 'voice.script', 'must not be blank'],
  [{ aspect_ratio: 'round', screen_style: 9 }, 'aspect_ratio', 'must be one of portrait, landscape, square'],
])('of %j the first field at fault is named: %s %s', (fields, field, issue) => {
  expect(parse(fields)).toEqual({ ok: false, field, issue })
})

test.each([
  ['{"avatar', 'the body must be JSON'],
  ['[]', 'the body must be an object'],
])('of %s the whole body is at fault', (body, issue) => {
  expect(parseVideoRequest(body)).toEqual({ ok: false, issue })
})

test('fields that every object inherits are not given', () => {
  expect(parseVideoRequest('{"__proto__":{"avatar_id":81}}')).toEqual({ ok: false, field: 'avatar_id', issue: 'is required' })
})
