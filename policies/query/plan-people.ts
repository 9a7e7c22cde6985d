import { accepted, refused, type Outcome } from '../outcome.ts'
import { refuse } from '../refusal.ts'
import { peopleStage } from './people-stage.ts'
import type { Plan } from './plan.ts'
import { readsOf, stagesMax } from './plan-noise.ts'
import { planPost } from './post.ts'
import { barriersOf, type Question } from './question.ts'

const figuresMax = 32

/** The plan of a question at the people door: exact figures, what is needed to check them, no cost in noise. */
export const planPeople = (question: Question, digest: string): Outcome<Plan> => {
  const { context } = question
  const post = planPost(question)
  const barriers = barriersOf(question).filter(({ position }) => post.needed.has(position))
  const count = barriers.reduce((sum, { node }) => sum + node.measures.length, 0)
  if (barriers.length > stagesMax)
    return refused(refuse('query/too-many-groupings', { count: barriers.length, max: stagesMax }))
  if (count > figuresMax)
    return refused(refuse('query/too-many-figures', { count, max: figuresMax }))
  const numbers = new Map(barriers.map(({ position }, index) => [position, index]))
  const stages = barriers.map((barrier) => peopleStage(question, barrier, numbers))
  const written = post.write(numbers)
  return accepted({
    door: 'people',
    stages: [...stages, ...written.stages],
    post: written.tree,
    answer: written.answer,
    cost: [],
    reads: readsOf([...stages, ...written.stages], context),
    notes: [{ note: 'exact', params: {} }],
    question: digest,
  })
}
