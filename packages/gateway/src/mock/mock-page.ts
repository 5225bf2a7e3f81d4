/** The page of a mock, for people: every code of the contract, what it means, whether it may be tried again, and the command that provokes it. */
import type { Contract } from 'tollgate/contract'
import type { MockScript } from 'tollgate/testing'
import type { PlayableEntry } from './playable-entry.ts'

/** `host`: as the browser names it, checked to be one. */
export function renderMockPage({ name, declaration: { title, docs } }: Contract, entries: readonly PlayableEntry[], script: MockScript, host: string): string {
  const url = `http://${host}`
  const example = entries.find(({ reason }) => reason === 'rate.limited') ?? entries[0]
  const id = example?.id ?? 'success'
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Mock of ${escaped(title)}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/_mock/page.css">
<script type="module" src="/_mock/page.js"></script>
</head>
<body>
<header>
<h1>${escaped(title)} <span>mock</span></h1>
<p>It plays the contract <code>${escaped(name)}</code>: ${entries.length} refusals, each on demand${docs === undefined ? '' : `, as in <a href="${escaped(docs)}" rel="noreferrer">the API’s own page</a>`}. ${scriptText(script)} What your client does is remembered and graded: <a href="/_mock/report">the report</a>.</p>
</header>
<main>
<dl class="ways">
<div><dt>By a header, at any path</dt><dd><pre><code>${escaped(`curl -i ${url}/v1/things -H 'Tollgate-Mock: ${id}; times=2'`)}</code></pre></dd></div>
<div><dt>By the path</dt><dd><pre><code>${escaped(`curl -i '${url}/_mock/${id}?retryAfterMs=5s'`)}</code></pre></dd></div>
<div><dt>Late, slow, cut, or not at all</dt><dd><pre><code>${escaped(`curl -i '${url}/_mock/success?delay=2s&pause=200ms&cut=20:reset'`)}</code></pre></dd></div>
</dl>
<div class="bar"><span>${entries.length} entries</span><a href="/_mock/entries">The same as JSON</a><input type="search" class="filter scripted" placeholder="Filter" aria-label="Filter by code, status or words" autocomplete="off" spellcheck="false" hidden></div>
${entries.map((entry) => renderEntry(entry, url)).join('')}<p class="none" hidden>Nothing here fits the filter.</p>
</main>
</body>
</html>
`
}

function scriptText({ rules = [] }: MockScript): string {
  return rules.length === 0 ? 'Everything else succeeds.' : `Otherwise it goes by ${rules.length === 1 ? 'the rule' : `the ${rules.length} rules`} of its scenario.`
}

function renderEntry({ id, code, status, sentAs, reason, retry, action, description, remedy, message, path }: PlayableEntry, url: string): string {
  return `<article id="${escaped(id)}">
<h2><span class="status ${kindOf(status)}">${status}</span><code>${escaped(String(code === '' ? id : code))}</code>${code === '' ? '' : `<span class="id">${escaped(id)}</span>`}</h2>
<p>${escaped(description)}</p>
${remedy === undefined ? '' : `<p class="remedy">${escaped(remedy)}</p>\n`}<ul class="rules"><li>retry: ${retry}</li><li>${escaped(action.replaceAll('_', ' '))}</li><li>${reason}</li>${sentAs === status ? '' : `<li>sent as ${sentAs}</li>`}<li>“${escaped(message)}”</li></ul>
<div class="curl"><pre><code>${escaped(`curl -i ${url}${path}`)}</code></pre><button type="button" class="copy scripted" aria-label="Copy the command of ${escaped(id)}" hidden>Copy</button><button type="button" class="scripted" data-path="${escaped(path)}" aria-label="Try ${escaped(id)}" hidden>Try</button></div>
<pre class="answer" tabindex="0" role="region" aria-label="Answer of ${escaped(id)}" hidden></pre>
</article>
`
}

function kindOf(status: number): string {
  return status === 429 ? 'limit' : status < 400 ? 'good' : status < 500 ? 'bad' : 'broken'
}

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
