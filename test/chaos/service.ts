/** The service behind the program, over sockets: it outlives each crash. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { machineTime } from './time.ts'
import { createWorkshop, type Workshop } from './workshop.ts'

export interface Service extends Omit<Workshop, 'handle'> {
  readonly port: number
}

/** `toReach`: where the address of a call is asked for, as a balancer would have it. Default: where it says. */
export async function createService(toReach: (url: string) => string = (url) => url): Promise<Service> {
  const workshop = createWorkshop({
    ...machineTime,
    async post(url, body) {
      const answer = await fetch(toReach(url), { method: 'POST', body })
      return { body: await answer.text(), status: answer.status, type: answer.headers.get('content-type') ?? '' }
    },
  })
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    request.on('error', () => undefined)
    request.resume()
    request.on('end', () => {
      const headers = Object.fromEntries(Object.entries(request.headers).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])))
      workshop.handle({ path: request.url ?? '', headers }, {
        head: (status, said) => void response.writeHead(status, said),
        write: (text) => void response.write(text),
        end: (text) => void response.end(text),
        reset: () => void response.socket?.resetAndDestroy(),
      })
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    ...workshop,
    port: (server.address() as AddressInfo).port,
    close() {
      workshop.close()
      server.closeAllConnections()
      server.close()
    },
  }
}
