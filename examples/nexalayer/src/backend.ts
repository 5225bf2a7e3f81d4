/** The backend that owns the addresses. It is another system: it may refuse, fail, answer nonsense, or not answer at all. */

export type BackendCommand =
  /** Asks for addresses under an order number of ours. The answer only says that the order was taken: allocation follows. */
  | { readonly do: 'order'; readonly order: string; readonly country: string | null; readonly addresses: number; readonly rotating: boolean }
  /** How an order stands. 404: there is no such order. */
  | { readonly do: 'look'; readonly order: string }
  /** Another address for a rotating order. */
  | { readonly do: 'rotate'; readonly order: string }
  /** Gives the addresses back. */
  | { readonly do: 'release'; readonly order: string }

export interface BackendAnswer {
  readonly status: number
  readonly body: string
}

export interface Backend {
  /** Rejects when the connection is refused or lost. May never settle. */
  send(command: BackendCommand): Promise<BackendAnswer>
}
