/** Pictures that were made, for whoever has their address. The oldest make room for new ones. */
const IMAGES_MAX = 200

export interface Images {
  keep(id: string, png: Buffer): void
  find(id: string): Buffer | undefined
}

export function createImages(): Images {
  const kept = new Map<string, Buffer>()
  return {
    keep(id, png) {
      kept.set(id, png)
      const [oldest] = kept.keys()
      if (kept.size > IMAGES_MAX && oldest !== undefined) kept.delete(oldest)
    },
    find: (id) => kept.get(id),
  }
}
