/** A mock behind the handlers of MSW (https://mswjs.io), which it need not be installed for: their shape is enough. */
import type { Mock } from './create-mock.ts'

/** As much of MSW's `http` as is used. */
export interface MswHttp<Handler> {
  all(path: string, resolver: (info: { readonly request: Request }) => Promise<never>): Handler
}

/**
 * Handlers by which the mock answers what is asked at `baseUrl`, in Node and in the browser's service worker: `setupServer(...mswHandlers(mock, http, 'https://api.example.com'))`.
 * A dropped connection is a network error there.
 *
 * @example
 * function handlers(mock: Mock, http: MswHttp<object>): readonly object[] {
 *   return mswHandlers(mock, http, 'https://api.example.com')
 * }
 */
export function mswHandlers<Handler>({ fetch }: Pick<Mock, 'fetch'>, http: MswHttp<Handler>, baseUrl: string): readonly Handler[] {
  const resolve = async ({ request }: { readonly request: Request }): Promise<Response> => {
    try {
      return await fetch(request)
    } catch {
      return Response.error()
    }
  }
  return [http.all(`${baseUrl.replace(/\/+$/, '')}/*`, resolve as (info: { readonly request: Request }) => Promise<never>)]
}
