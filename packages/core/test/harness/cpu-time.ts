/**
 * Milliseconds of processor time that this process took since an earlier `process.cpuUsage()`: what a
 * limit on work is held to where test files run side by side and the clock tells of them all.
 */
export function cpuMsSince(earlier: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(earlier)
  return (user + system) / 1000
}
