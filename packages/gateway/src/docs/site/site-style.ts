/** The stylesheet: light and dark from one list of colours, which hold a contrast of 4.5 to 1 (WCAG 2.2, 1.4.3) each against whatever it stands on. */

/** Name: light, dark. */
const colours: { readonly [name: string]: readonly [light: string, dark: string] } = {
  ground: ['#ffffff', '#14161a'],
  raised: ['#f7f7f5', '#1b1e24'],
  code: ['#f6f6f3', '#1b1e24'],
  inked: ['#efeeea', '#2a2e36'],
  ink: ['#1c1f26', '#e6e8ec'],
  soft: ['#565d69', '#a3abb8'],
  line: ['#e2e0da', '#2f343d'],
  link: ['#0b57c2', '#8ab8ff'],
  accent: ['#b8390f', '#ff9166'],
  'never-ink': ['#9c1f17', '#ffa49d'], 'never-ground': ['#fdeae8', '#43201d'],
  'wait-ink': ['#0f5f45', '#74d7ae'], 'wait-ground': ['#e0f4ec', '#143328'],
  'backoff-ink': ['#0e5a7d', '#7fcdf0'], 'backoff-ground': ['#e1f2fa', '#12303f'],
  'refresh-ink': ['#5f3a9e', '#cdb2f7'], 'refresh-ground': ['#f0e8fc', '#302244'],
  'refused-ink': ['#7d4a00', '#f0c07a'], 'refused-ground': ['#fdf0db', '#3a2b12'],
  'limit-ink': ['#5f3a9e', '#cdb2f7'], 'limit-ground': ['#f0e8fc', '#302244'],
  'failed-ink': ['#9c1f17', '#ffa49d'], 'failed-ground': ['#fdeae8', '#43201d'],
  'success-ink': ['#0f5f45', '#74d7ae'], 'success-ground': ['#e0f4ec', '#143328'],
  'code-key': ['#0b4f9e', '#93c1ff'],
  'code-string': ['#146442', '#8bd6a8'],
  'code-number': ['#8a3b00', '#f3b27a'],
  'code-word': ['#7a2ea0', '#d9b0f5'],
  'code-quiet': ['#5d636e', '#a0a7b3'],
}

const side = (at: 0 | 1): string => Object.entries(colours).map(([name, pair]) => `--${name}: ${pair[at]};`).join(' ')

/** Lines of JSON on the wire are broken where an empty element stands (`colour-code.ts`): what is copied has no break. */
const breaks = Array.from({ length: 13 }, (_, depth) => `.in${depth}::before { content: "\\A ${'  '.repeat(depth)}"; white-space: pre; }`).join('\n')

const badges = ['never', 'wait', 'backoff', 'refresh', 'refused', 'limit', 'failed', 'success'].map((tone) => `.badge.${tone} { color: var(--${tone}-ink); background: var(--${tone}-ground); }`).join('\n')

export const siteStyle = `:root { color-scheme: light; ${side(0)}
  --mono: ui-monospace, "SF Mono", SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
@media (prefers-color-scheme: dark) { :root:not([data-theme="light"]) { color-scheme: dark; ${side(1)} } }
:root[data-theme="dark"] { color-scheme: dark; ${side(1)} }
*, ::before, ::after { box-sizing: border-box; }
[hidden] { display: none !important; }
html { scroll-padding-top: 76px; -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.6 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif; }
a { color: var(--link); text-decoration: underline; text-decoration-thickness: 1px; text-underline-offset: 3px; text-decoration-color: color-mix(in srgb, currentColor 40%, transparent); }
a:hover { text-decoration-color: currentColor; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 3px; }
main:focus { outline: none; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; margin: 0; }
.skip { position: absolute; left: 12px; top: -60px; z-index: 20; background: var(--ground); padding: 8px 14px; border: 1px solid var(--line); border-radius: 8px; }
.skip:focus { top: 10px; }

/* The bar */
header { position: sticky; top: 0; z-index: 10; display: flex; align-items: center; gap: 14px; min-height: 60px; padding: 9px 24px; background: var(--ground); border-bottom: 1px solid var(--line); }
.home { font-weight: 650; color: var(--ink); text-decoration: none; letter-spacing: -0.01em; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; min-width: 0; }
.search { position: relative; flex: 0 1 440px; margin-left: auto; min-width: 0; }
.search input { width: 100%; font: inherit; font-size: 15px; color: var(--ink); background: var(--raised); border: 1px solid var(--soft); border-radius: 9px; padding: 8px 40px 8px 12px; min-height: 42px; appearance: none; }
.search input::placeholder { color: var(--soft); opacity: 1; }
.search input::-webkit-search-cancel-button { display: none; }
.search kbd { position: absolute; right: 10px; top: 9px; font: 13px/22px var(--mono); color: var(--soft); background: var(--ground); border: 1px solid var(--line); border-radius: 5px; padding: 0 7px; pointer-events: none; }
.search:focus-within kbd { visibility: hidden; }
#results { position: absolute; right: 0; left: 0; top: calc(100% + 6px); background: var(--ground); border: 1px solid var(--line); border-radius: 12px; box-shadow: 0 12px 34px rgb(0 0 0 / 22%); padding: 6px; max-height: min(70vh, 560px); overflow: auto; font-size: 14px; }
#results a { display: block; padding: 8px 10px; border-radius: 8px; color: var(--ink); text-decoration: none; }
#results a:hover, #results a:focus { background: var(--inked); outline-offset: -2px; }
#results strong { display: block; font-size: 14px; overflow-wrap: anywhere; }
#results span { color: var(--soft); display: -webkit-box; -webkit-line-clamp: 2; -webkit-box-orient: vertical; overflow: hidden; }
header button, header .menu { font: inherit; font-size: 14px; color: var(--ink); background: none; border: 1px solid var(--line); border-radius: 9px; padding: 0 13px; min-height: 42px; cursor: pointer; text-decoration: none; display: inline-flex; align-items: center; }
header button:hover, header .menu:hover { background: var(--raised); }
header .menu { display: none; }

/* Columns */
.columns { display: grid; grid-template-columns: 268px minmax(0, 1fr); max-width: 1440px; margin: 0 auto; }
main { grid-column: 2; grid-row: 1; padding: 34px 44px 60px; min-width: 0; max-width: 60rem; }
nav { font-size: 14px; }
nav h2 { font-size: 12px; font-weight: 650; letter-spacing: 0.04em; text-transform: uppercase; color: var(--soft); margin: 0 0 6px; }
nav ul { list-style: none; margin: 0 0 22px; padding: 0; }
nav a { display: block; color: var(--soft); text-decoration: none; padding: 4px 10px; border-radius: 7px; line-height: 1.45; overflow-wrap: break-word; }
nav a:hover { color: var(--ink); background: var(--raised); }
nav code { font-size: 12.5px; background: none; padding: 0; border: 0; color: inherit; }
.pages { grid-column: 1; grid-row: 1; padding: 30px 14px 40px 24px; position: sticky; top: 60px; max-height: calc(100vh - 60px); overflow-y: auto; border-right: 1px solid var(--line); }
.pages h2 { padding-left: 10px; }
.pages a[aria-current] { color: var(--ink); font-weight: 600; background: var(--inked); }
.pages .which { display: block; font-size: 12.5px; padding-left: 28px; }
.pages .at { font-size: 12px; font-variant-numeric: tabular-nums; margin-right: 4px; }
.sections { display: none; }
@media (min-width: 1340px) {
  .columns { grid-template-columns: 268px minmax(0, 1fr) 220px; }
  .sections { display: block; grid-column: 3; grid-row: 1; position: sticky; top: 60px; max-height: calc(100vh - 60px); overflow-y: auto; padding: 40px 24px 40px 0; }
  .sections h2 { padding-left: 10px; }
  .sections ul { border-left: 1px solid var(--line); }
}

/* Words */
h1 { font-size: 32px; line-height: 1.2; letter-spacing: -0.022em; margin: 0 0 14px; overflow-wrap: break-word; }
h1 code { font-size: 0.82em; }
article h2 { font-size: 22px; line-height: 1.3; letter-spacing: -0.014em; margin: 44px 0 12px; }
article h3 { font-size: 17px; line-height: 1.4; margin: 30px 0 8px; }
article h2:target, article h3:target { text-decoration: underline; text-decoration-color: var(--accent); text-decoration-thickness: 3px; text-underline-offset: 6px; }
.anchor { color: var(--soft); text-decoration: none; font-weight: 400; opacity: 0; margin-left: 4px; }
:is(h2, h3):hover .anchor, .anchor:focus { opacity: 1; }
article p, article ul, article ol, article dl { margin: 0 0 16px; max-width: 46rem; }
article ul, article ol { padding-left: 24px; }
article li { margin: 4px 0; }
article li > p { margin: 0; }
h1 + p { font-size: 18px; line-height: 1.55; }
h1 + p strong { font-weight: 500; }
code { font-family: var(--mono); font-size: 0.875em; background: var(--inked); border-radius: 5px; padding: 1px 5px; overflow-wrap: anywhere; }
a code { color: inherit; }
.badge { display: inline-block; font-size: 13px; line-height: 20px; font-weight: 650; border-radius: 6px; padding: 1px 9px; font-variant-numeric: tabular-nums; white-space: nowrap; }
.badge a { color: inherit; text-decoration: none; }
.badge a:hover { text-decoration: underline; }
a > .badge:hover { text-decoration: underline; }
:is(h1, h2) .badge { font-size: 0.8em; line-height: 1.5; margin-right: 4px; }
${badges}
.note { border: 1px solid var(--line); border-left: 4px solid var(--backoff-ink); border-radius: 8px; background: var(--raised); padding: 12px 16px; }
.note.warning { border-left-color: var(--refused-ink); }
blockquote { margin: 0 0 16px; padding-left: 16px; border-left: 3px solid var(--line); color: var(--soft); }

/* Facts at a glance */
article dl.terms { display: flex; flex-wrap: wrap; gap: 1px; background: var(--line); border: 1px solid var(--line); border-radius: 12px; overflow: hidden; margin: 20px 0 26px; max-width: none; }
.terms > div:first-child { flex-basis: 210px; }
.terms > div { flex: 1 1 150px; background: var(--raised); padding: 11px 16px 13px; }
.terms dt { font-size: 12.5px; color: var(--soft); }
.terms dd { margin: 2px 0 0; font-weight: 550; overflow-wrap: break-word; }
.terms code { background: none; padding: 0; }

/* Tables */
.table { overflow-x: auto; margin: 0 0 20px; border: 1px solid var(--line); border-radius: 10px; }
table { border-collapse: collapse; width: 100%; font-size: 14.5px; line-height: 1.5; }
th, td { text-align: left; vertical-align: top; padding: 9px 14px; border-bottom: 1px solid var(--line); }
tr:last-child > td { border-bottom: 0; }
th { font-size: 13px; font-weight: 600; color: var(--soft); background: var(--raised); white-space: nowrap; }
td { min-width: 68px; }
td:first-child { min-width: 96px; }
td:is([data-column="Code"], [data-column="You see"], [data-column="Where"], [data-column="Member"]) { min-width: 160px; }
td code { overflow-wrap: break-word; }
td:is([data-column="It means"], [data-column="It is this"], [data-column="Do this"], [data-column="Cure"], [data-column="It says"], [data-column="What it says"]) { min-width: 150px; }
td:is([data-column="Who acts"], [data-column="Status"]) { white-space: nowrap; }
#situations + ul { columns: 2 300px; max-width: none; }
#situations + ul li { margin: 0 0 8px; break-inside: avoid; }

/* Code */
figure { margin: 0 0 20px; }
figcaption { font-size: 13px; font-weight: 600; color: var(--soft); margin: 0 0 6px; }
.framed { position: relative; margin: 0 0 20px; }
figure .framed { margin: 0; }
pre { margin: 0; background: var(--code); border: 1px solid var(--line); border-radius: 10px; padding: 14px 16px; font: 13.5px/1.6 var(--mono); overflow-x: auto; tab-size: 2; }
pre code { font-size: inherit; background: none; padding: 0; overflow-wrap: normal; }
pre.http, pre.http code { white-space: pre-wrap; overflow-wrap: anywhere; }
.copy { position: absolute; right: 8px; top: 8px; font: 12.5px/1 system-ui, sans-serif; color: var(--soft); background: var(--ground); border: 1px solid var(--line); border-radius: 7px; padding: 7px 10px; min-height: 28px; cursor: pointer; opacity: 0; }
.framed:hover .copy, .copy:focus { opacity: 1; }
.copy:hover { color: var(--ink); }
@media (hover: none) { .copy { opacity: 1; } }
.gap::before { content: " "; }
${breaks}
.hljs-attr, .hljs-attribute, .hljs-property, .hljs-title, .hljs-section { color: var(--code-key); }
.hljs-string, .hljs-regexp, .hljs-subst .hljs-string { color: var(--code-string); }
.hljs-number, .hljs-literal, .hljs-variable, .hljs-params .hljs-built_in { color: var(--code-number); }
.hljs-keyword, .hljs-built_in, .hljs-type, .hljs-symbol { color: var(--code-word); }
.hljs-comment, .hljs-meta, .hljs-doctag { color: var(--code-quiet); }
pre.http .hljs-meta { color: var(--accent); font-weight: 650; }

footer { margin-top: 56px; padding-top: 18px; border-top: 1px solid var(--line); font-size: 13.5px; color: var(--soft); }
footer p { margin: 0 0 6px; }

/* Phones and narrow windows: pages below the page, tables as cards */
@media (max-width: 900px) {
  .columns { display: block; }
  header { flex-wrap: wrap; gap: 8px 10px; padding: 8px 16px; }
  .home { flex: 1 1 0; }
  .search { order: 3; flex: 1 1 100%; }
  .search kbd { display: none; }
  .search input { padding-right: 12px; font-size: 16px; }
  header .menu { display: inline-flex; }
  html { scroll-padding-top: 126px; }
  main { padding: 22px 16px 30px; }
  .pages { position: static; max-height: none; border-right: 0; border-top: 1px solid var(--line); padding: 24px 16px 60px; background: var(--raised); }
  .pages a { padding: 9px 10px; }
  .pages a:hover { background: var(--inked); }
}
@media (max-width: 640px) {
  h1 { font-size: 26px; }
  article h2 { font-size: 20px; margin-top: 36px; }
  .terms > div { flex-basis: 132px; padding: 9px 12px 11px; }
  pre { font-size: 12.5px; padding: 12px; }
  .table { border: 0; overflow: visible; }
  table, tbody, tr { display: block; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  tr { border: 1px solid var(--line); border-radius: 10px; padding: 4px 14px; margin-bottom: 10px; }
  td, td:is([data-column]) { min-width: 0; }
  td { display: grid; grid-template-columns: 92px minmax(0, 1fr); gap: 12px; border: 0; padding: 4px 0; }
  td:empty { display: none; }
  td::before { content: attr(data-column); font-size: 12.5px; color: var(--soft); line-height: 22px; }
  td:is([data-column="Who acts"], [data-column="Status"]) { white-space: normal; }
}
@media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }
@media print { header, nav, .copy, .skip { display: none !important; } .columns { display: block; } }
`
