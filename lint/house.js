/** The rules of the house that no other linter knows. `.oxlintrc.json` says where they hold. */

/** A union is told apart by its literal member, and what comes from outside is looked up with `Object.hasOwn`: `in` sees the prototype too. */
const noIn = {
  create: (context) => ({
    BinaryExpression(node) {
      if (node.operator === 'in') context.report({ node, message: 'Tell a union apart by its `kind`; look up what comes from outside with Object.hasOwn.' })
    },
  }),
}

/** `{ ...(x !== undefined && { x }) }`: within, a member may be undefined; at the wire `compact` leaves it out. */
const noConditionalSpread = {
  create: (context) => ({
    ObjectExpression({ properties }) {
      for (const node of properties) {
        if (node.type === 'SpreadElement' && mayBeNothing(node.argument)) context.report({ node, message: 'Let the member be undefined, or leave it out with `compact` where it goes onto the wire.' })
      }
    },
  }),
}

function mayBeNothing(argument) {
  if (argument.type === 'LogicalExpression') return argument.operator === '&&'
  return argument.type === 'ConditionalExpression' && [argument.consequent, argument.alternate].some((branch) => branch.type === 'ObjectExpression' || isUndefined(branch))
}

function isUndefined(node) {
  return node.type === 'Identifier' && node.name === 'undefined'
}

export default { meta: { name: 'house' }, rules: { 'no-in': noIn, 'no-conditional-spread': noConditionalSpread } }
