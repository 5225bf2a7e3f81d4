/** The playground for people: every code of every API with a button that provokes it. Without its script it is one long page to read. */
import { commandParts, linesOf } from './command-parts.ts'
import type { DescribedApi, DescribedRecipe, Description, Expectation } from './description.ts'
import { html, raw } from './html.ts'
import type { Html } from './html.ts'

/** What is inlined into the page, as it stands in the page's folder. */
export interface PageAssets {
  readonly css: string
  readonly script: string
}

export function renderPage(description: Description, assets: PageAssets): string {
  const { apis, adminUrl } = description
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Tollgate playground</title>
<link rel="icon" href="${ICON}">
<style>${raw(assets.css)}</style>
</head>
<body>
<header class="top">
<h1>${raw(GATE)}Tollgate <span>playground</span></h1>
<p>A gateway stands in front of ${apis.length === 1 ? 'a small real API' : `${WORDS[apis.length] ?? apis.length} small real APIs`}. Each call below meets a real key, counter or fault, and is answered through the API’s own contract.</p>
</header>
<div class="frame">
<nav class="side" aria-label="APIs">
${apis.length > 1 && renderTotal(apis)}
<ul>${apis.map(renderTab)}</ul>
<p class="more"><a href="/playground" target="_blank">The same as JSON</a><span>Admin API <code>${adminUrl.replace(/^http:\/\//, '')}</code>, its token is in the terminal</span></p>
</nav>
<main>
${apis.map(renderApi)}
</main>
</div>
<p class="unseen" role="status" id="spoken"></p>
<script type="module">${raw(assets.script)}</script>
</body>
</html>
`.text
}

const WORDS = ['no', 'one', 'two', 'three', 'four', 'five']

function renderTotal(apis: readonly DescribedApi[]): Html {
  const codes = apis.reduce((sum, api) => sum + api.codes.length, 0)
  return html`<div class="total">
<p><b class="figure">${codes} codes</b> <span class="tally">of ${WORDS[apis.length] ?? apis.length} APIs</span></p>
<i class="gauge"><i></i></i>
<button type="button" class="run-all" data-run-all="">Run all ${codes} codes</button>
</div>`
}

function renderTab({ name, title, codes, counts }: DescribedApi): Html {
  return html`<li><a href="#${name}" data-tab="${name}"><b>${title}</b><span class="count">${codes.length} ${counts}</span><i class="gauge"><i></i></i></a></li>`
}

function renderApi(api: DescribedApi): Html {
  const { name, title, about, docs, recipes, codes, counts } = api
  return html`<section class="api" id="${name}" data-api="${name}" aria-labelledby="${name}-title">
<div class="about"><h2 id="${name}-title" tabindex="-1">${title}</h2><p>${about}</p>${docs !== undefined && html`<a href="${docs}" target="_blank" rel="noreferrer">The original page</a>`}</div>
<div class="bar">
<button type="button" class="run-all" data-run-all="${name}">Run all</button>
<p class="tally">${codes.length} ${counts}, ${recipes.length} ways to get them</p>
<input type="search" class="filter" placeholder="Filter" aria-label="Filter ${title} by code, status or words" autocomplete="off" spellcheck="false">
<progress max="${recipes.length}" value="0" aria-label="Calls of ${title} that have run"></progress>
</div>
<details class="accounts" data-accounts="${name}"><summary>Sample accounts</summary><div class="table" tabindex="0" role="region" aria-label="Sample accounts of ${title}"></div></details>
${groupByCode(recipes).map((group) => renderGroup(api, group))}
<p class="none" hidden>Nothing here fits the filter.</p>
</section>
`
}

/** Recipes of one code and status stand together, in the order of their first. */
function groupByCode(recipes: readonly DescribedRecipe[]): readonly (readonly DescribedRecipe[])[] {
  const groups = new Map<string, DescribedRecipe[]>()
  for (const recipe of recipes) {
    const key = nameOf(recipe.expect)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [recipe])
    else group.push(recipe)
  }
  return [...groups.values()]
}

function nameOf({ code, outcome }: Expectation): string {
  return code === undefined ? outcome : String(code)
}

function renderGroup(api: DescribedApi, recipes: readonly DescribedRecipe[]): Html {
  const [first] = recipes
  if (first === undefined) return html``
  const { expect } = first
  return html`<article class="code">
<h3>${renderStatus(expect.status)}<span class="name">${nameOf(expect)}</span>${tagsOf(recipes).map((tag) => html`<span class="tag">${tag}</span>`)}</h3>
${recipes.map((recipe) => renderRecipe(api, recipe, recipe.expect.status === expect.status))}
</article>
`
}

/** What a client and a person may do about it; entries of one code may differ in it. */
function tagsOf(recipes: readonly DescribedRecipe[]): readonly string[] {
  const refusals = recipes.flatMap(({ expect }) => (expect.outcome === 'refusal' ? [expect] : []))
  return [...new Set([...refusals.map(({ retry }) => `retry: ${retry}`), ...refusals.map(({ action }) => action.replaceAll('_', ' '))])]
}

function renderRecipe(api: DescribedApi, { id, title, cause, curl, account, expect }: DescribedRecipe, usualStatus: boolean): Html {
  const place = `${api.name}/${id}`
  return html`<div class="recipe" id="${place}">
<div class="what">
<h4><a href="#${place}">${title}</a>${!usualStatus && renderStatus(expect.status)}${account !== undefined && html`<span class="who" title="Account ${account.id}">${account.name}</span>`}<span class="mark" hidden></span></h4>
<p>${cause}</p>
${expect.outcome === 'refusal' && html`<p class="message">${expect.message}</p>`}
</div>
<button type="button" class="run" data-run="${place}" aria-label="Run: ${title}">Run</button>
<div class="curl"><pre><code>${renderCommand(curl, api)}</code></pre><button type="button" class="copy" aria-label="Copy the command line of: ${title}">Copy</button></div>
<details class="answer" hidden></details>
</div>
`
}

/** A line for each line of the shell, cut between options where it is too long; what the API's successful calls do not have stands out. */
function renderCommand(curl: string, { recipes }: DescribedApi): readonly Html[] {
  const usual = new Set(recipes.flatMap((recipe) => (recipe.expect.outcome === 'success' ? commandParts(recipe.curl) : [])))
  const parts = commandParts(curl)
  const telling = parts.some((part) => !usual.has(part))
  const renderPart = (part: string) => (part.trim() === '' ? part : html`<span class="part${!usual.has(part) && ' telling'}">${breakable(part)}</span>`)
  return linesOf(parts).map((line) => html`<span class="line${telling && ' some'}">${line.map(renderPart)}</span>`)
}

/** An address that is longer than the line ends it at a slash, a body at a comma. */
function breakable(text: string): readonly Html[] {
  return text.split(/(?<=[^/][/,])/).map((piece, index) => html`${index > 0 && raw('<wbr>')}${piece}`)
}

function renderStatus(status: number): Html {
  const kind = status === 429 ? 'limit' : status < 400 ? 'good' : status < 500 ? 'bad' : 'broken'
  return html`<span class="status ${kind}">${status}</span>`
}

const GATE =
  '<svg viewBox="0 0 32 32" width="32" height="32" aria-hidden="true"><path class="post" d="M5 29V9h6v20z"/><path class="bar-arm" d="M8 14 29 5.5l1.4 3.6L9.4 17.6z"/><circle class="hinge" cx="8" cy="15" r="2.2"/></svg>'

const ICON = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><path fill="#475569" d="M5 29V9h6v20z"/><path fill="#e2552b" d="M8 14 29 5.5l1.4 3.6L9.4 17.6z"/></svg>',
)}`
