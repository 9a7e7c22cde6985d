import { agreementList } from './catalogue.ts'
import type { Group } from './command.ts'
import { sendDocument } from './document.ts'
import { policyGroup } from './policy.ts'

export const operatorGroups: readonly Group[] = [
  policyGroup,
  {
    name: 'agreement',
    en: 'agreements',
    zh: '授权协议',
    leaves: [
      {
        name: 'sign <file>',
        en: 'sign an agreement document',
        zh: '签署授权协议文档',
        run: sendDocument('agreement/sign'),
      },
      agreementList,
    ],
  },
]
