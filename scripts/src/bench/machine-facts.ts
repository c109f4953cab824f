import { arch, cpus, platform, release, totalmem } from 'node:os'

/** What a figure depends on besides the code. */
export function machineFacts() {
  const processors = cpus()
  return {
    cpu: processors[0]?.model ?? 'unknown',
    cores: processors.length,
    memory_gib: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${release()} ${arch()}`,
    node: process.version,
  }
}
