import { accessCodes } from './codes/access.ts'
import { budgetCodes } from './codes/budget.ts'
import { catalogueCodes } from './codes/catalogue.ts'
import { documentCodes } from './codes/document.ts'
import { domainCodes } from './codes/domain.ts'
import { privacyCodes } from './codes/privacy.ts'
import { formCodes } from './codes/form.ts'
import { logCodes } from './codes/log.ts'
import { queryCodes } from './codes/query.ts'
import { runCodes } from './codes/run.ts'
import { sourceCodes } from './codes/source.ts'
import { stateCodes } from './codes/state.ts'
import { submissionCodes } from './codes/submission.ts'

/**
 * Every refusal there is: `<room>/<problem>`, never renamed once released. Message: lower case, no full stop, the
 * submitter's words in backticks, the cause; fix: what would pass. `{name}` is filled from the refusal's parameters.
 * `docs/refusals.md` is generated from here; a test demands a refusing case for each code.
 */
type Entry = {
  readonly status: number
  readonly message: { readonly en: string; readonly zh: string }
  readonly fix: { readonly en: string; readonly zh: string }
}

export const codes = {
  ...accessCodes,
  ...submissionCodes,
  ...queryCodes,
  ...privacyCodes,
  ...budgetCodes,
  ...runCodes,
  ...documentCodes,
  ...sourceCodes,
  ...catalogueCodes,
  ...formCodes,
  ...domainCodes,
  ...logCodes,
  ...stateCodes,
} as const satisfies Record<string, Entry>
