/** What an extension knows of each server. The one that was asked least recently is forgotten, since addresses may come from outside. */
const ORIGINS_MAX = 100

export function createByOrigin<State>(create: (origin: string) => State): (origin: string) => State {
  const states = new Map<string, State>()
  return (origin) => {
    const state = states.get(origin) ?? create(origin)
    states.delete(origin)
    states.set(origin, state)
    if (states.size > ORIGINS_MAX) {
      const [oldest] = states.keys()
      if (oldest !== undefined) states.delete(oldest)
    }
    return state
  }
}
