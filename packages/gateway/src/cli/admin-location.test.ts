import { expect, it } from 'vitest'
import { locateAdmin, type LocationOptions } from './admin-location.ts'

const locate = (options: LocationOptions, env: { readonly [name: string]: string } = {}) => locateAdmin({ token: 'token-0123456789', ...options }, { env, cwd: '/there/is/no/such/folder' })

it('is where the flag says, otherwise the environment, otherwise on this machine', () => {
  const env = { TOLLGATE_ADMIN: 'http://10.0.0.1:9090/' }
  expect([locate({ admin: 'https://gateway.example/admin//' }, env), locate({}, env), locate({})].map(({ url }) => url)).toEqual(['https://gateway.example/admin', 'http://10.0.0.1:9090', 'http://127.0.0.1:9090'])
})

it.each<[LocationOptions, { readonly [name: string]: string }, string]>([
  [{ admin: 'localhost:9090' }, {}, '--admin: "localhost:9090" must be a URL such as http://127.0.0.1:9090'],
  [{ admin: 'ops:hush@gateway' }, {}, '--admin: "(secret)@gateway" must be a URL such as http://127.0.0.1:9090'],
  [{}, { TOLLGATE_ADMIN: 'http://ops:hush@gateway' }, 'TOLLGATE_ADMIN: "http://(secret)@gateway" must not hold a user and password'],
  [{ admin: 'http://gateway/?token=hush' }, {}, '--admin: "http://gateway/?(secret)" must not have a query or fragment'],
])('one that cannot be asked is told by where it was said, without its secrets: %j', (options, env, message) => {
  expect(() => locate(options, env)).toThrow(message)
})
