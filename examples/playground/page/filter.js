// The filter: of the API in view, the recipes whose code, status or words hold every word that is typed.

document.addEventListener('input', ({ target }) => {
  if (!target.classList.contains('filter')) return
  const words = target.value.toLowerCase().split(/\s+/)
  const section = target.closest('.api')
  for (const group of findAll('.code', section)) {
    const head = find('h3', group).textContent.toLowerCase()
    for (const row of findAll('.recipe', group)) {
      const text = `${head} ${find('.what', row).textContent.toLowerCase()}`
      row.hidden = !words.every((word) => text.includes(word))
    }
    group.hidden = findAll('.recipe', group).every((row) => row.hidden)
  }
  find('.none', section).hidden = findAll('.code', section).some((group) => !group.hidden)
})
