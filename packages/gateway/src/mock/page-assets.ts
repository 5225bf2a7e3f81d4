/** Style and script of a mock's page. They are files of their own to a browser: its policy takes nothing inline. */

export const pageStyle = `:root {
  --ground: #f6f5f2; --card: #fff; --ink: #1d2430; --soft: #5b6472; --line: #e3e0d9; --code: #f5f3ee; --accent: #c93f14; --on-accent: #fff; --faint: #ece9e2;
  --good: #1a7546; --good-ground: #e0f3e8; --bad: #8a5200; --bad-ground: #fdf0d8; --limit: #6b3fa0; --limit-ground: #efe6fa; --broken: #b3261e; --broken-ground: #fbe4e2;
  --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #14171c; --card: #1c2027; --ink: #e7e9ee; --soft: #9aa3b2; --line: #2c323c; --code: #15191f; --accent: #ff7a4d; --on-accent: #1a0d07; --faint: #262c35;
    --good: #6fd6a0; --good-ground: #143526; --bad: #f2bf6b; --bad-ground: #3a2b10; --limit: #c6a5f2; --limit-ground: #2d2140; --broken: #ff9a92; --broken-ground: #421c1a;
  }
}
* { box-sizing: border-box; margin: 0; }
[hidden] { display: none !important; }
body { background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; padding: 0 24px 80px; }
main, header { max-width: 900px; margin: 0 auto; }
header { padding: 40px 0 20px; }
h1 { font-size: 28px; letter-spacing: -0.02em; line-height: 1.15; }
h1 span { color: var(--soft); font-weight: 400; }
header p { color: var(--soft); margin-top: 12px; max-width: 70ch; }
a { color: inherit; text-decoration-color: var(--line); text-underline-offset: 3px; }
a:hover { text-decoration-color: currentColor; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
code, pre { font-family: var(--mono); font-size: 13px; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; }
button { cursor: pointer; font: inherit; font-size: 14px; font-weight: 600; border: 0; border-radius: 8px; padding: 6px 14px; background: var(--accent); color: var(--on-accent); }
button.copy { background: var(--faint); color: var(--ink); font-weight: 400; }
.ways { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 14px 18px; margin-bottom: 18px; display: grid; gap: 10px; }
.ways dt { font-size: 14px; color: var(--soft); }
.ways dd { margin: 2px 0 0; }
.bar { display: flex; flex-wrap: wrap; gap: 8px 20px; align-items: center; margin-bottom: 14px; font-size: 14px; color: var(--soft); }
.bar input { margin-left: auto; font: inherit; color: inherit; background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 6px 12px; min-width: 0; width: 200px; color: var(--ink); }
.bar input::placeholder { color: var(--soft); opacity: 1; }
article { background: var(--card); border: 1px solid var(--line); border-radius: 12px; margin-bottom: 12px; padding: 14px 18px; }
h2 { display: flex; flex-wrap: wrap; align-items: baseline; gap: 4px 10px; font-size: 16px; }
h2 code { font-size: 14px; font-weight: 600; overflow-wrap: anywhere; }
h2 .id { color: var(--soft); font-weight: 400; font-family: var(--mono); font-size: 13px; overflow-wrap: anywhere; }
.status { font-size: 13px; font-weight: 700; border-radius: 6px; padding: 1px 8px; font-variant-numeric: tabular-nums; }
.good { color: var(--good); background: var(--good-ground); }
.bad { color: var(--bad); background: var(--bad-ground); }
.limit { color: var(--limit); background: var(--limit-ground); }
.broken { color: var(--broken); background: var(--broken-ground); }
article p { margin-top: 6px; font-size: 15px; }
.remedy { color: var(--soft); }
.rules { display: flex; flex-wrap: wrap; gap: 6px; margin-top: 8px; padding: 0; list-style: none; }
.rules li { font-size: 13px; background: var(--faint); border-radius: 6px; padding: 1px 8px; overflow-wrap: anywhere; }
.curl { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; background: var(--code); border: 1px solid var(--line); border-radius: 8px; padding: 8px 10px; margin-top: 10px; }
.curl pre { flex: 1 1 240px; min-width: 0; }
.answer { margin-top: 10px; border-top: 1px solid var(--line); padding-top: 10px; max-height: 360px; overflow: auto; }
.none { color: var(--soft); }
@media (max-width: 560px) {
  body { padding: 0 14px 60px; }
  header { padding-top: 26px; }
  .bar input { width: 100%; margin-left: 0; }
}
`

export const pageScript = `const each = (selector, run) => document.querySelectorAll(selector).forEach(run)

document.addEventListener('click', async ({ target }) => {
  const button = target.closest('button')
  if (button === null) return
  const card = button.closest('article')
  if (button.classList.contains('copy')) {
    await navigator.clipboard.writeText(card.querySelector('.curl code').textContent)
    button.textContent = 'Copied'
    setTimeout(() => (button.textContent = 'Copy'), 1500)
    return
  }
  const panel = card.querySelector('.answer')
  button.disabled = true
  try {
    const answer = await fetch(button.dataset.path, { cache: 'no-store', headers: { 'Tollgate-Mock-Call': 'off' } })
    const head = [...answer.headers].map(([name, value]) => name + ': ' + value).join('\\n')
    panel.textContent = answer.status + ' ' + answer.statusText + '\\n' + head + '\\n\\n' + (await answer.text())
  } catch (error) {
    panel.textContent = 'No answer: ' + error.message
  }
  panel.hidden = false
  button.disabled = false
})

document.querySelector('.filter').addEventListener('input', ({ target }) => {
  const words = target.value.toLowerCase().split(/\\s+/)
  let shown = 0
  each('article', (card) => {
    card.hidden = !words.every((word) => card.textContent.toLowerCase().includes(word))
    if (!card.hidden) shown += 1
  })
  document.querySelector('.none').hidden = shown > 0
})

each('.scripted', (part) => (part.hidden = false))
`
