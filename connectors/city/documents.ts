import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Tables of the departments, in the order in which they are registered. The story has the first seven. */
export const storyDatasets = [
  'districts',
  'industries',
  'ent_registry',
  'tax_declaration',
  'tax_rating',
  'si_contribution',
  'court_case',
] as const
const moreDatasets = [
  'ent_shareholder',
  'ent_person',
  'ent_change',
  'ent_abnormal',
  'ent_serious_illegal',
  'ent_annual_report',
  'tax_invoice_month',
  'tax_arrears',
  'tax_violation',
  'hpf_contribution',
  'court_enforcement',
  'dishonest_debtor',
  'consumption_limit',
  'asset_freeze',
  'realestate_right',
  'realestate_mortgage',
  'realestate_seizure',
  'admin_penalty',
] as const
/** Rows of persons, written only when they are asked for. */
export const personDatasets = ['si_person', 'hpf_person'] as const

/** The story's policy, and one for all the other tables. */
export const cityPolicies = [
  'policy-enterprise-credit',
  'records/policy-enterprise-records',
] as const

/** How a bank brings its loans, with tokens in the place of its customers' codes: dataset, policy and agreement. */
export const bankDocuments = [
  'bank/bank_loan_sample',
  'bank/policy-bank-loans',
  'bank/agreement-bank-a-loans',
] as const

export const departmentDatasets = [...storyDatasets, ...moreDatasets] as const
export const cityDatasets = [...departmentDatasets, ...personDatasets] as const
export type CityDataset = (typeof cityDatasets)[number]

/** Panels: an enterprise or a person has a row every month. */
export const panelDatasets: readonly string[] = [
  'tax_declaration',
  'tax_invoice_month',
  'si_contribution',
  'hpf_contribution',
  ...personDatasets,
]

/** The text of one of the city's documents (YAML): `tsc` copies none, so it is read where it stands in the package. */
export const cityDocument = (name: string): string => {
  const folder = join(packageFolder(import.meta.dirname), 'connectors', 'city', 'documents')
  return readFileSync(join(folder, `${name}.yaml`), 'utf8')
}

/** The texts of the story's documents, as an operator would submit them: YAML for `policies/document.ts`. */
export type CityDocuments = {
  readonly datasets: readonly {
    readonly dataset: (typeof storyDatasets)[number]
    readonly text: string
  }[]
  readonly policy: string
  readonly agreement: string
}

export const cityDocuments = (): CityDocuments => ({
  datasets: storyDatasets.map((dataset) => ({ dataset, text: cityDocument(dataset) })),
  policy: cityDocument('policy-enterprise-credit'),
  agreement: cityDocument('agreement-bank-a'),
})

const packageFolder = (from: string): string => {
  if (existsSync(join(from, 'package.json'))) return from
  const above = dirname(from)
  if (above === from) throw new Error('this file stands in no package')
  return packageFolder(above)
}
