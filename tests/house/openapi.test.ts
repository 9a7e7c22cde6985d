import { expect, test } from 'vitest'
import { openApi } from '../../api/openapi.ts'

test('docs/openapi.json is generated from the table of operations', async () => {
  await expect(`${JSON.stringify(openApi(), null, 1)}\n`).toMatchFileSnapshot(
    '../../docs/openapi.json',
  )
})
