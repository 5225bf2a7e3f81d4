/** What is wrong with the address of another server; undefined if nothing is. */
export function faultOfUrl(text: string, example = 'http://127.0.0.1:9101'): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || (url.protocol !== 'http:' && url.protocol !== 'https:')) return `must be a URL such as ${example}`
  if (url.username !== '' || url.password !== '') return 'must not hold a user and password'
  if (url.search !== '' || url.hash !== '') return 'must not have a query or fragment'
  return undefined
}
