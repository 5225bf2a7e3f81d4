// Imports from the node_modules beside it, for bench/src/overload.
export const load = (name) => import(name)
