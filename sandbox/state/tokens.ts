import * as z from 'zod'
import { nameSchema } from '../../policies/name.ts'
import type { Actor } from '../log/entry.ts'
import type { Writer } from './commit.ts'
import type { Reader } from './database.ts'
import { readRows } from './row.ts'

/** Of an agreement and kind: how many tokens were made, and whether their key is gone. */
const madeSchema = z.strictObject({
  agreement: nameSchema,
  kind: nameSchema,
  made: z.int().min(1),
})
export type MadeTokens = z.infer<typeof madeSchema>

/** How many tokens were made under an agreement, of all kinds together. */
export const tokensMade = (reader: Reader, agreement: string): number =>
  Number(
    reader.get(
      'SELECT coalesce(sum(made), 0) AS made FROM tokens WHERE agreement = ?',
      agreement,
    )?.['made'],
  )

/** What was made and still opens something. */
export const livingTokens = (reader: Reader): readonly MadeTokens[] =>
  readRows(
    madeSchema,
    reader.all(
      'SELECT agreement, kind, made FROM tokens WHERE is_over = 0 ORDER BY agreement, kind',
    ),
  )

/** Whether the key of tokens was destroyed: nothing brings it back. */
export const areOver = (reader: Reader, agreement: string, kind: string): boolean =>
  reader.get('SELECT is_over FROM tokens WHERE agreement = ? AND kind = ?', agreement, kind)?.[
    'is_over'
  ] === 1

type About = Pick<MadeTokens, 'agreement' | 'kind'> & { readonly generation: number }

/** Counts tokens and logs that they were made: how many, never which. Answers the place of the entry. */
export const noteTokens = (
  tx: Writer,
  { agreement, kind, made, generation }: About & Pick<MadeTokens, 'made'>,
  actor: Actor,
): number => {
  tx.run(
    `INSERT INTO tokens (agreement, kind, made, is_over) VALUES (?, ?, ?, 0)
     ON CONFLICT (agreement, kind) DO UPDATE SET made = made + excluded.made`,
    agreement,
    kind,
    made,
  )
  return tx.log({
    actor,
    event: 'token/made',
    subject: { type: 'agreement', id: agreement },
    detail: { kind, made, generation },
  })
}

/** Certifies that the key of tokens is gone. */
export const certifyTokens = (
  tx: Writer,
  { agreement, kind, generation }: About,
  actor: Actor,
): void => {
  tx.run('UPDATE tokens SET is_over = 1 WHERE agreement = ? AND kind = ?', agreement, kind)
  tx.log({
    actor,
    event: 'token/destroyed',
    subject: { type: 'agreement', id: agreement },
    detail: { kind, generation },
  })
}
