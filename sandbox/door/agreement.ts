import * as z from 'zod'
import { columnNameSchema, nameSchema } from '../../policies/name.ts'
import { doorSchema } from '../../policies/submission.ts'
import { amountSchema, documentSchema, empty, storedDocumentSchema } from './field.ts'

/** One line of the ledger: what may be spent in a scope, and what is. `questionsLeft` at the policy's usual rho. */
const ledgerLineSchema = z.strictObject({
  scope: z.enum(['domain', 'dataset', 'organisation', 'agreement']),
  name: z.string(),
  kind: nameSchema,
  limit: amountSchema,
  spent: amountSchema,
  questionsLeft: z.int(),
})

const agreementViewSchema = z.strictObject({
  agreement: nameSchema,
  organisation: nameSchema,
  scenario: z.string(),
  purpose: z.string(),
  policy: nameSchema,
  doors: z.array(doorSchema),
  datasets: z.record(nameSchema, z.array(columnNameSchema)),
  levelMax: z.int().optional(),
  from: z.string(),
  until: z.string(),
  runsLeft: z.int(),
  tokens: z.array(nameSchema).optional(),
  /** Where it makes tokens: how many more. */
  tokensLeft: z.int().optional(),
  ledger: z.array(ledgerLineSchema),
})

export const agreementOperations = {
  'agreement/sign': { input: documentSchema, output: storedDocumentSchema },
  'agreement/list': {
    input: empty,
    output: z.strictObject({ agreements: z.array(agreementViewSchema) }),
  },
} as const
