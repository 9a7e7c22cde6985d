import * as z from 'zod'
import { digestSchema, nameSchema } from '../../policies/name.ts'
import { evidenceSchema } from '../../policies/output/evidence.ts'
import { planSchema } from '../../policies/query/plan.ts'
import { dataTypeSchema } from '../../policies/relation/type.ts'
import { cellSchema } from '../../policies/result.ts'

/** Asks whether a runner is up: the time of a run begins then. */
export const helloSchema = z.strictObject({ ask: z.literal('hello') })

/** What the keeper asks of a runner, once: run a plan over these published files and protect it. */
export const runnerRequestSchema = z.strictObject({
  plan: planSchema,
  files: z
    .array(
      z.strictObject({
        dataset: nameSchema,
        path: z.string().min(1).max(4096),
        key: z.instanceof(Uint8Array).refine((key) => key.length === 32),
        sha256: digestSchema,
      }),
    )
    .max(64),
  threads: z.int().min(1).max(256),
  memoryMb: z.int().min(64),
  /** Each statement is interrupted then; the keeper kills two seconds later. */
  timeoutMs: z.int().min(1),
})
export type RunnerRequest = z.infer<typeof runnerRequestSchema>

const protectedTableSchema = z.strictObject({
  columns: z.array(z.strictObject({ type: dataTypeSchema, figure: z.boolean() })),
  rows: z.array(z.array(cellSchema)),
})

/** For the operator, never for the author: how a run went. */
const factsSchema = z.strictObject({
  openMs: z.number(),
  stages: z.array(z.strictObject({ runMs: z.number(), protectMs: z.number(), groups: z.int() })),
  peakMb: z.number(),
})
export type RunFacts = z.infer<typeof factsSchema>

export const runnerAnswerSchema = z.discriminatedUnion('answer', [
  z.strictObject({
    answer: z.literal('tables'),
    tables: z.array(protectedTableSchema),
    /** At the people door, for the assigned reviewers and nobody else. */
    evidence: evidenceSchema.nullable(),
    facts: factsSchema,
  }),
  /** To its author every failure looks like every other; the fault is for the operator. */
  z.strictObject({
    answer: z.literal('failure'),
    fault: z.enum(['time', 'memory', 'file', 'engine']),
  }),
])
export type RunnerAnswer = z.infer<typeof runnerAnswerSchema>
