/** What a process can know of the machine it runs on. `glibc` is the C library's version, absent elsewhere. */
export type Runtime = {
  readonly node: string
  readonly platform: string
  readonly glibc: string | undefined
}

const nodeMajorMin = 24

export const thisRuntime = (): Runtime => {
  // Without this the report looks up names of open sockets.
  Object.assign(process.report, { excludeNetwork: true })
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } }
  return {
    node: process.versions.node,
    platform: process.platform,
    glibc: header.glibcVersionRuntime,
  }
}

/** Why this Node cannot run any of Sluice, for people; undefined where it can. */
export const nodeProblem = ({ node }: Pick<Runtime, 'node'>): string | undefined =>
  Number(node.split('.')[0]) >= nodeMajorMin
    ? undefined
    : `Sluice needs Node ${nodeMajorMin}, this is ${node}: run it through npm, which brings its own ` +
      '(npm start, npm run demo, npm run sluice -- ...)'

/** Why this machine cannot serve a domain; undefined where it can. The client's side of the command line runs anywhere. */
export const servingProblem = (runtime: Runtime): string | undefined =>
  runtime.platform === 'linux' && runtime.glibc !== undefined
    ? nodeProblem(runtime)
    : `a domain is served on Linux with glibc, this is ${runtime.platform}` +
      `${runtime.platform === 'linux' ? ' with another C library' : ''}: use the command line here ` +
      'as a client of a domain served elsewhere (SLUICE_URL)'
