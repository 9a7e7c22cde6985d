/** The domain's own files: keys and what they lock. Met by whoever operates the domain, never by an analyst. */
export const domainCodes = {
  'domain/key-file-missing': {
    status: 500,
    message: { en: 'there is no key file `{file}`', zh: '密钥文件 `{file}` 不存在' },
    fix: {
      en: 'name the key file of this domain, or create a domain first',
      zh: '请指定本安全域的密钥文件，或先创建安全域',
    },
  },
  'domain/key-file-unsafe': {
    status: 500,
    message: {
      en: 'the key file `{file}` is not a regular file that its owner alone can read',
      zh: '密钥文件 `{file}` 不是仅所有者可读的普通文件',
    },
    fix: {
      en: 'give it to the user that runs Sluice, with mode 0600; links are not followed',
      zh: '请将其所有者设为运行数闸的用户，权限设为 0600；不接受链接',
    },
  },
  'domain/key-file-length': {
    status: 500,
    message: {
      en: 'the key file `{file}` does not have 32 bytes',
      zh: '密钥文件 `{file}` 不是 32 字节',
    },
    fix: { en: 'restore the right file', zh: '请恢复正确的密钥文件' },
  },
  'domain/key-environment': {
    status: 500,
    message: {
      en: 'the variable `{variable}` does not hold a key: 32 bytes in base64',
      zh: '环境变量 `{variable}` 不是有效密钥（32 字节的 base64）',
    },
    fix: {
      en: 'start with the key of this domain in the environment, as its settings say',
      zh: '请按设置要求，在环境变量中提供本安全域的密钥后启动',
    },
  },
  'domain/key-other': {
    status: 500,
    message: {
      en: 'the key in `{variable}` is not the one that wrapped the domain key',
      zh: '`{variable}` 中的密钥并非包裹主密钥所用的密钥',
    },
    fix: {
      en: 'give the right one; after an exchange give the one before in `SLUICE_DOMAIN_KEY_PREVIOUS`, once',
      zh: '请提供正确密钥；更换密钥后，首次启动须在 `SLUICE_DOMAIN_KEY_PREVIOUS` 中提供旧密钥',
    },
  },
  'domain/key-command': {
    status: 500,
    message: {
      en: 'the command `{program}` that keeps the domain key cannot be trusted, failed, or did not answer in time',
      zh: '保管主密钥的命令 `{program}` 不可信、执行失败或超时',
    },
    fix: {
      en: 'make it a regular file that only the system or this user can write, and try `wrap` and `unwrap` by hand',
      zh: '请确保其为仅系统或本用户可写的普通文件，并手动测试 `wrap` 与 `unwrap`',
    },
  },
  'domain/keyring-missing': {
    status: 500,
    message: { en: 'there is no keyring `{file}`', zh: '密钥环 `{file}` 不存在' },
    fix: {
      en: 'restore it, or create a domain in an empty folder',
      zh: '请恢复该文件，或在空目录中创建安全域',
    },
  },
  'domain/keyring-changed': {
    status: 500,
    message: {
      en: 'the keyring `{file}` does not open under the key file: one of them was changed or is of another time',
      zh: '密钥环 `{file}` 无法用密钥文件打开：其中之一被改动或不属于同一时期',
    },
    fix: {
      en: 'restore both from the same moment; a destroyed key does not come back',
      zh: '请恢复同一时刻的两个文件；已销毁的密钥不会恢复',
    },
  },
  'domain/exists': {
    status: 409,
    message: { en: 'there is a file `{file}` already', zh: '文件 `{file}` 已存在' },
    fix: { en: 'create a domain in an empty folder', zh: '请在空目录中创建安全域' },
  },
  'domain/no-home': {
    status: 500,
    message: { en: '`{folder}` is not the home of a domain', zh: '`{folder}` 不是安全域目录' },
    fix: { en: 'create one with `sluice init`', zh: '请用 `sluice init` 创建' },
  },
  'domain/file-changed': {
    status: 500,
    message: {
      en: 'a stored file that `{dataset}` needs is gone, or is not the one whose SHA-256 was recorded',
      zh: '`{dataset}` 所需的一个已存文件缺失，或与存证的 SHA-256 不符',
    },
    fix: {
      en: 'bring the file back from a copy, or publish the dataset again from its source',
      zh: '请从副本恢复该文件，或由来源文件重新发布该数据资源',
    },
  },
  'domain/settings-malformed': {
    status: 500,
    message: {
      en: 'the settings `{file}` are not sound: `{where}`: {problem}',
      zh: '设置文件 `{file}` 有误：`{where}`：{problem}',
    },
    fix: {
      en: 'correct or remove the file; `docs/settings.md` has every name and its bounds',
      zh: '请更正或移除该文件；各项名称与取值范围见 `docs/settings.md`',
    },
  },
  'domain/clock-behind': {
    status: 500,
    message: {
      en: 'the clock stands {seconds} seconds behind the last entry of the log',
      zh: '系统时钟比最后一条存证早 {seconds} 秒',
    },
    fix: {
      en: 'set the clock; where the log is wrong and not the clock, raise `clockBehindMs` in `settings.json`',
      zh: '请校准系统时钟；若时钟无误而存证时间有误，请在 `settings.json` 中调大 `clockBehindMs`',
    },
  },
  'domain/open-to-others': {
    status: 500,
    message: {
      en: 'the folder `{folder}` is open to other users',
      zh: '目录 `{folder}` 对其他用户开放',
    },
    fix: { en: 'give it mode 0700', zh: '请将其权限设为 0700' },
  },
} as const
