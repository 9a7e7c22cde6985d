/**
 * What the documents on public-data operation ask for, by the number under which a test shows it. S0 to S4: the survey of
 * practice, the framework article, Chengdu, Beijing, and the opinion of the two offices with its press conference.
 */
export const requirements: Readonly<Record<string, string>> = {
  'S0-13': '以场景为牵引: what an agreement does not name, tables and columns, is refused',
  'S1-02':
    '自动化采集汇聚: files are taken by themselves, checked, and bad rows set aside with their reasons',
  'S1-12a': '安全脱敏: what is published holds surrogates and desensitized values, and nothing raw',
  'S1-12b': '访问控制: every role at every operation, nothing but what its table says',
  'S1-12f':
    '封存销毁: keys are destroyed, opening is shown to fail, files are gone, a certificate stands in the log',
  'S1-12g': '全程审计: a change anywhere in the log is found, at the entry that was changed',
  'S1-37':
    '数据可用不可见: no row, single value, identifier or statistic of the engine is answered',
  'S1-48d': '原始数据的加密: nothing of the raw data is found in any file at rest',
  'S1-53':
    '工商、司法、税务、社保、公积金、不动产: every table that the domain is described with is generated',
  'S2-02':
    '保障国家秘密、国家安全、公共利益、商业秘密、个人隐私和数据安全: six tags of columns, the levels they demand, and no state secret comes in',
  'S2-08e': 'data come as often as they should, and one sees which do not 及时更新',
  'S2-08f': '终止授权: with an agreement the keys of its tokens end, and its tokens open nothing',
  'S2-15': '标准不统一: one enterprise in several spellings is one enterprise',
  'S2-19': '出口集中统一: whoever computes has no way out of its own',
  'S4-02':
    '一数一源: where two departments contradict each other, the one that answers for a column is believed',
  'S4-03': '完整性、准确性、及时性、机器可读性: quality of each delivery in four figures',
  'S4-04': '分类分级授权: a question above the level of its agreement is refused',
  'S4-14d':
    '数据汇聚关联风险: pairs and sets of questions tell no more of one entity than was spent on it',
  'S4-14e':
    '严格管控原始公共数据直接进入市场: what was not protected is not released, nor other bytes than were',
  'S4-18': '数据加密: a domain under SM2, SM3 and SM4',
  'S4-23b': '原始数据不出域: a question for rows is refused',
}
