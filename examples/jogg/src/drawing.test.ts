import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { drawCover, drawVideo } from './drawing.ts'
import { parsePortrait } from './portrait.ts'

function portrait() {
  const parsed = parsePortrait(readFileSync(new URL('../library/assets/amanda.json', import.meta.url), 'utf8'))
  if (parsed === undefined) throw new Error('the asset of Amanda is damaged')
  return parsed
}

const scene = { portrait: portrait(), aspectRatio: 'portrait', screenStyle: 1, lengthSeconds: 7, cues: [] } as const

test('the portrait speaks for the length of the video, and its subtitles come and go', () => {
  const drawing = drawVideo({ ...scene, cues: [{ startMs: 0, endMs: 7000, text: 'Hello' }] })
  expect(drawing).toContain('viewBox="0 0 360 640"')
  expect(drawing).toContain('repeatDur="7s"')
  expect(drawing).toContain('>Hello<set attributeName="opacity" to="1" begin="0ms" dur="7000ms"/></text>')
})

test('each aspect ratio and screen style is a picture of its own', () => {
  const drawings = (['portrait', 'landscape', 'square'] as const).flatMap((aspectRatio) => ([1, 2, 3] as const).map((screenStyle) => drawVideo({ ...scene, aspectRatio, screenStyle })))
  expect(new Set(drawings).size).toBe(9)
})

test('a script is text in the drawing, never markup, and never what XML forbids', () => {
  const drawing = drawVideo({ ...scene, cues: [{ startMs: 0, endMs: 1, text: `<script>"it's" & \u0000\uD800😀` }] })
  expect(drawing).toContain('&lt;script&gt;&quot;it&#39;s&quot; &amp; \uFFFD\uFFFD😀')
})

test('a cover stands still', () => {
  expect(drawCover(scene.portrait)).not.toContain('animate')
})

test.each([
  ['is cut off', '{"background":"#35586c","shapes":[{"d":"M40 2'],
  ['has a colour that is more than one', '{"background":"#35586c\\"/><script>","shapes":[],"mouth":{"x":1,"y":1,"width":1}}'],
  ['has a path that is more than one', '{"background":"#35586c","shapes":[{"d":"M0 0\\"/>","fill":"#000000"}],"mouth":{"x":1,"y":1,"width":1}}'],
  ['has no mouth', '{"background":"#35586c","shapes":[]}'],
  ['is not an object', '[]'],
])('an asset that %s is no portrait', (_, text) => {
  expect(parsePortrait(text)).toBeUndefined()
})
