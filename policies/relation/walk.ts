import type { Node } from './tree.ts'

/** The node with its inputs renumbered; expressions stay. */
export const moveInputs = (node: Node, move: (input: number) => number): Node => {
  switch (node.op) {
    case 'scan':
    case 'values':
      return node
    case 'join':
      return { ...node, left: move(node.left), right: move(node.right) }
    case 'union':
      return { ...node, inputs: node.inputs.map(move) }
    case 'filter':
    case 'project':
    case 'aggregate':
    case 'window':
    case 'sort':
    case 'limit':
      return { ...node, input: move(node.input) }
  }
}
