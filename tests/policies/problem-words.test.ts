import { expect, test } from 'vitest'
import { refuse, wordsOf } from '../../policies/refusal.ts'

test('a problem is told in the language of the reader, with what to do', () => {
  const tabs = refuse('source/invalid-document', {
    where: 'document',
    problem: 'a tab stands where spaces indent',
  })
  expect(wordsOf(tabs, 'en')).toEqual({
    message: 'the document is not valid at `document`: a tab stands where spaces indent',
    fix: 'indent with spaces',
  })
  expect(wordsOf(tabs, 'zh')).toEqual({
    message: '文档在 `document` 处无效：缩进处使用了制表符',
    fix: '请用空格缩进',
  })
})

test('a problem of a newer server is told as it stands', () => {
  const newer = refuse('source/invalid-document', { where: 'a', problem: 'it glows' })
  expect(wordsOf(newer, 'zh')).toEqual({
    message: '文档在 `a` 处无效：it glows',
    fix: '请修正该处',
  })
  expect(wordsOf(newer, 'en').fix).toBe('correct that place')
})

test('what there is not is named in the language of the reader', () => {
  const missing = (thing: string) => refuse('access/not-found', { thing })
  expect(wordsOf(missing('dataset'), 'zh').message).toBe('该对象（数据资源）不存在或不属于您')
  expect(wordsOf(missing('star'), 'zh').message).toBe('该对象（star）不存在或不属于您')
  expect(wordsOf(missing('dataset'), 'en').message).toBe(
    'there is no such dataset, or it is not yours',
  )
})
