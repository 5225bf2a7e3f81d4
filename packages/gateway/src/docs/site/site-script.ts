/**
 * What a page does by itself: light or dark as was chosen, search, and buttons that copy. One plain script, since one that is a module is not loaded from a disk. Without it all
 * is there but these.
 */
export const siteScript = `'use strict'
{
  const root = document.documentElement
  const base = document.currentScript.src.replace(/assets\\/docs\\.js.*$/, '')
  // A server that has found this page by its folder finds the others so, too; a disk needs the names of files.
  const byName = location.pathname.endsWith('.html')
  const KEPT = 'tollgate-docs-theme'
  const kept = () => {
    try {
      return localStorage.getItem(KEPT)
    } catch {
      return null
    }
  }
  const isDark = () => (root.dataset.theme ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')) === 'dark'
  // Before the first paint.
  if (kept() === 'dark' || kept() === 'light') root.dataset.theme = kept()

  const all = (selector) => document.querySelectorAll(selector)

  function startTheme() {
    const button = document.querySelector('.theme')
    const name = () => {
      button.textContent = isDark() ? 'Light' : 'Dark'
      button.setAttribute('aria-label', isDark() ? 'Light colours' : 'Dark colours')
    }
    button.addEventListener('click', () => {
      root.dataset.theme = isDark() ? 'light' : 'dark'
      try {
        localStorage.setItem(KEPT, root.dataset.theme)
      } catch {}
      name()
    })
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', name)
    name()
  }

  function startCopying() {
    if (navigator.clipboard === undefined) return
    for (const pre of all('article pre')) {
      const button = document.createElement('button')
      button.type = 'button'
      button.className = 'copy'
      button.textContent = 'Copy'
      button.addEventListener('click', async () => {
        const text = pre.querySelector('.body')?.textContent ?? pre.textContent
        try {
          await navigator.clipboard.writeText(text)
          button.textContent = 'Copied'
        } catch {
          button.textContent = 'Not copied'
        }
        setTimeout(() => (button.textContent = 'Copy'), 1500)
      })
      const frame = document.createElement('div')
      frame.className = 'framed'
      pre.replaceWith(frame)
      frame.append(pre, button)
    }
  }

  let loading
  const index = () => (loading ??= new Promise((resolve, reject) => {
    const script = document.createElement('script')
    script.src = base + 'assets/search-index.js'
    script.onload = () => resolve(globalThis.tollgateSearch)
    script.onerror = reject
    document.head.append(script)
  }))

  /** Each word must be found; a title that begins with it goes before one that has it, and that before other words. */
  function scoreOf({ title, summary, words }, asked) {
    const name = title.toLowerCase()
    const spaced = name.replaceAll(/[_-]/g, ' ')
    let score = 0
    for (const word of asked) {
      const own = name === word ? 40 : name.startsWith(word) || spaced.startsWith(word) ? 12 : name.includes(word) || spaced.includes(word) ? 8 : summary.toLowerCase().includes(word) ? 4 : (' ' + words).includes(' ' + word) ? 3 : words.includes(word) ? 1 : 0
      if (own === 0) return 0
      score += own
    }
    return score
  }

  const hrefOf = (address) => {
    const [path, section] = address.split('#')
    return base + (path === '' ? '' : path + '/') + (byName ? 'index.html' : '') + (section === undefined ? '' : '#' + section)
  }

  function startSearch() {
    const input = document.getElementById('search')
    const results = document.getElementById('results')
    const found = document.getElementById('found')
    const close = () => (results.hidden = true)

    async function show() {
      const asked = input.value.toLowerCase().split(/\\s+/).filter((word) => word !== '')
      if (asked.length === 0) {
        found.textContent = ''
        return close()
      }
      const items = await index()
      const ranked = items.map((item, at) => ({ item, at, score: scoreOf(item, asked) })).filter(({ score }) => score > 0)
      const best = ranked.toSorted?.((a, b) => b.score - a.score || a.at - b.at) ?? ranked.sort((a, b) => b.score - a.score || a.at - b.at)
      results.replaceChildren(...best.slice(0, 12).map(({ item }) => {
        const link = document.createElement('a')
        link.href = hrefOf(item.address)
        const [title, summary] = [document.createElement('strong'), document.createElement('span')]
        title.textContent = item.title
        summary.textContent = item.summary
        link.append(title, ' ', summary)
        return link
      }))
      if (best.length === 0) results.textContent = 'Nothing has all these words.'
      found.textContent = best.length === 0 ? 'Nothing found' : best.length + ' found'
      results.hidden = false
    }

    input.addEventListener('focus', () => index().catch(() => undefined))
    input.addEventListener('input', () => show().catch(() => (found.textContent = 'The index did not load')))
    input.addEventListener('keydown', (event) => {
      if (event.key === 'Enter') results.querySelector('a')?.click()
    })
    const search = document.querySelector('.search')
    search.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') {
        close()
        input.value = ''
        input.focus()
      }
      const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
      if (step === 0 || results.hidden) return
      event.preventDefault()
      const stops = [input, ...results.querySelectorAll('a')]
      stops[Math.min(stops.length - 1, Math.max(0, stops.indexOf(document.activeElement) + step))].focus()
    })
    document.addEventListener('click', (event) => {
      if (!search.contains(event.target)) close()
    })
    document.addEventListener('keydown', (event) => {
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || /^(?:INPUT|TEXTAREA)$/.test(event.target.tagName)) return
      event.preventDefault()
      input.focus()
    })
  }

  document.addEventListener('DOMContentLoaded', () => {
    startTheme()
    startCopying()
    startSearch()
    for (const part of all('.scripted')) part.hidden = false
    if (!byName) for (const link of all('a[href*="index.html"]')) link.setAttribute('href', link.getAttribute('href').replace(/index\\.html(?=#|$)/, '') || './')
  })
}
`
