/** Callers of several gateways: each request goes to one that lives, as a balancer would lead it, and is written down with its name. */
import type { Line } from '../chaos/caller.ts'
import { createHttpLine } from '../chaos/http-line.ts'
import type { Gateway } from './gateway-process.ts'

export function createGatewaysLine(next: () => Gateway): Line {
  const lines = new Map<Gateway, Line>()
  return {
    nowMs: () => Date.now(),
    async ask(request, leaveAfterMs) {
      const gateway = next()
      const line = lines.get(gateway) ?? createHttpLine(gateway.url)
      lines.set(gateway, line)
      return { ...(await line.ask(request, leaveAfterMs)), gateway: gateway.name }
    },
  }
}
