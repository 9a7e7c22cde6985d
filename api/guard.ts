import { nodeProblem } from './runtime.ts'

/** Imported first by every entry: says in words what an older Node would say in a stack trace. */
const problem = nodeProblem({ node: process.versions.node })
if (problem !== undefined) {
  process.stderr.write(`${problem}\n`)
  process.exit(1)
}
