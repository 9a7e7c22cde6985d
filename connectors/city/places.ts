/**
 * The districts and industries of 云州市, which does not exist. GB/T 2260 assigns no region that begins with 89, so no
 * generated code is a company's and no generated number is a person's.
 */
const districtNames = [
  '云东区',
  '云西区',
  '临江区',
  '高新区',
  '湖滨区',
  '港城区',
  '北山区',
  '南桥区',
  '青阳区',
  '白塔区',
  '新安区',
  '龙泉区',
  '石门区',
  '松林县',
  '平川县',
  '望海县',
]

/** Sizes fall as a power of the rank (Zipf, exponent 0.6). */
export const districts = districtNames.map((name, position) => ({
  code: `8901${String(position + 1).padStart(2, '0')}`,
  name,
  weight: 1 / (position + 1) ** 0.6,
}))

/**
 * Sections of GB/T 4754-2017 with their share in a city of services, in percent, some of their classes, what companies
 * of them are called, and how much more or less they sell a head (natural logarithm). Weight 0: planted ones only.
 */
export const sections = [
  {
    code: 'F',
    name: '批发和零售业',
    weight: 31,
    classes: ['F5191', 'F5211', 'F5294'],
    trade: '商贸',
    sales: 0.5,
  },
  {
    code: 'L',
    name: '租赁和商务服务业',
    weight: 17,
    classes: ['L7212', 'L7251', 'L7299'],
    trade: '商务服务',
    sales: 0,
  },
  {
    code: 'M',
    name: '科学研究和技术服务业',
    weight: 16,
    classes: ['M7310', 'M7519', 'M7590'],
    trade: '科技',
    sales: 0.1,
  },
  {
    code: 'I',
    name: '信息传输、软件和信息技术服务业',
    weight: 9,
    classes: ['I6513', 'I6540', 'I6490'],
    trade: '软件',
    sales: 0.3,
  },
  {
    code: 'C',
    name: '制造业',
    weight: 7,
    classes: ['C3011', 'C3484', 'C1789'],
    trade: '制造',
    sales: 0.4,
  },
  {
    code: 'E',
    name: '建筑业',
    weight: 6,
    classes: ['E4710', 'E4921', 'E5012'],
    trade: '建筑工程',
    sales: 0.3,
  },
  {
    code: 'H',
    name: '住宿和餐饮业',
    weight: 4,
    classes: ['H6110', 'H6210', 'H6291'],
    trade: '餐饮',
    sales: -0.5,
  },
  {
    code: 'O',
    name: '居民服务、修理和其他服务业',
    weight: 3.5,
    classes: ['O8010', 'O8111', 'O8290'],
    trade: '生活服务',
    sales: -0.5,
  },
  {
    code: 'R',
    name: '文化、体育和娱乐业',
    weight: 2.5,
    classes: ['R8770', 'R8890', 'R9011'],
    trade: '文化传媒',
    sales: -0.2,
  },
  {
    code: 'G',
    name: '交通运输、仓储和邮政业',
    weight: 2,
    classes: ['G5431', 'G5990', 'G6010'],
    trade: '物流',
    sales: 0.2,
  },
  {
    code: 'K',
    name: '房地产业',
    weight: 1.5,
    classes: ['K7010', 'K7020', 'K7040'],
    trade: '置业',
    sales: 0.6,
  },
  {
    code: 'P',
    name: '教育',
    weight: 0.5,
    classes: ['P8391', 'P8399', 'P8320'],
    trade: '教育咨询',
    sales: -0.4,
  },
  {
    code: 'A',
    name: '农、林、牧、渔业',
    weight: 0,
    classes: ['A0141'],
    trade: '农业',
    sales: -0.3,
  },
  { code: 'B', name: '采矿业', weight: 0, classes: ['B1011'], trade: '矿业', sales: 0.5 },
  {
    code: 'D',
    name: '电力、热力、燃气及水生产和供应业',
    weight: 0,
    classes: ['D4430'],
    trade: '能源',
    sales: 0.7,
  },
  { code: 'J', name: '金融业', weight: 0, classes: ['J6760'], trade: '金融信息', sales: 0.6 },
] as const
