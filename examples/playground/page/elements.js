// What the other scripts of the page build with.

export const find = (selector, within = document) => within.querySelector(selector)
export const findAll = (selector, within = document) => [...within.querySelectorAll(selector)]

export function element(name, className = '', text = '') {
  const made = document.createElement(name)
  made.className = className
  made.textContent = text
  return made
}

/** For those who hear the page. */
export function speak(text) {
  document.getElementById('spoken').textContent = text
}
