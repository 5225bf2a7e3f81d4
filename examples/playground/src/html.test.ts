import { expect, test } from 'vitest'
import { html, raw } from './html.ts'

test('text that is put in cannot become markup', () => {
  expect(html`<p title="${'"\'<&>'}">${'<script>'}</p>`.text).toBe('<p title="&#34;&#39;&#60;&#38;&#62;">&#60;script&#62;</p>')
})

test('markup within markup stays markup, lists are joined, and what is absent leaves nothing', () => {
  expect(html`<ul>${[1, 2].map((n) => html`<li>${n}</li>`)}${undefined}${false}${raw('<hr>')}</ul>`.text).toBe('<ul><li>1</li><li>2</li><hr></ul>')
})
