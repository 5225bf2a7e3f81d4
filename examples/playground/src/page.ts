/** The playground for people: every code of every API with a button that provokes it. */
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
<p>A gateway stands in front of a small real API. Each call below meets a real key, counter or fault, and is answered through the API’s own contract.</p>
<nav><a href="/playground">The same as JSON</a><span>Admin API <code>${adminUrl}</code>, its token is in the terminal</span></nav>
</header>
<main>
${apis.map(renderApi)}
</main>
<script>${raw(assets.script)}</script>
</body>
</html>
`.text
}

function renderApi(api: DescribedApi): Html {
  return html`<section class="api">
<div class="about"><h2>${api.title}</h2><p>${api.about}</p>${api.docs !== undefined && html`<a href="${api.docs}" rel="noreferrer">The original page</a>`}</div>
${groupByCode(api.recipes).map(renderGroup)}
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

function nameOf(expect: Expectation): string {
  return expect.outcome === 'success' ? 'success' : String(expect.code)
}

function renderGroup(recipes: readonly DescribedRecipe[]): Html {
  const [first] = recipes
  if (first === undefined) return html``
  const { expect } = first
  return html`<article class="code">
<h3>${renderStatus(expect.status)}<span class="name">${nameOf(expect)}</span>${tagsOf(recipes).map((tag) => html`<span class="tag">${tag}</span>`)}</h3>
${recipes.map((recipe) => renderRecipe(recipe, recipe.expect.status === expect.status))}
</article>
`
}

/** What a client and a person may do about it; entries of one code may differ in it. */
function tagsOf(recipes: readonly DescribedRecipe[]): readonly string[] {
  const refusals = recipes.flatMap(({ expect }) => (expect.outcome === 'refusal' ? [expect] : []))
  return [...new Set([...refusals.map(({ retry }) => `retry: ${retry}`), ...refusals.map(({ action }) => action.replaceAll('_', ' '))])]
}

function renderRecipe({ id, title, cause, curl, expect }: DescribedRecipe, usualStatus: boolean): Html {
  return html`<div class="recipe" id="${id}">
<div class="what">
<h4><a href="#${id}">${title}</a>${!usualStatus && renderStatus(expect.status)}</h4>
<p>${cause}</p>
${expect.outcome === 'refusal' && html`<p class="message">${expect.message}</p>`}
</div>
<button type="button" class="run" data-run="${id}">Run</button>
<details><summary>curl</summary><div class="curl"><code>${curl}</code><button type="button" class="copy">Copy</button></div></details>
<div class="answer" aria-live="polite" hidden></div>
</div>
`
}

function renderStatus(status: number): Html {
  const kind = status === 429 ? 'limit' : status < 400 ? 'good' : status < 500 ? 'bad' : 'broken'
  return html`<span class="status ${kind}">${status}</span>`
}

const GATE =
  '<svg viewBox="0 0 32 32" width="32" height="32" aria-hidden="true"><path class="post" d="M5 29V9h6v20z"/><path class="bar" d="M8 14 29 5.5l1.4 3.6L9.4 17.6z"/><circle class="hinge" cx="8" cy="15" r="2.2"/></svg>'

const ICON = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><path fill="#475569" d="M5 29V9h6v20z"/><path fill="#e2552b" d="M8 14 29 5.5l1.4 3.6L9.4 17.6z"/></svg>',
)}`
